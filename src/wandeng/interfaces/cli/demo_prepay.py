"""What a demonstration shows of prepay: some hundreds of enrolled customers with daily readings, most with money for weeks, a
few warned, overdrawn, proposed, cut, and one who topped up.

The agreements and the readings come as files through the ordinary importers, every day through the ordinary run.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path

import polars as pl
from django.conf import settings

from wandeng.domains.collections.actions import disconnection, reconnection
from wandeng.domains.collections.queries import order, order_rows
from wandeng.domains.collections.queries import prepay as queries
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames as metering
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import queries as payments
from wandeng.flows import notice_delivery, prepay
from wandeng.flows import payments as taking
from wandeng.flows.imports import intake
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Refused
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import BILLING_ZONE, Month

EVERYWHERE = Scope.everywhere()
MOST, LOW, DAYS, DECIDED = 300, 14, 13, 6
"""Customers, those whose money runs out, for how many days it is computed, and how many cuts are decided about."""
APPROVER, SENDER = "manager1", "dispatch1"
_REGISTERS = ("total", "sharp", "peak", "valley", "reactive")


def leave_prepay(first: Month, now: datetime, library: RuleLibrary) -> int:
    """Prepay customers of one office in the month after the last freeze ``first`` begins with. Done once; returns how many
    are enrolled."""
    today = now.astimezone(BILLING_ZONE).date()
    office = next((one for one in reversed(organization.unit_tree(EVERYWHERE)) if one.kind == "OFFICE"), None)
    last = min(today, first.first + timedelta(days=DAYS))
    if office is not None and last > first.first and not queries.agreement_rows(EVERYWHERE).exists():
        chosen = _chosen(office.path, first)
        if chosen.is_empty():
            return 0
        _enroll(chosen, first.first)
        _pay(chosen, first.first)
        _read(chosen, first.first, last)
        _let_days_pass(office.code, first.first, last, library)
    return queries.agreement_rows(EVERYWHERE).count()


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BILLING_ZONE)


def _chosen(unit_path: str, first: Month) -> pl.DataFrame:
    """READS of accounts of the office over the month before, read at both its ends, some of each kind of home and shop."""
    rows = customers.account_rows(Scope(unit_path)).filter(
        customer_class__in=["RESIDENTIAL", "LOW_VOLTAGE"], importance=""
    )
    known = pl.DataFrame(list(rows.values_list("id", "account_number")), ["account_id", "account_number"], orient="row")
    if known.is_empty():
        return known
    with ColumnStore() as store:
        reads = metering.reads_for_period(
            store, accounts=AccountSet(unit_path=unit_path), from_on=first.previous().first, to_on=first.first
        )
    whole = pl.DataFrame(reads).filter(
        (pl.col("total_end") > pl.col("total_start")) & (pl.len().over("account_id") == 1)
        & pl.col("deducts_from_point").is_null()
    )  # fmt: skip
    return whole.join(known, on="account_id", how="inner").sort("account_id").head(MOST)


def _files() -> Path:
    folder = Path(settings.HOME) / "demo" / "prepay"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _take_in(kind: str, name: str, rows: pl.DataFrame, at: datetime) -> None:
    path = _files() / name
    rows.write_csv(path)
    intake.take_in(kind, path, actor=SYSTEM, clock=lambda: at)


def _enroll(chosen: pl.DataFrame, first: date) -> None:
    rows = chosen.select(
        pl.col("account_number").alias("户号"), pl.lit(str(first)).alias("生效日期"),
        pl.format("FK-{}-{}", pl.lit(f"{first:%Y%m}"), "account_number").alias("协议编号"),
    )  # fmt: skip
    _take_in("prepay-agreements", "agreements.csv", rows, _at(first, time(9)))


def _pay(chosen: pl.DataFrame, first: date) -> None:
    """Everybody pays what is open and something in advance: most for weeks, a few for some days."""
    used = (pl.col("total_end") - pl.col("total_start")) * pl.col("multiplier")
    for place, (number, ckwh) in enumerate(chosen.select("account_number", used.alias("used")).iter_rows()):
        days = 4 + place % 9 if place < LOW else 45
        # About 0.6 yuan a kWh, in whole yuan.
        advance = max(10, ckwh * days * 6 // 10 // 30 // 100) * 100
        owed = payments.standing(EVERYWHERE, number, on=first)
        taking.take(
            key=f"demo:prepay:{number}", account_number=number, amount_fen=max(0, owed.to_pay_fen) + advance,
            tender="TRANSFER", channel="TRANSFER", received_on=first, at=_at(first, time(10)), actor=SYSTEM,
        )  # fmt: skip


def _read(chosen: pl.DataFrame, first: date, last: date) -> None:
    """A reading of every day at midnight, in the rhythm of the month before; a few are missing."""
    codes: dict[int, str] = {}
    for number in chosen["account_number"].to_list():
        codes |= network.point_codes(number)
    days = [first + timedelta(days=passed) for passed in range(1, (last - first).days + 1)]
    rows = [
        row
        for place, read in enumerate(chosen.iter_rows(named=True))
        for row in _faces(read, codes[read["usage_point_id"]], days, place)
    ]
    names = {
        "total": "正向有功总",
        "sharp": "正向有功尖",
        "peak": "正向有功峰",
        "valley": "正向有功谷",
        "reactive": "正向无功总",
    }
    table = pl.DataFrame(rows, infer_schema_length=None).rename(
        {name: zh for name, zh in names.items() if rows and name in rows[0]}
    )
    _take_in("readings", "readings.csv", table, _at(last, time(4)))


def _faces(read: dict[str, object], code: str, days: Sequence[date], place: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for passed, day in enumerate(days, start=1):
        if (place + passed) % 97 == 0 and day != days[-1]:
            continue
        row: dict[str, object] = {"计量点编号": code, "抄表日期": str(day)}
        for name in _REGISTERS:
            start, end = read[f"{name}_start"], read[f"{name}_end"]
            known = isinstance(start, int) and isinstance(end, int)
            row[name] = format_scaled(_face(start, end, passed, read["modulus_ckwh"]), 2) if known else None
        rows.append(row)
    return rows


def _face(start: object, end: object, passed: int, modulus: object) -> int:
    """A month's use over thirty days, from where the register stood."""
    assert isinstance(start, int)
    assert isinstance(end, int)
    assert isinstance(modulus, int)
    return (end + ((end - start) % modulus) * passed // 30) % modulus


def _let_days_pass(unit_code: str, first: date, last: date, library: RuleLibrary) -> None:
    """Every day: compute, tell, and on days on which somebody may be cut a person decides about the list."""
    day = first + timedelta(days=1)
    while day <= last:
        prepay.day_run(unit_code=unit_code, day=day, actor=SYSTEM, at=_at(day, time(5, 30)), library=library)
        morning = _at(day, time(9))
        notice_delivery.deliver_all(clock=lambda morning=morning: morning, library=library)  # type: ignore[misc]
        _decide(day, library)
        day += timedelta(days=1)


def _decide(day: date, library: RuleLibrary) -> None:
    """Some of the list are approved and cut; the others wait."""
    waiting = list(
        queries.episode_rows(EVERYWHERE)
        .filter(order_state="PROPOSED")
        .order_by("id")
        .values_list("order_number", flat=True)
    )
    decided = order_rows(EVERYWHERE).filter(basis="PREPAY").exclude(state="PROPOSED").count()
    if decided >= DECIDED or not waiting:
        return
    at = _at(day, time(10))
    manager, sender = (organization.actor_for(code, day) for code in (APPROVER, SENDER))
    for number in waiting[:2]:
        with suppress(Refused):
            disconnection.approve(order=number, actor=manager, at=at, library=library)
            answer = disconnection.dispatch(order=number, actor=sender, at=at, library=library)
            if answer.is_sent:
                cut_at = at + timedelta(minutes=25)
                disconnection.confirm_cut(order=number, cut_at=cut_at, actor=sender, at=cut_at)
                _top_up(number, cut_at + timedelta(minutes=40))


def _top_up(number: str, at: datetime) -> None:
    """Every other one who is cut tops up at once, and has power back within the hour."""
    found = order(EVERYWHERE, number)
    if found.id % 2:
        return
    taking.take(
        key=f"demo:prepay:back:{number}", account_number=found.account_number, amount_fen=found.demanded_fen + 200_00,
        tender="QR", channel="WECHAT", received_on=at.date(), at=at, actor=SYSTEM,
    )  # fmt: skip
    back = order(EVERYWHERE, number).reconnections[0]
    restored_at = at + timedelta(minutes=35)
    sender = organization.actor_for(SENDER, at.date())
    reconnection.confirm(order=back.number, restored_at=restored_at, actor=sender, at=restored_at)
