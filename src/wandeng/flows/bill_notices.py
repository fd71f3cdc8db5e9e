"""Telling customers of their bills: one notice a unit and month, written in columns; nobody is told of a month twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import polars as pl

from wandeng.domains.billing import frames as billing
from wandeng.domains.notices import actions, frames
from wandeng.domains.notices.types import NoticeId, Sent
from wandeng.domains.organization import queries as organization
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.events import Body
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

ANNOUNCE = "notices.bills"
TEMPLATE = "bill_published"


def announce(*, unit_code: str, month: Month, actor: Actor, at: datetime, most: int | None = None) -> Sent:
    """Write a notice to every account of a unit and below that has a published bill of the month and was not told of it.

    ``most`` stops after so many accounts. Nothing is written when nobody is left (notice id 0). Raises
    :class:`NotFound` for a unit outside the actor's scope.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    actions.install_defaults(actor=SYSTEM, at=at)
    prefix = f"bills:{month}:"
    with ColumnStore() as store, store.transaction():
        bills = billing.published(store, unit_path=unit.path, month=month)
        fresh = bills.filter(~pl.col("account_id").is_in(frames.told_accounts(store, prefix).implode()))
        rows = _told(fresh if most is None else fresh.head(most), month)
        if not rows.height:
            return Sent(NoticeId(0), 0, False)
        key = f"{prefix}{unit_code}:{frames.notices_like(store, prefix) + 1}"
        return frames.send_many(store, rows, key=key, template=TEMPLATE, at=at, actor=actor)


def queue_bill_notices(body: Body, now: datetime) -> None:
    """Have the customers of a published run told, where the utility has decided so."""
    if organization.parameter_int("notices.bills", now.astimezone(BILLING_ZONE).date()):
        unit_code = body["unit_path"].rstrip("/").rpartition("/")[2]
        payload = {"unit": unit_code, "month": body["month"]}
        jobs.enqueue(kind=ANNOUNCE, dedup_key=f"{ANNOUNCE}:{body['run_id']}", payload=payload, at=now)


def kinds(clock: Callable[[], datetime]) -> Mapping[str, jobs.Handler]:
    """Job kind → function; effectively once: who was told is left out the next time."""

    def tell(payload: jobs.Payload, _held: jobs.Claim) -> None:
        announce(unit_code=payload["unit"], month=Month.parse(payload["month"]), actor=SYSTEM, at=clock())

    return {ANNOUNCE: tell}


def _told(bills: pl.DataFrame, month: Month) -> pl.DataFrame:
    return bills.select(
        "account_id",
        amount=frames.hundredths("amount_fen"),
        energy=frames.hundredths("energy_ckwh"),
        month=pl.lit(f"{month.year}年{month.number}月"),
        due_on=pl.format("{}月{}日", pl.col("due_on").dt.month(), pl.col("due_on").dt.day()),
    )
