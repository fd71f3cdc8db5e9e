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
from wandeng.domains.collections import frames as collected
from wandeng.domains.collections.actions import disconnection, prepay_cut
from wandeng.domains.collections.frames import prepay as frames
from wandeng.domains.collections.queries import prepay as queries
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as customer_queries
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices import frames as notice_frames
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows.disconnection import MOST_AT_ONCE, Verdict
from wandeng.infra import audit, jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE, Month

DAY = "prepay.day"
ACCOUNTS_A_RANGE = 20_000
RUNNERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)
COUNTED = (
    "computed", "repeated", "gaps", "doubts", "warned", "overdrawn", "recovered", "closed", "true_ups", "proposed",
)  # fmt: skip
"""What a job of the run tells of what it did."""
TEMPLATES = {frames.WARN: "prepay_low_balance", frames.OVERDRAFT: "prepay_overdrawn"}

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]


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
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *RUNNERS, unit_path=unit.path)
    on = at.astimezone(BILLING_ZONE).date()
    with transaction.atomic():
        queued = jobs.enqueue(
            kind=DAY, dedup_key=f"{DAY}:{unit_code}:{at.isoformat()}",
            payload={"unit": unit_code, "on": on.isoformat()}, at=at,
        )  # fmt: skip
        audit.record(
            actor=actor, action="prepay.day", subject=("organization.Unit", unit_code),
            facts={"unit": unit_code, "on": on}, at=at, unit_path=unit.path,
        )  # fmt: skip
    return queued


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def run_job(payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        done = day_run(
            unit_code=payload["unit"], day=date.fromisoformat(payload["on"]), at=clock(), actor=SYSTEM,
            progress=lambda _number, _ranges: jobs.extend(held, now=clock()),
        )  # fmt: skip
        return {name: getattr(done, name) for name in COUNTED}

    return {DAY: run_job}


def day_run(
    *, unit_code: str, day: date, actor: Actor, at: datetime, library: RuleLibrary | None = None,
    progress: Progress | None = None,
) -> DayDone:  # fmt: skip
    """Compute the prepay accounts of a unit and all below it by the readings of the midnight before ``day`` begins, warn,
    and propose who may be cut.

    Raises :class:`NotFound`, :class:`NotAllowed`, ``NoRuleInForce`` for a territory without a prepay rule.
    """
    rulebook = library or current.library()
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *RUNNERS, unit_path=unit.path)
    notices.install_defaults(actor=actor, at=at)
    done: list[frames.PrepayRan] = []
    with ColumnStore() as store:
        nights = list(_nights(unit, day, at, actor, rulebook))
        ranges = [(night, *part) for night in nights for part in _ranges(store, night)]
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


def approve_each(
    *, orders: Sequence[str], send: bool = True, actor: Actor, at: datetime, library: RuleLibrary
) -> tuple[Verdict, ...]:
    """Approve the day's list (批量审批), and send what is approved to the remote-control gateway. Each order is judged by
    itself with every guard of an approval and of a dispatch; the answer says what became of each."""
    answers = []
    for number in orders[:MOST_AT_ONCE]:
        try:
            approved = disconnection.approve(order=number, actor=actor, at=at, library=library)
            if not send or approved.state != "APPROVED":
                answers.append(Verdict(number, True, approved.state))
                continue
            sent = disconnection.dispatch(order=number, remote=True, actor=actor, at=at, library=library)
            answers.append(Verdict(number, sent.is_sent, sent.code, sent.sentence))
        except Refused as refused:
            answers.append(Verdict(number, False, refused.code, refused.message))
    return tuple(answers)


def _nights(
    unit: UnitNode, day: date, at: datetime, actor: Actor, library: RuleLibrary
) -> Iterator[frames.PrepayNight]:
    """One for each territory among the units: they may have other prices and other terms."""
    units = organization.unit_tree(Scope(unit.path))
    for territory in sorted({one.territory for one in units}):
        chosen = tuple(int(one.unit_id) for one in units if one.territory == territory)
        rule = queries.rule_of(territory, on=day, library=library)
        yield frames.PrepayNight(day, at, actor, rule, chosen, books(library, territory), library)


def books(library: RuleLibrary, territory: str) -> Callable[[date, date], Book]:
    """The prices of a territory for a window of days, compiled once a window."""

    @lru_cache(maxsize=8)
    def book_of(from_on: date, to_on: date) -> Book:
        return tariffs.book(library, territory=territory, from_on=from_on, to_on=to_on)

    return book_of


def _ranges(store: ColumnStore, night: frames.PrepayNight) -> list[tuple[int, int]]:
    first, end = collected.account_range(store, night.units)
    return [(start, min(start + ACCOUNTS_A_RANGE, end)) for start in range(first, end, ACCOUNTS_A_RANGE)]


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
    fen = pl.col("balance_fen")
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    yuan = pl.format("{}{}.{}", sign, fen.abs() // 100, (fen.abs() % 100).cast(pl.String).str.zfill(2))
    return rows.select("account_id", balance=yuan, days=pl.col("days_left").cast(pl.String), hours=pl.lit(str(hours)))


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
