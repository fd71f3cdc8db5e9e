"""The bill run as it is usually written: a loop over customers, Decimal arithmetic, one price row after the other.

The baseline of ``bill_run.py``. It prices the synthetic mix only (one meter and one set of terms a point, no losses) and
does nothing of what makes a product: no checks, no findings, no explanation. Its inputs are plain dictionaries that are
already in memory.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wandeng.calc.rating.frames import BasicMethod, Book, Kind, Measure
from wandeng.kernel.periods import days_30
from wandeng.kernel.units import UNBOUNDED_CKWH

Row = dict[str, Any]
CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)
PERIODS = {Measure.SHARP: "sharp", Measure.PEAK: "peak", Measure.FLAT: "flat", Measure.VALLEY: "valley"}


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


class DecimalLoop:
    """Prices by structure, ready for a loop over customers."""

    def __init__(self, book: Book) -> None:
        self.rows: dict[int, list[Row]] = {}
        for row in book.prices.to_pylist():
            price = Decimal(row["price_e8"]).scaleb(-8)
            hi = None if row["tier_hi_ckwh"] >= UNBOUNDED_CKWH else Decimal(row["tier_hi_ckwh"]).scaleb(-2)
            ready = row | {"price": price, "lo": Decimal(row["tier_lo_ckwh"]).scaleb(-2), "hi": hi}
            self.rows.setdefault(row["structure_id"], []).append(ready)
        for rows in self.rows.values():
            rows.sort(key=lambda r: (r["item_id"], r["tier"], r["measure"], r["kind"], r["valid_from"]))
        table = book.conventions.power_factor.to_pylist()
        self.rates = {row["pf_hundredths"]: Decimal(row["rate_e8"]).scaleb(-8) for row in table}
        self.factor_version = book.conventions.power_factor_version_id
        self.free_share = Decimal(book.conventions.demand_free_share_e4).scaleb(-4)

    def bill(self, point: Row, term: Row, read: Row) -> list[tuple[Any, ...]]:
        """One customer's lines, in the columns of LINES with quantities and money as integers at the very end."""
        start, end = point["period_from"], point["period_to"]
        days = (end - start).days
        energy = self.energies(read)
        lines: list[tuple[Any, ...]] = []
        base = ZERO
        for row in self.rows[term["structure_id"]]:
            since, until = max(start, row["valid_from"]), min(end, row["valid_to"])
            if since >= until:
                continue
            kind, part_days, price = row["kind"], 0, row["price"]
            if kind in (Kind.CAPACITY, Kind.DEMAND):
                part_days = charged_days(start, end, since, until)
                charged = self.basic(row, term, energy, price)
            elif kind == Kind.POWER_FACTOR:
                if until == end and base:
                    rate = self.rates[power_factor(energy["total"], energy["reactive"])]
                    lines.append((row, start, end, base, rate, 0, rounded(base * rate)))
                continue
            else:
                charged = [(metered(row, point, energy, days, (since - start).days, (until - start).days), price)]
            for quantity, unit_price in charged:
                if not quantity:
                    continue
                amount = quantity * unit_price
                amount = rounded(amount * part_days / 30) if part_days else rounded(amount)
                if row["pf_base"]:
                    base += amount
                lines.append((row, since, until, quantity, unit_price, part_days, amount))
        return [self.line(number, point, *line) for number, line in enumerate(lines, 1)]

    def energies(self, read: Row) -> dict[str, Decimal]:
        energy: dict[str, Decimal] = {}
        for name in ("total", "sharp", "peak", "valley", "reactive"):
            first, last = read[f"{name}_start"], read[f"{name}_end"]
            if last is None:
                energy[name] = ZERO
                continue
            used = last - first if last >= first else last - first + read["modulus_ckwh"]
            energy[name] = Decimal(used) * read["multiplier"] / HUNDRED
        energy["flat"] = energy["total"] - energy["sharp"] - energy["peak"] - energy["valley"]
        if read["demand_e4"] is not None:
            energy["demand"] = rounded(Decimal(read["demand_e4"]) * read["multiplier"] / 10_000)
        return energy

    def basic(self, row: Row, term: Row, energy: dict[str, Decimal], price: Decimal) -> list[tuple[Decimal, Decimal]]:
        if row["kind"] == Kind.CAPACITY:
            by_capacity = term["basic_method"] == BasicMethod.CAPACITY
            return [(Decimal(term["running_capacity_ckva"]) / HUNDRED, price)] if by_capacity else []
        if term["basic_method"] != BasicMethod.CONTRACT_DEMAND:
            return []
        contract = Decimal(term["contract_demand_ckw"]) / HUNDRED
        excess = max(energy["demand"] - rounded(contract * self.free_share), ZERO)
        return [(contract, price), (excess, price * 2)]

    def line(self, number: int, point: Row, row: Row, since: date, until: date, quantity: Decimal, price: Decimal,
             days: int, amount: Decimal) -> tuple[Any, ...]:  # fmt: skip
        is_factor = row["kind"] == Kind.POWER_FACTOR
        version = self.factor_version if is_factor else row["version_id"]
        return (
            point["account_id"], number, point["usage_point_id"], row["item_id"], row["kind"], row["measure"],
            row["tier"], since, until, int(quantity.scaleb(2)), days, int(price.scaleb(8)), int(amount.scaleb(2)),
            version,
        )  # fmt: skip


def metered(row: Row, point: Row, energy: dict[str, Decimal], days: int, since: int, until: int) -> Decimal:
    """Energy of a price row between two days of the period."""
    if row["measure"] != Measure.TOTAL:
        used = energy[PERIODS[row["measure"]]]
        return share(used, until, days) - share(used, since, days)
    by_period = [used for name, used in energy.items() if name in PERIODS.values() and used]
    first = sum((share(used, since, days) for used in by_period), ZERO)
    last = sum((share(used, until, days) for used in by_period), ZERO)
    if not row["tier"]:
        return last - first
    before = Decimal(point["tier_base_ckwh"]) / HUNDRED
    lo = rounded(row["lo"] * point["tier_months"] / 12)
    hi = None if row["hi"] is None else rounded(row["hi"] * point["tier_months"] / 12)
    return within(before + last, lo, hi) - within(before + first, lo, hi)


def share(used: Decimal, passed: int, days: int) -> Decimal:
    return used if passed == days else rounded(used * passed / days)


def within(position: Decimal, lo: Decimal, hi: Decimal | None) -> Decimal:
    above = max(position, lo)
    return above if hi is None else min(above, hi)


def charged_days(start: date, end: date, since: date, until: date) -> int:
    """Part of a 30-day month; 0 for the whole one."""
    next_month = (end.year - start.year) * 12 + end.month - start.month == 1
    clipped = start.day > end.day and (end + timedelta(days=1)).day == 1
    full = 30 if next_month and (start.day == end.day or clipped) else days_30(start, end)

    def passed(day: date) -> int:
        return full if day >= end else min(days_30(start, day), full)

    days = passed(until) - passed(since)
    return 0 if days == 30 else days


def power_factor(active: Decimal, reactive: Decimal) -> int:
    cosine = active / (active * active + reactive * reactive).sqrt()
    return int((cosine * 100).quantize(Decimal(1), ROUND_HALF_UP))
