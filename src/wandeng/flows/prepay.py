"""The daily run of prepay (费控测算): over a unit and all below it, range by range, each one transaction; as a job too.

A range killed halfway was never begun; run again, what was computed stands and gaps are tried again. After the columns come
the few accounts that an order is out for, and those that are overdrawn and whose grace is over: each under its own lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import polars as pl
from django.db import transaction

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frames as billing
from wandeng.domains.billing.frames.provisional import WANTED
from wandeng.domains.billing.queries import provisional
from wandeng.domains.billing.queries.provisional import ProvisionalMonthShown
from wandeng.domains.collections import actions as collections
from wandeng.domains.collections.actions import disconnection, prepay_cut
from wandeng.domains.collections.frames import prepay as frames
from wandeng.domains.collections.queries import prepay as queries
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as customer_queries
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices import frames as notice_frames
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows import nights
from wandeng.flows.disconnection import MOST_AT_ONCE, Verdict
from wandeng.flows.nights import Clock, Progress
from wandeng.infra import jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

DAY = "prepay.day"
COUNTED = (
    "computed", "repeated", "gaps", "doubts", "warned", "overdrawn", "recovered", "closed", "true_ups", "proposed",
)  # fmt: skip
"""What a job of the run tells of what it did."""
TEMPLATES = {frames.WARN: "prepay_low_balance", frames.OVERDRAFT: "prepay_overdrawn"}


@dataclass(frozen=True, slots=True)
class DayDone:
    """What a run did, over all its ranges. ``repeated``: accounts whose day stood already; ``proposed``: orders to cut."""

    day: date
    ranges: int
    computed: int
    repeated: int
    gaps: int
    doubts: int
    warned: int
    overdrawn: int
    recovered: int
    closed: int
    true_ups: int
    proposed: int


def queue(*, unit_code: str, actor: Actor, at: datetime) -> bool:
    """Leave today's run of a unit to a worker; returns whether it was not asked for yet at this moment.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    return nights.queue(DAY, action="prepay.day", unit_code=unit_code, actor=actor, at=at)


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def of_unit(unit_code: str, on: date, at: datetime, progress: Progress) -> DayDone:
        return day_run(unit_code=unit_code, day=on, at=at, actor=SYSTEM, progress=progress)

    return {DAY: nights.handler(of_unit, COUNTED, clock)}


def day_run(
    *, unit_code: str, day: date, actor: Actor, at: datetime, library: RuleLibrary | None = None,
    progress: Progress | None = None,
) -> DayDone:  # fmt: skip
    """Compute the prepay accounts of a unit and all below it by the readings of the midnight before ``day`` begins, warn,
    and propose who may be cut.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``NoRuleInForce`` for a territory without a prepay rule.
    """
    rulebook = library or current.library()
    unit = nights.runnable(unit_code, actor)
    notices.install_defaults(actor=actor, at=at)
    done: list[frames.PrepayRan] = []
    with ColumnStore() as store:
        by_rule = list(_nights(unit, day, at, actor, rulebook))
        ranges = [(night, *part) for night in by_rule for part in nights.ranges(store, night.units)]
        for number, (night, first, end) in enumerate(ranges, start=1):
            done.append(_range(store, night, first, end))
            if progress:
                progress(number, len(ranges))
    _look_again([account for one in done for account in one.ordered], actor, at, rulebook)
    proposed = _propose(Scope(unit.path), actor, at, rulebook)
    sums = {
        name: sum(getattr(one, name) for one in done) for name in DayDone.__slots__ if hasattr(frames.PrepayRan, name)
    }
    return DayDone(day=day, ranges=len(ranges), proposed=proposed, **sums)


def approve(*, order: str, actor: Actor, at: datetime, library: RuleLibrary, send: bool = True) -> Verdict:
    """Approve a cut by balance with all its guards, and send it to the gateway; answers what became of it.

    Raises as :func:`disconnection.approve`.
    """
    approved = disconnection.approve(order=order, actor=actor, at=at, library=library)
    if not send or approved.state != "APPROVED":
        return Verdict(order, True, approved.state)
    sent = disconnection.dispatch(order=order, remote=True, actor=actor, at=at, library=library)
    return Verdict(order, sent.is_sent, sent.code, sent.sentence)


def approve_each(
    *, orders: Sequence[str], send: bool = True, actor: Actor, at: datetime, library: RuleLibrary
) -> tuple[Verdict, ...]:
    """Approve the day's list (批量审批), and send what is approved to the remote-control gateway. Each order is judged by
    itself with every guard of an approval and of a dispatch; the answer says what became of each."""
    answers = []
    for number in orders[:MOST_AT_ONCE]:
        try:
            answers.append(approve(order=number, send=send, actor=actor, at=at, library=library))
        except Refused as refused:
            answers.append(Verdict(number, False, refused.code, refused.message))
    return tuple(answers)


def _nights(
    unit: UnitNode, day: date, at: datetime, actor: Actor, library: RuleLibrary
) -> Iterator[frames.PrepayNight]:
    """One for each territory among the units: they may have other prices and other terms."""
    for territory, chosen in nights.by_territory(organization.unit_tree(Scope(unit.path))):
        rule = queries.rule_of(territory, on=day, library=library)
        yield frames.PrepayNight(day, at, actor, rule, chosen, books(library, territory), library)


def books(library: RuleLibrary, territory: str) -> Callable[[date, date], Book]:
    """The prices of a territory for a window of days, compiled once a window."""

    @lru_cache(maxsize=8)
    def book_of(from_on: date, to_on: date) -> Book:
        return tariffs.book(library, territory=territory, from_on=from_on, to_on=to_on)

    return book_of


def _range(store: ColumnStore, night: frames.PrepayNight, first: int, end: int) -> frames.PrepayRan:
    with store.transaction():
        ran = frames.run_range(store, night, first, end)
        for (what, key), rows in ran.messages.group_by("what", "notice_key", maintain_order=True):
            notice_frames.send_many(
                store, _slots(rows, night.rule.grace_hours), key=str(key), template=TEMPLATES[str(what)], at=night.at,
                actor=night.actor,
            )  # fmt: skip
    return ran


def _slots(rows: pl.DataFrame, hours: int) -> pl.DataFrame:
    """What the texts of prepay say beyond name and number."""
    return rows.select(
        "account_id",
        balance=notice_frames.hundredths("balance_fen"),
        days=pl.col("days_left").cast(pl.String),
        hours=pl.lit(str(hours)),
    )


def _look_again(account_ids: Sequence[int], actor: Actor, at: datetime, library: RuleLibrary) -> None:
    """Accounts with an order out whose balance may be enough by now, by a bill lower than was estimated."""
    for account in sorted(set(account_ids)):
        with transaction.atomic():
            customers.lock_accounts([AccountId(account)])
            collections.after_payment(
                account=AccountId(account), payment_key="", paid_at=at, actor=actor, at=at, library=library
            )


def _propose(scope: Scope, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Propose whoever is overdrawn and against whose cut nothing stands any more; returns how many."""
    proposed = 0
    for episode in prepay_cut.overdrawn(scope):
        with suppress(Refused):
            prepay_cut.propose(episode_id=episode, actor=actor, at=at, library=library)
            proposed += 1
    return proposed


@dataclass(frozen=True, slots=True)
class PrepayExplained:
    """How the estimate of an account at a day comes about, priced from live data. ``gaps``: why it cannot be."""

    account_number: str
    day: date
    estimate_fen: int
    months: tuple[ProvisionalMonthShown, ...]
    gaps: tuple[str, ...]


def explain(scope: Scope, *, account_number: str, day: date, library: RuleLibrary) -> PrepayExplained:
    """Price what a prepay account used and was not billed, up to a day's readings, with every line. Nothing is stored.

    Raises :class:`NotFound`, also for an account without a prepay agreement.
    """
    account = customer_queries.account(scope, account_number)
    first = Month.of(queries.enrolled_from(account_number))
    wanted = pl.DataFrame([(int(account.id), first.index)], WANTED, orient="row")
    with ColumnStore() as store:
        found = billing.provisional(
            store, accounts=AccountSet.one(account.id), wanted=wanted, upto=day,
            book_of=books(library, account.territory), detailed=True,
        )  # fmt: skip
    months = provisional.months_shown(account_number, found)
    total = sum(one.amount_fen for one in months)
    return PrepayExplained(account_number, day, total, months, tuple(found.gaps["code"].to_list()))
