"""Rows of an explanation from columns: points with their readings and terms, lines with their prices' sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
import pyarrow as pa

from wandeng.calc import usage
from wandeng.calc.rating.frames import REGISTER_NAMES, Book, MonthBasis, Shard
from wandeng.domains.billing import wording
from wandeng.domains.billing.types import LineShown, PointShown, ReadingShown, TermsShown
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import UNBOUNDED_CKWH

Row = Mapping[str, Any]
YEAR_CYCLE = 12


@dataclass(frozen=True, slots=True)
class MeterShown:
    """An installation's meter number, and whether its readings are sums of curves."""

    asset_number: str = ""
    from_curve: bool = False


def points(
    tables: Mapping[str, pa.Table], book: Book, names: Mapping[int, str], meters: Mapping[int, MeterShown]
) -> tuple[PointShown, ...]:
    """The points of one account. ``tables``: points, terms, reads and measured in their contract columns."""
    measured = {row["usage_point_id"]: row for row in tables["measured"].to_pylist()}
    reads = usage.energies(pl.DataFrame(tables["reads"])).to_dicts() if tables["reads"].num_rows else []
    terms = tables["terms"].to_pylist()
    return tuple(
        _point(point, measured[point["usage_point_id"]], reads, terms, book, names, meters)
        for point in tables["points"].to_pylist()
    )


def _point(
    point: Row, found: Row, reads: Sequence[Row], terms: Sequence[Row], book: Book, names: Mapping[int, str],
    meters: Mapping[int, MeterShown],
) -> PointShown:  # fmt: skip
    point_id = point["usage_point_id"]
    own = [row for row in reads if row["usage_point_id"] == point_id or row["deducts_from_point"] == point_id]
    periods = [(name, zh, found[f"{name}_ckwh"]) for name, zh in wording.PERIODS if found[f"{name}_ckwh"]]
    if len(periods) == 1:
        periods = []  # a meter without period registers: all of it is flat, which says nothing
    return PointShown(
        usage_point_id=point_id,
        code=names.get(point_id, str(point_id)),
        period_from=point["period_from"],
        period_to=point["period_to"],
        months=point["months"],
        readings=tuple(reading for row in own for reading in _readings(row, meters)),
        terms=tuple(_terms(row, book) for row in terms if row["usage_point_id"] == point_id),
        read_ckwh=found["read_ckwh"],
        transformer_loss_ckwh=found["transformer_loss_ckwh"],
        line_loss_ckwh=found["line_loss_ckwh"],
        deducted_ckwh=found["deducted_ckwh"],
        total_ckwh=found["total_ckwh"],
        periods=tuple(periods),
        export_ckwh=found["export_ckwh"],
        reactive_ckvarh=found["reactive_ckvarh"],
        demand_ckw=found["demand_ckw"],
        pf_hundredths=found["pf_hundredths"],
        tier_base_ckwh=point["tier_base_ckwh"],
        tier_months=point["tier_months"],
    )


def _readings(row: Row, meters: Mapping[int, MeterShown]) -> list[ReadingShown]:
    """One row a register that was read at both ends."""
    meter = meters.get(row["installation_id"], MeterShown())
    shown = []
    for name in REGISTER_NAMES:
        start, end = row[f"{name}_start"], row[f"{name}_end"]
        if start is None or end is None:
            continue
        unit = "kvarh" if name.startswith("reactive") else "kWh"
        words = (
            wording.curve_arithmetic(end, row["multiplier"], row[name], unit)
            if meter.from_curve
            else wording.reading_arithmetic(start, end, row["modulus_ckwh"], row["multiplier"], row[name], unit)
        )
        shown.append(
            ReadingShown(
                asset_number=meter.asset_number,
                register=name,
                register_zh=wording.REGISTERS_ZH[name],
                from_on=row["from_on"],
                to_on=row["to_on"],
                start_ckwh=start,
                end_ckwh=end,
                multiplier=row["multiplier"],
                rolled_over=end < start,
                estimated=bool(row["estimated"]),
                energy_ckwh=row[name],
                arithmetic=words,
                from_curve=meter.from_curve,
            )
        )
    return shown


def _terms(row: Row, book: Book) -> TermsShown:
    return TermsShown(
        from_on=row["valid_from"],
        to_on=row["valid_to"],
        price_code=book.structures[row["structure_id"]],
        running_capacity_ckva=row["running_capacity_ckva"] or 0,
        contract_demand_ckw=row["contract_demand_ckw"] or 0,
        basic_method=row["basic_method"] or 0,
        pf_standard=row["pf_standard"] or 0,
    )


def lines(rows: Sequence[Row], book: Book, inputs: Shard, names: Mapping[int, str]) -> tuple[LineShown, ...]:
    """Stored lines in words. A cancellation's rows are its original's with the signs turned."""
    edges = _Edges(book, inputs)
    return tuple(_line(row, book, edges, names) for row in rows)


def _line(row: Row, book: Book, edges: _Edges, names: Mapping[int, str]) -> LineShown:
    item, version = book.items[row["item_id"]], book.versions[row["version_id"]]
    tier_from, tier_to = edges.of(row)
    month_days = book.conventions.month_days
    return LineShown(
        line_no=row["line_no"],
        usage_point_code=names.get(row["usage_point_id"], ""),
        item_code=item.code,
        item_zh=item.name_zh,
        item_en=item.name_en,
        kind=row["kind"],
        measure_zh=wording.MEASURES_ZH[row["measure"]],
        tier=row["tier"],
        tier_from_ckwh=tier_from,
        tier_to_ckwh=tier_to,
        seg_from=row["seg_from"],
        seg_to=row["seg_to"],
        quantity=row["quantity"],
        unit=wording.unit_of(row["kind"], row["measure"]),
        days=row["days"],
        price_e8=row["price_e8"],
        price_text=wording.price_text(row["kind"], row["measure"], row["price_e8"]),
        amount_fen=row["amount_fen"],
        arithmetic=wording.line_arithmetic(
            row["kind"], row["measure"], row["quantity"], row["days"], month_days, row["price_e8"], row["amount_fen"]
        ),
        source_path=version.path,
        source_from=version.effective_from,
        citation=version.citation,
        status=version.status,
    )


class _Edges:
    """The edges of the tier a line belongs to, for this bill: its months, or its months in force, and its shift."""

    def __init__(self, book: Book, inputs: Shard) -> None:
        self._prices = [row for row in book.prices.to_pylist() if row["tier"]]
        self._points = {row["usage_point_id"]: row for row in inputs.points.to_pylist()}
        self._terms = inputs.terms.to_pylist()

    def of(self, line: Row) -> tuple[int | None, int | None]:
        point = self._points.get(line["usage_point_id"])
        if not line["tier"] or point is None:
            return None, None
        terms = next(row for row in self._terms if row["usage_point_id"] == line["usage_point_id"]
                     and row["valid_from"] <= line["seg_from"] < row["valid_to"])  # fmt: skip
        price = next((row for row in self._prices if _prices_line(row, line, terms, point)), None)
        if price is None:
            return None, None
        yearly = price["tier_cycle"] == YEAR_CYCLE
        units: int = point["tier_months"] if yearly else point["months"]
        shift: int = (terms["tier_shift_ckwh"] or 0) * units

        def scaled(edge: int) -> int:
            return (divide_half_up(edge * units, YEAR_CYCLE) if yearly else edge * units) + shift

        low, high = price["tier_lo_ckwh"], price["tier_hi_ckwh"]
        return scaled(low) if low else 0, None if high >= UNBOUNDED_CKWH else scaled(high)


def _prices_line(price: Row, line: Row, terms: Row, point: Row) -> bool:
    """Whether a tiered price row is the one behind a line: same structure, item, tier and price, in season."""
    last_day: date = point["period_to"] - timedelta(days=1)
    reading = price["month_basis"] == MonthBasis.READING_MONTH
    month = point["period_to"].month if reading else last_day.month
    same = all(price[name] == line[name] for name in ("item_id", "kind", "measure", "tier", "price_e8", "version_id"))
    return (
        same
        and price["structure_id"] == terms["structure_id"]
        and price["valid_from"] <= line["seg_from"] < price["valid_to"]
        and bool(price["month_mask"] >> (month - 1) & 1)
    )
