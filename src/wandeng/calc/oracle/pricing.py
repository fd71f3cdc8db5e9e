"""Slow pricer, second half: an account's lines, walked row by row of the price book."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any

from wandeng.calc.oracle.measuring import PERIODS, Meters, Piece, Row, charged_days
from wandeng.calc.oracle.numbers import mixed_share, nearest, share_until
from wandeng.calc.rating.frames import BasicMethod, Conventions, Kind, Measure, MonthBasis
from wandeng.kernel.units import UNBOUNDED_CKWH

PERIOD_OF = {Measure.SHARP: "sharp", Measure.PEAK: "peak", Measure.FLAT: "flat", Measure.VALLEY: "valley",
             Measure.DEEP: "deep"}  # fmt: skip


@dataclass
class Line:
    """One line before it is numbered."""

    point: Row
    row: Row
    start: date
    end: date
    quantity: int
    price: int
    days: int
    piece: Piece | None

    def exact(self, month_days: int) -> Fraction:
        fen = Fraction(self.quantity * self.price, 10**8)
        return fen * Fraction(self.days, month_days) if self.days else fen

    def amount(self, month_days: int) -> int:
        return nearest(self.exact(month_days))

    @property
    def weight(self) -> int:
        return abs(self.quantity * self.price) * max(self.days, 1)


def in_season(row: Row, point: Row) -> bool:
    """Whether a price row holds in the month of the point's bill."""
    day = point["period_to"]
    if row["month_basis"] == MonthBasis.USAGE_MONTH:
        day -= timedelta(days=1)
    return bool(row["month_mask"] >> (day.month - 1) & 1)


def metered_lines(point: Row, pieces: list[Piece], meters: Meters, prices: list[Row]) -> list[Line]:
    """Lines of energy, funds, surcharges, feed-in and free quota of one point."""
    lines = []
    used_of_structure: dict[int, int] = defaultdict(int)
    for piece in pieces:
        structure = piece.terms["structure_id"]
        for row in prices:
            start, end = max(piece.start, row["valid_from"]), min(piece.end, row["valid_to"])
            if row["structure_id"] != structure or not in_season(row, point) or start >= end:
                continue
            quantity = _quantity(row, point, piece, meters, start, end, used_of_structure[structure])
            if quantity:
                lines.append(Line(point, row, start, end, quantity, row["price_e8"], 0, piece))
        used_of_structure[structure] += piece.total
    return lines


def _energy(piece: Piece, meters: Meters, start: date, end: date) -> dict[str, int]:
    """Billed energy of [start, end) inside a piece: what was read then, and its days' share of the losses."""
    return {
        name: meters.between(f"net {name}", start, end)
        + share_until(piece.loss[name], piece.start, piece.end, end)
        - share_until(piece.loss[name], piece.start, piece.end, start)
        for name in PERIODS
    }


def _quantity(row: Row, point: Row, piece: Piece, meters: Meters, start: date, end: date, used: int) -> int:
    kind, measure = Kind(row["kind"]), Measure(row["measure"])
    if kind in (Kind.CAPACITY, Kind.DEMAND, Kind.POWER_FACTOR):
        return 0
    energy = _energy(piece, meters, start, end)
    total = sum(energy.values())
    before = used + sum(_energy(piece, meters, piece.start, start).values())
    if kind is Kind.FREE_QUOTA:
        quota = (piece.terms["free_ckwh"] or 0) * point["months"]
        return _walk(before, before + total, 0, quota) if quota > 0 else 0
    if measure is Measure.EXPORT:
        return meters.between("export", start, end)
    if not row["tier"]:
        return total if measure is Measure.TOTAL else energy[PERIOD_OF[measure]]
    position = before + (point["tier_base_ckwh"] if row["tier_cycle"] == 12 else 0)
    lo, hi = _edges(row, point, piece)
    if measure is Measure.TOTAL:
        return _walk(position, position + total, lo, hi)
    name = PERIOD_OF[measure]
    if total <= 0:
        return energy[name] if row["tier_lo_ckwh"] == 0 else 0
    weights = [energy[each] for each in PERIODS]
    upto = [min(max(edge - position, 0), total) for edge in (lo, hi)]
    place = PERIODS.index(name)
    return mixed_share(upto[1], weights)[place] - mixed_share(upto[0], weights)[place]


def _walk(start: int, end: int, lo: int, hi: int) -> int:
    """How many of the units numbered start … end lie between lo and hi; walking backwards counts them off."""
    if end < start:
        return -_walk(end, start, lo, hi)
    units, position = 0, start
    for edge in sorted({lo, hi, end}):
        if start < edge <= end:
            if lo <= position < hi:
                units += edge - position
            position = edge
    return units


def _edges(row: Row, point: Row, piece: Piece) -> tuple[int, int]:
    shift: int = piece.terms["tier_shift_ckwh"] or 0
    months: int = point["months"]
    year_months: int = point["tier_months"]

    def scaled(edge: int) -> int:
        if row["tier_cycle"] == 12:
            return nearest(Fraction(edge * year_months, 12)) + shift * year_months
        return (edge + shift) * months

    lo, hi = row["tier_lo_ckwh"], row["tier_hi_ckwh"]
    return (scaled(lo) if lo else 0), (hi if hi >= UNBOUNDED_CKWH else scaled(hi))


def basic_lines(point: Row, pieces: list[Piece], prices: list[Row], conventions: Conventions,
                reduced: bool) -> list[Line]:  # fmt: skip
    """Capacity and demand lines; ``reduced``: the account used its capacity well and pays a share of the price."""
    lines = []
    for piece in pieces:
        method = BasicMethod(piece.terms["basic_method"] or 0)
        wanted = Kind.CAPACITY if method is BasicMethod.CAPACITY else Kind.DEMAND
        for row in prices if method is not BasicMethod.NONE else []:
            start, end = max(piece.start, row["valid_from"]), min(piece.end, row["valid_to"])
            in_force = row["structure_id"] == piece.terms["structure_id"] and in_season(row, point) and start < end
            if row["kind"] != wanted or not in_force:
                continue
            days = charged_days(point, start, end, conventions.month_days)
            if not days:
                continue
            price = row["price_e8"]
            if reduced and wanted is Kind.DEMAND:
                price = nearest(Fraction(price * conventions.demand_utilization_share_e4, 10_000))
            shown_days = 0 if days == conventions.month_days else days
            for quantity, factor in _basic_quantities(piece, method, conventions):
                if quantity:
                    lines.append(Line(point, row, start, end, quantity, price * factor, shown_days, piece))
    return lines


def _basic_quantities(piece: Piece, method: BasicMethod, conventions: Conventions) -> list[tuple[int, int]]:
    if method is BasicMethod.CAPACITY:
        return [(piece.terms["running_capacity_ckva"] or 0, 1)]
    demand = piece.demand or 0
    if method is BasicMethod.ACTUAL_DEMAND:
        return [(demand, 1)]
    contract = piece.terms["contract_demand_ckw"] or 0
    free = nearest(Fraction(contract * conventions.demand_free_share_e4, 10_000))
    if demand <= free:
        return [(contract, 1)]
    base = free if conventions.demand_excess_base == "free_share" else contract
    return [(base, 1), (demand - free, conventions.demand_excess_factor)]


@dataclass
class FactorGroup:
    """Pieces of a point that share a structure and a power-factor standard."""

    pieces: list[Piece]

    @property
    def standard(self) -> int:
        return int(self.pieces[0].terms["pf_standard"])

    def hundredths(self) -> int | None:
        """cos φ rounded half up to hundredths, from a square root to eighty digits."""
        p = sum(sum(x.read.values()) + x.transformer_loss + x.line_loss for x in self.pieces)
        q = sum(x.reactive + x.reactive_loss for x in self.pieces)
        if p == 0 and q == 0:
            return None
        with localcontext() as context:
            context.prec = 80
            cosine = Decimal(p) / (Decimal(p) ** 2 + Decimal(q) ** 2).sqrt()
            return int((cosine * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def factor_groups(pieces: list[Piece]) -> list[FactorGroup]:
    """The pieces under a power factor standard, together where price code and standard agree."""
    grouped: dict[tuple[Any, Any], list[Piece]] = defaultdict(list)
    for piece in pieces:
        if (piece.terms["pf_standard"] or 0) > 0:
            grouped[piece.terms["structure_id"], piece.terms["pf_standard"]].append(piece)
    return [FactorGroup(members) for members in grouped.values()]


def factor_line(point: Row, group: FactorGroup, lines: list[Line], prices: list[Row], rate: int | None,
                month_days: int) -> list[Line]:  # fmt: skip
    """The power-factor line of a group: its rate on the rounded amounts of its flagged lines."""
    base = sum(
        line.amount(month_days) for line in lines if line.row["pf_base"] and any(line.piece is p for p in group.pieces)
    )
    start, end = min(p.start for p in group.pieces), max(p.end for p in group.pieces)
    last_day = end - timedelta(days=1)
    structure = group.pieces[0].terms["structure_id"]
    return [
        Line(point, row, start, end, base, rate, 0, None)
        for row in prices
        if row["kind"] == Kind.POWER_FACTOR and row["structure_id"] == structure and in_season(row, point)
        and row["valid_from"] <= last_day < row["valid_to"] and base and rate is not None
    ]  # fmt: skip
