"""Prepay customers with daily readings, in the county made of columns: top up, run a day, deliver what was sent, approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import polars as pl

from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from wandeng.domains.collections.actions import prepay as actions
from wandeng.domains.collections.models import DisconnectionOrder, PrepayDay, PrepayEpisode
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.payments.types import TAKE, Receipt
from wandeng.flows import payments, prepay
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import PersonId
from wandeng.kernel.periods import BILLING_ZONE

NOV1 = date(2026, 11, 1)
UNIT = world.UNIT
MANAGER = Actor("head", PersonId(11), f"{UNIT}/", frozenset({"COUNTY_MANAGER"}))
CLERK = Actor("till", PersonId(12), f"{UNIT}/", frozenset({"HALL_CLERK", "ACCOUNTANT"}))
library = steps.shop().library


def night(day: date) -> datetime:
    """Half past five in the morning of a day, local."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2, minutes=30)


def noon(day: date) -> datetime:
    """Ten in the morning of a day, local: when somebody may be cut."""
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def customer(
    number: str, readings: Mapping[date, int], *, paid_fen: int = 0, code: str = world.RESIDENTIAL, from_on: date = NOV1,
    registers: Mapping[str, Mapping[date, int]] | None = None,
) -> world.Made:  # fmt: skip
    """An account with readings in kWh, enrolled from a day, that has paid in advance."""
    made = world.add_account(number, code=code, total=readings, registers=registers)
    if paid_fen:
        pay(number, paid_fen, on=from_on)
    actions.enroll(
        account_number=number, valid_from=from_on, document=f"FK-{number}", actor=CLERK, at=night(from_on),
        library=library,
    )  # fmt: skip
    return made


def pay(number: str, fen: int, *, on: date, key: str = "", at: datetime | None = None) -> Receipt:
    return payments.take(
        key=key or f"prepay:{number}:{on}:{fen}", account_number=number, amount_fen=fen, tender="CASH",
        channel="TRANSFER", received_on=on, at=at or noon(on), actor=CLERK,
    )  # fmt: skip


def pay_batch(rows: Sequence[tuple[int, int]], *, at: datetime) -> None:
    """Payments of accounts by id, as a bank file brings them."""
    on = at.astimezone(BILLING_ZONE).date()
    table = [(f"batch:{account}:{at}", account, fen, "TRANSFER", "TRANSFER", on) for account, fen in rows]
    payments.take_batch(
        rows=pl.DataFrame(table, TAKE, orient="row"), batch=f"batch:{at}", unit_path=f"{UNIT}/", at=at, actor=SYSTEM,
        library=library,
    )  # fmt: skip


def run(day: date, *, at: datetime | None = None) -> prepay.DayDone:
    return prepay.day_run(unit_code=UNIT, day=day, actor=SYSTEM, at=at or night(day), library=library)


def runs(first: date, last: date) -> None:
    """Every day from the first to the last, both included; what is sent arrives the same morning."""
    day = first
    while day <= last:
        run(day)
        deliver(night(day) + timedelta(hours=3))
        day += timedelta(days=1)


def deliver(at: datetime) -> None:
    """What the worker and a gateway would do: all that waits has been delivered."""
    NoticeRecipient.objects.filter(account__isnull=False).exclude(state="DELIVERED").update(
        state="DELIVERED", reached_at=at, due_at=None
    )


def day_of(number: str, day: date) -> PrepayDay:
    return PrepayDay.objects.get(account__account_number=number, day=day)


def balances(number: str) -> list[int | None]:
    """Balances of the days, in order."""
    rows = PrepayDay.objects.filter(account__account_number=number).order_by("day")
    return list(rows.values_list("balance_fen", flat=True))


def episode(number: str) -> PrepayEpisode:
    return PrepayEpisode.objects.filter(account__account_number=number).latest("id")


def order(number: str) -> DisconnectionOrder | None:
    return DisconnectionOrder.objects.filter(account__account_number=number).order_by("-id").first()
