"""The slow pricer's entry points: one account, and a shard of them as a plain loop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from wandeng.calc.oracle import measuring, pricing
from wandeng.calc.oracle.measuring import PERIODS, Meters, Piece, Row
from wandeng.calc.rating.frames import (
    FINDINGS,
    HEADS,
    LINES,
    MEASURED,
    BasicMethod,
    Book,
    Conventions,
    FindingCode,
    Kind,
    LossMethod,
    Measure,
    Rated,
    Shard,
)  # fmt: skip

Finding = tuple[int, int, str, int | None, int | None, date]
FORMULA_LIMITS = {"loss_p0_w": 10**8, "loss_pk_w": 10**8, "loss_sn_ckva": 10**9, "loss_i0_e4": 10**4,
                  "loss_uk_e4": 10**4, "loss_k_e2": 10**3}  # fmt: skip


def price_shard(shard: Shard, book: Book) -> Rated:
    """What ``rating.shard.rate`` must give, one account after the other."""
    points, terms, reads = (_by_account(table.to_pylist()) for table in (shard.points, shard.terms, shard.reads))
    prices = book.prices.to_pylist()
    results = [
        price_account(points[account], terms[account], reads[account], prices, book.conventions)
        for account in sorted(points)
    ]
    tables = []
    for name, schema in (("heads", HEADS), ("lines", LINES), ("measured", MEASURED), ("findings", FINDINGS)):
        tables.append(pa.Table.from_pylist([row for result in results for row in result[name]], schema=schema))
    return Rated(*tables)


def price_account(
    points: list[Row], terms: list[Row], reads: list[Row], prices: list[Row], conventions: Conventions
) -> dict[str, list[Row]]:
    """Heads, lines, measured and findings of one account, as rows."""
    points = sorted(points, key=lambda row: row["usage_point_id"])
    terms = [row for row in terms if row["usage_point_id"] in {p["usage_point_id"] for p in points}]
    findings = _stopping(points, terms, reads)
    result: dict[str, list[Row]] = {"heads": [], "lines": [], "measured": [], "findings": []}
    if not findings:
        priced, findings = _price(points, terms, reads, prices, conventions)
        if not _all_blocking(findings):
            result |= priced
    result["findings"] = [
        dict(zip(FINDINGS.names, finding, strict=True))
        for finding in sorted(findings, key=lambda f: (f[0], f[1], f[2], f[5], f[3] is not None, f[3] or 0))
    ]
    return result


def _by_account(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row["account_id"]].append(row)
    return grouped


def _all_blocking(findings: set[Finding]) -> set[Finding]:
    return {finding for finding in findings if finding[2] in FindingCode.BLOCKING}


def _stopping(points: list[Row], terms: list[Row], reads: list[Row]) -> set[Finding]:
    """What makes measuring impossible: faulty readings, uncovered days, sub-meters without a parent, bad loss terms."""
    found: set[Finding] = set()
    by_id = {point["usage_point_id"]: point for point in points}
    for row in reads:
        at = row["account_id"], row["usage_point_id"]
        _, complaint = measuring.measure(row)
        if complaint:
            found.add((*at, *complaint))
        parent = row["deducts_from_point"]
        if parent is not None and parent not in by_id:
            found.add((*at, FindingCode.PARENT_MISSING, parent, None, row["from_on"]))
        elif parent is not None:
            period = by_id[parent]
            if row["from_on"] < period["period_from"] or row["to_on"] > period["period_to"]:
                found.add((*at, FindingCode.MISSING_READING, None, None, row["to_on"]))
    for point in points:
        at = point["account_id"], point["usage_point_id"]
        length = (point["period_to"] - point["period_from"]).days
        counted = (point["months"] or 0) >= 1 and (point["tier_months"] or 0) >= 1
        if not counted or point["tier_base_ckwh"] is None:
            found.add((*at, FindingCode.NO_TERMS, point["months"], None, point["period_from"]))
        own = [(r["from_on"], r["to_on"]) for r in reads if r["usage_point_id"] == at[1]]
        if not _covers(own, point):
            days = sum((end - start).days for start, end in own)
            found.add((*at, FindingCode.MISSING_READING, days, length, point["period_to"]))
        mine = [r for r in terms if r["usage_point_id"] == at[1]]
        agreed = [(r["valid_from"], r["valid_to"]) for r in mine if r["structure_id"] is not None]
        if not _covers(agreed, point):
            days = sum((end - start).days for start, end in agreed)
            found.add((*at, FindingCode.NO_TERMS, days, length, point["period_from"]))
        for row in mine:
            if row["loss_method"] != LossMethod.FORMULA:
                continue
            if any(not 0 <= (row[name] or 0) <= most for name, most in FORMULA_LIMITS.items()):
                found.add((*at, FindingCode.OVERFLOW, None, None, row["valid_from"]))
            if not row["loss_sn_ckva"]:
                found.add((*at, FindingCode.NO_TERMS, None, None, row["valid_from"]))
    return found


def _covers(spans: list[tuple[date, date]], point: Row) -> bool:
    if not spans:
        return False
    start: date = point["period_from"]
    end: date = point["period_to"]
    days = sum((b - a).days for a, b in spans)
    return min(a for a, _ in spans) == start and max(b for _, b in spans) == end and days >= (end - start).days


def _price(
    points: list[Row], terms: list[Row], reads: list[Row], prices: list[Row], conventions: Conventions
) -> tuple[dict[str, list[Row]], set[Finding]]:
    found: set[Finding] = set()
    pieces: dict[int, list[Piece]] = {}
    meters: dict[int, Meters] = {}
    for point in points:
        number = point["usage_point_id"]
        meters[number] = Meters(
            [row for row in reads if row["usage_point_id"] == number],
            [row for row in reads if row["deducts_from_point"] == number],
        )
        own_terms = [row for row in terms if row["usage_point_id"] == number]
        pieces[number] = measuring.pieces_of(point, own_terms, meters[number], conventions)
    used = sum(piece.total for mine in pieces.values() for piece in mine)
    capacity = sum(point["contract_capacity_ckva"] or 0 for point in points)
    table = {(row["standard"], row["pf_hundredths"]): row["rate_e8"] for row in conventions.power_factor.to_pylist()}
    ordered: list[pricing.Line] = []
    measured = []
    for point in points:
        mine = pieces[point["usage_point_id"]]
        measured.append(_measured(point, mine))
        found |= _doubts(point, mine, measured[-1], prices, conventions)
        enough = used * 100 >= conventions.demand_utilization_ckwh * capacity * point["months"]
        lines = pricing.metered_lines(point, mine, meters[point["usage_point_id"]], prices)
        lines += pricing.basic_lines(point, mine, prices, conventions, reduced=capacity > 0 and enough)
        for group in pricing.factor_groups(mine):
            factor = group.hundredths()
            rate = table.get((group.standard, factor)) if factor is not None else None
            if factor is not None and rate is None:
                last = max(piece.end for piece in group.pieces) - timedelta(days=1)
                found.add((point["account_id"], point["usage_point_id"], FindingCode.NO_RULE_IN_FORCE,
                           group.standard, None, last))  # fmt: skip
            lines += pricing.factor_line(point, group, lines, prices, rate, conventions.month_days)
        for line in lines:
            if line.weight >= 2**62:
                limit = (2**62 - 1) // (max(abs(line.price), 1) * max(line.days, 1))
                found.add((point["account_id"], point["usage_point_id"], FindingCode.OVERFLOW, line.quantity, limit,
                           line.start))  # fmt: skip
        ordered += sorted(lines, key=_place_on_bill)
    return _bill(points, ordered, measured, conventions), found


def _place_on_bill(line: pricing.Line) -> tuple[Any, ...]:
    row = line.row
    return (row["item_id"], row["tier"], row["measure"], row["kind"], row["valid_from"], row["version_id"],
            row["structure_id"], row["tier_lo_ckwh"], row["price_e8"])  # fmt: skip


def _bill(
    points: list[Row], ordered: list[pricing.Line], measured: list[Row], conventions: Conventions
) -> dict[str, list[Row]]:
    lines = [
        {
            "account_id": line.point["account_id"], "line_no": number,
            "usage_point_id": line.point["usage_point_id"], "item_id": line.row["item_id"],
            "kind": line.row["kind"], "measure": line.row["measure"], "tier": line.row["tier"],
            "seg_from": line.start, "seg_to": line.end, "quantity": line.quantity, "days": line.days,
            "price_e8": line.price, "amount_fen": line.amount(conventions.month_days),
            "version_id": conventions.power_factor_version_id if line.row["kind"] == Kind.POWER_FACTOR
            else line.row["version_id"],
        }
        for number, line in enumerate(ordered, 1)
    ]  # fmt: skip
    head = {
        "account_id": points[0]["account_id"],
        "period_from": min(point["period_from"] for point in points),
        "period_to": max(point["period_to"] for point in points),
        "energy_ckwh": sum(row["total_ckwh"] for row in measured),
        "amount_fen": sum(line["amount_fen"] for line in lines),
        "line_count": len(lines),
    }
    return {"heads": [head], "lines": lines, "measured": measured}


def _measured(point: Row, pieces: list[Piece]) -> Row:
    factors = [group.hundredths() for group in pricing.factor_groups(pieces)]
    demands = [piece.demand for piece in pieces if piece.demand is not None]
    return {
        "account_id": point["account_id"],
        "usage_point_id": point["usage_point_id"],
        "read_ckwh": sum(sum(piece.read.values()) for piece in pieces),
        "transformer_loss_ckwh": sum(piece.transformer_loss for piece in pieces),
        "line_loss_ckwh": sum(piece.line_loss for piece in pieces),
        "deducted_ckwh": sum(piece.deducted for piece in pieces),
        "total_ckwh": sum(piece.total for piece in pieces),
        **{f"{name}_ckwh": sum(piece.billed[name] for piece in pieces) for name in PERIODS},
        "export_ckwh": sum(piece.export for piece in pieces),
        "reactive_ckvarh": sum(piece.reactive + piece.reactive_loss for piece in pieces),
        "demand_ckw": max(demands, default=None),
        "pf_hundredths": factors[-1] if factors else None,
    }


def _doubts(
    point: Row, pieces: list[Piece], measured: Row, prices: list[Row], conventions: Conventions
) -> set[Finding]:
    """Missing quantities and prices, and figures that a person must look at first."""
    at = point["account_id"], point["usage_point_id"]
    found: set[Finding] = set()
    for piece in pieces:
        method = BasicMethod(piece.terms["basic_method"] or 0)
        if (method is BasicMethod.CAPACITY and piece.terms["running_capacity_ckva"] is None) or (
            method is BasicMethod.CONTRACT_DEMAND and (piece.terms["contract_demand_ckw"] or 0) <= 0
        ):
            found.add((*at, FindingCode.NO_TERMS, int(method), None, piece.start))
        by_demand = method in (BasicMethod.CONTRACT_DEMAND, BasicMethod.ACTUAL_DEMAND)
        if by_demand and piece.no_demand:
            found.add((*at, FindingCode.DEMAND_MISSING, None, None, piece.end))
        if (piece.terms["pf_standard"] or 0) > 0 and piece.no_reactive:
            found.add((*at, FindingCode.MISSING_READING, None, None, piece.end))
        found |= {(*at, FindingCode.NO_RULE_IN_FORCE, piece.terms["structure_id"], None, day)
                  for day in _unpriced_days(point, piece, prices)}  # fmt: skip
    energies = [measured[f"{name}_ckwh"] for name in ("total", *PERIODS, "export")]
    total, previous = measured["total_ckwh"], point["previous_ckwh"]
    if min(energies) < 0:
        found.add((*at, FindingCode.NEGATIVE, min(energies), 0, point["period_to"]))
    if point["accepted"]:
        return found
    assessed = [piece for piece in pieces if (piece.terms["pf_standard"] or 0) > 0]
    active = sum(sum(piece.read.values()) for piece in assessed)
    if active > 0 and not any(piece.reactive or piece.no_reactive for piece in assessed):
        found.add((*at, FindingCode.NO_REACTIVE, active, 0, point["period_to"]))
    if total == 0 and (previous or 0) > 0 and conventions.zero_held:
        found.add((*at, FindingCode.ZERO, total, previous, point["period_to"]))
    jump = previous is not None and total * 10_000 > previous * conventions.jump_factor_e4
    if jump and total - previous >= conventions.jump_floor_ckwh:
        found.add((*at, FindingCode.JUMP, total, previous, point["period_to"]))
    days = (point["period_to"] - point["period_from"]).days
    most = (point["contract_capacity_ckva"] or 0) * conventions.capacity_hours_per_day * days
    if most > 0 and total > most:
        found.add((*at, FindingCode.OVER_CAPACITY, total, most, point["period_to"]))
    return found


def _unpriced_days(point: Row, piece: Piece, prices: list[Row]) -> set[date]:
    """For each thing the piece needs a price for: the first day on which no row gives one."""
    rows = [row for row in prices
            if row["structure_id"] == piece.terms["structure_id"] and pricing.in_season(row, point)]  # fmt: skip
    energy = [row for row in rows if row["kind"] == Kind.ENERGY]
    needs = [energy]
    for measure, name in pricing.PERIOD_OF.items():
        if piece.billed[name]:
            needs.append([row for row in energy if row["measure"] in (Measure.TOTAL, measure)])
    method = BasicMethod(piece.terms["basic_method"] or 0)
    wanted = {
        Kind.FEED_IN: piece.export != 0,
        Kind.CAPACITY: method is BasicMethod.CAPACITY,
        Kind.DEMAND: method in (BasicMethod.CONTRACT_DEMAND, BasicMethod.ACTUAL_DEMAND),
        Kind.FREE_QUOTA: (piece.terms["free_ckwh"] or 0) > 0,
    }
    needs += [[row for row in rows if row["kind"] == kind] for kind, is_needed in wanted.items() if is_needed]
    missing: set[date] = set()
    for priced in needs:
        missing |= _first_unpriced(priced, piece.start, piece.end)
    if (piece.terms["pf_standard"] or 0) > 0:
        factors = [row for row in rows if row["kind"] == Kind.POWER_FACTOR]
        missing |= _first_unpriced(factors, piece.end - timedelta(days=1), piece.end)
    return missing


def _first_unpriced(rows: list[Row], start: date, end: date) -> set[date]:
    day = start
    while day < end:
        if not any(row["valid_from"] <= day < row["valid_to"] for row in rows):
            return {day}
        day += timedelta(days=1)
    return set()
