"""Slow pricer, first half: what the meters say, what losses add, and how much of it falls before a given day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from wandeng.calc.oracle.numbers import mixed_share, nearest, nearest_multiple, share_until
from wandeng.calc.rating.frames import REGISTER_NAMES, Conventions, FindingCode, LossMethod
from wandeng.kernel.periods import days_30

Row = dict[str, Any]
PERIODS = ("sharp", "peak", "valley", "deep", "flat")
Complaint = tuple[str, int | None, int | None, date]


@dataclass
class Piece:
    """A point under one set of terms."""

    terms: Row
    start: date
    end: date
    read: dict[str, int]
    deducted: int
    export: int
    reactive: int
    demand: int | None = None
    no_demand: bool = True
    no_reactive: bool = True
    transformer_loss: int = 0
    line_loss: int = 0
    reactive_loss: int = 0
    loss: dict[str, int] = field(default_factory=dict)
    billed: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.billed.values())


def measure(row: Row) -> tuple[dict[str, int], Complaint | None]:
    """Energies of one reading by register name and ``flat``, and the first complaint about it."""
    advance: dict[str, int] = {}
    half_read = False
    for name in REGISTER_NAMES:
        start, end = row[f"{name}_start"], row[f"{name}_end"]
        if start is not None and end is not None:
            rolled_over = end < start
            advance[name] = end - start + ((row["modulus_ckwh"] or 0) if rolled_over else 0)
        elif name != "total" and (start is None) != (end is None):
            half_read = True
    nothing = dict.fromkeys((*REGISTER_NAMES, "flat"), 0)
    multiplier = row["multiplier"]
    if "total" not in advance or half_read or row["to_on"] <= row["from_on"]:
        late = row["total_start"] is None and row["total_end"] is not None
        return nothing, (FindingCode.MISSING_READING, None, None, row["from_on"] if late else row["to_on"])
    if multiplier is None or multiplier <= 0:
        return nothing, (FindingCode.MULTIPLIER_MISSING, multiplier, None, row["from_on"])
    if min(advance.values()) < 0:
        return nothing, (FindingCode.NEGATIVE, min(advance.values()), 0, row["to_on"])
    most = max(advance.values())
    if most >= 2**36 or multiplier >= 2**26 or most * multiplier > 10**13 or (row["demand_e4"] or 0) >= 2**36:
        return nothing, (FindingCode.OVERFLOW, most, 10**13, row["to_on"])
    energy = nothing | {name: units * multiplier for name, units in advance.items()}
    periods = energy["sharp"] + energy["peak"] + energy["valley"] + energy["deep"]
    if periods > energy["total"]:
        return nothing, (FindingCode.PERIODS_EXCEED_TOTAL, periods, energy["total"], row["to_on"])
    energy["flat"] = energy["total"] - periods
    return energy, None


def demand_of(row: Row) -> int | None:
    """Demand behind the multiplier, 0.01 kW; none where the meter shows none."""
    if row["demand_e4"] is None:
        return None
    return nearest(Fraction(row["demand_e4"] * row["multiplier"], 100))


class Meters:
    """The readings of one point: its own, and those of the sub-meters it loses energy to."""

    def __init__(self, own: list[Row], sub: list[Row]) -> None:
        self.own = own
        self.intervals: dict[tuple[date, date], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for sign, rows in ((1, own), (-1, sub)):
            for row in rows:
                energy, _ = measure(row)
                at = self.intervals[row["from_on"], row["to_on"]]
                for name in PERIODS:
                    at[f"net {name}"] += sign * energy[name]
                    at[f"gross {name}"] += energy[name] if sign > 0 else 0
                if sign > 0:
                    at["export"] += energy["export"]
                    at["reactive"] += energy["reactive"] + energy["reactive_export"]

    def between(self, what: str, start: date, end: date) -> int:
        """Units of one quantity that fall into [start, end)."""
        return sum(
            share_until(at[what], *interval, end) - share_until(at[what], *interval, start)
            for interval, at in self.intervals.items()
        )


def charged_days(point: Row, start: date, end: date, month_days: int) -> int:
    """Days of a monthly charge in [start, end): 30-day months, a period of whole months counting 30 for each."""

    def until(day: date) -> int:
        whole = point["months"] * month_days
        period_days = days_30(point["period_from"], point["period_to"])
        full = whole if _is_whole(point) else period_days
        return full if day >= point["period_to"] else min(days_30(point["period_from"], day), full)

    return until(end) - until(start)


def _is_whole(point: Row) -> bool:
    start, end = point["period_from"], point["period_to"]
    if (end.year - start.year) * 12 + end.month - start.month != point["months"]:
        return False
    if start.day == end.day:
        return True
    return _is_month_end(end) if start.day > end.day else _is_month_end(start)


def _is_month_end(day: date) -> bool:
    return day.day >= 28 and date.fromordinal(day.toordinal() + 1).day == 1


def pieces_of(point: Row, terms: list[Row], meters: Meters, conventions: Conventions) -> list[Piece]:
    """The point's pieces in order, with losses added."""
    pieces = []
    for term in sorted(terms, key=lambda row: row["valid_from"]):
        start, end = max(term["valid_from"], point["period_from"]), min(term["valid_to"], point["period_to"])
        if start >= end:
            continue
        read = {name: meters.between(f"gross {name}", start, end) for name in PERIODS}
        net = {name: meters.between(f"net {name}", start, end) for name in PERIODS}
        piece = Piece(
            terms=term, start=start, end=end, read=read, deducted=sum(read.values()) - sum(net.values()),
            export=meters.between("export", start, end), reactive=meters.between("reactive", start, end), billed=net,
        )  # fmt: skip
        rows = [row for row in meters.own if row["from_on"] < end and row["to_on"] > start]
        demands = [demand_of(row) for row in rows]
        piece.no_demand = None in demands
        piece.demand = max((d for d in demands if d is not None), default=None)
        piece.no_reactive = any(row["reactive_start"] is None or row["reactive_end"] is None for row in rows)
        pieces.append(piece)
    _add_losses(point, pieces, conventions)
    return pieces


def _add_losses(point: Row, pieces: list[Piece], conventions: Conventions) -> None:
    unit = 100 if conventions.loss_whole_kwh else 1
    carried_before = 0
    for piece in pieces:
        since = charged_days(point, point["period_from"], piece.start, conventions.month_days)
        until = charged_days(point, point["period_from"], piece.end, conventions.month_days)
        if piece.terms["loss_method"] == LossMethod.AGREED:
            piece.transformer_loss, piece.reactive_loss = (
                nearest_multiple(Fraction(month * until, conventions.month_days), unit)
                - nearest_multiple(Fraction(month * since, conventions.month_days), unit)
                for month in (piece.terms["loss_active_ckwh"] or 0, piece.terms["loss_reactive_ckvarh"] or 0)
            )
        elif piece.terms["loss_method"] == LossMethod.FORMULA and until > since:
            active, reactive = _formula(piece, hours=(until - since) * 24)
            piece.transformer_loss = nearest_multiple(active * 100, unit)
            piece.reactive_loss = nearest_multiple(reactive * 100, unit)
        carried = sum(piece.read.values()) + piece.transformer_loss
        share = Fraction(piece.terms["line_loss_e4"] or 0, 10_000)
        piece.line_loss = nearest_multiple(share * (carried_before + carried), unit) - nearest_multiple(
            share * carried_before, unit
        )
        carried_before += carried
        loss = piece.transformer_loss + piece.line_loss
        if conventions.loss_period == "pro_rata":
            parts = mixed_share(loss, [piece.read[name] for name in PERIODS])
        else:
            parts = [loss if name == "flat" else 0 for name in PERIODS]
        piece.loss = dict(zip(PERIODS, parts, strict=True))
        piece.billed = {name: piece.billed[name] + piece.loss[name] for name in PERIODS}


def _formula(piece: Piece, hours: int) -> tuple[Fraction, Fraction]:
    """Loss in kWh and kvarh, in the formula's own units (kW, kVA, kWh)."""
    terms = {name: Fraction(piece.terms[f"loss_{name}"] or 0) for name in
             ("p0_w", "pk_w", "sn_ckva", "i0_e4", "uk_e4", "k_e2")}  # fmt: skip
    p0, pk, sn = terms["p0_w"] / 1000, terms["pk_w"] / 1000, terms["sn_ckva"] / 100
    i0, uk, k = terms["i0_e4"] / 10_000, terms["uk_e4"] / 10_000, terms["k_e2"] / 100
    wp, wq = Fraction(sum(piece.read.values()), 100), Fraction(piece.reactive, 100)
    load = k * (wp**2 + wq**2) / (sn**2 * hours)
    return p0 * hours + pk * load, i0 * sn * hours + uk * sn * load
