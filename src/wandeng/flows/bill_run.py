"""The bill run (电费核算): freeze inputs → price → check → a second person approves → post → publish.

Every function may be called again after a crash, or by two people at once: what is done is not done twice, and what is
missing is made up for. Times and actors come from the door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from pathlib import Path

from django.db import IntegrityError

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frames as billing
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.types import RunView, ShardJob, Stage, Totals
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows import bill_pool, bill_steps
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.ids import RunId, UnitId
from wandeng.kernel.periods import BILLING_ZONE, Month

SHARD_ACCOUNTS = 30_000
"""Most accounts of a shard: larger ones are not faster, and take more memory of a worker."""
LEAST_SHARD_ACCOUNTS = 1_000
SHARDS_WANTED = 4
"""A small unit is still cut into a few shards, so that two workers have work."""

Progress = Callable[[str, int, int], None]
"""Told the step, how many shards of it are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """With what a run is made: the rules and their files, the processes, and how large a shard is (None: by the size of
    the unit)."""

    library: RuleLibrary
    rules_root: Path
    pool: bill_pool.Pool = field(default_factory=bill_pool.Pool)
    shard_accounts: int | None = None

    @classmethod
    def default(cls, pool: bill_pool.Pool | None = None) -> Workshop:
        """The shipped rules, and the caller's processes (none: everything happens here)."""
        root = default_root()
        return cls(RuleLibrary.load(root), root, pool or bill_pool.Pool())


def silent(_step: str, _done: int, _of: int) -> None:
    """No progress to tell anybody; returns nothing."""
    return


def run(
    *, unit_code: str, month: Month, actor: Actor, at: datetime, shop: Workshop, progress: Progress = silent
) -> RunView:
    """Open the unit's run of the month, or take up the open one, and bring it as far as the check.

    Returns the run CHECKED, or HALTED with the findings of the gate, or further when it was further already.
    """
    try:
        run_id = runs.open_run(unit_code=unit_code, month=month, actor=actor, at=at)
    except IntegrityError:  # somebody opened it between our look and our insert
        run_id = runs.open_run(unit_code=unit_code, month=month, actor=actor, at=at)
    return advance(run_id, actor=actor, at=at, shop=shop, progress=progress)


def advance(run_id: RunId, *, actor: Actor, at: datetime, shop: Workshop, progress: Progress = silent) -> RunView:
    """Bring a run from where it stands to the check: plan, freeze, price, check.

    Somebody else may be doing the same: who finds the run moved on meanwhile goes on from there.
    """
    scope = Scope.of(actor)
    while True:
        view = queries.run(scope, run_id)
        if view.state not in ("OPEN", "FROZEN", "PRICED"):
            return view
        try:
            _one_step(view, actor, at, shop, progress)
        except Conflict:
            if queries.run(scope, run_id).state == view.state:
                raise


def _one_step(view: RunView, actor: Actor, at: datetime, shop: Workshop, progress: Progress) -> None:
    run_id = RunId(view.run_id)
    if view.state == "OPEN":
        _plan(view, at, shop)
        _step(view, bill_steps.freeze, Stage.PLANNED, "freeze", shop.pool, progress)
        runs.mark_frozen(run=run_id, actor=actor, at=at)
    elif view.state == "FROZEN":
        _step(view, bill_steps.price, Stage.FROZEN, "price", shop.pool, progress)
        runs.mark_priced(run=run_id, actor=actor, at=at)
    else:
        _check(view, actor, at, shop)


def post(
    run_id: RunId, *, actor: Actor, at: datetime, pool: bill_pool.Pool | None = None, progress: Progress = silent
) -> RunView:
    """Post an approved run shard by shard. The accounting month is the bill month; corrections go into that of ``at``, and so
    does a final bill whose month is closed."""
    scope = Scope.of(actor)
    view = queries.run(scope, run_id)
    runs.require_postable(run=run_id, actor=actor)
    facts = bill_steps.PostingFacts(
        UnitId(view.unit_id),
        str(_accounting_month(view, at)),
        at,
        actor,
    )
    jobs = _jobs(view, Stage.PRICED)
    try:
        for done, _ in enumerate(_pool(pool).run_all(bill_steps.post, jobs, facts), start=1):
            progress("post", done, len(jobs))
        runs.mark_posted(run=run_id, actor=actor, at=at)
    except Conflict:
        if queries.run(scope, run_id).state == view.state:
            raise
    return queries.run(scope, run_id)


def _accounting_month(view: RunView, at: datetime) -> Month:
    is_late = view.kind == "FINAL" and ledger.is_closed(unit=UnitId(view.unit_id), month=str(view.month))
    return Month.of(at.astimezone(BILLING_ZONE).date()) if view.kind == "CORRECTION" or is_late else view.month


def publish(run_id: RunId, *, actor: Actor, at: datetime) -> RunView:
    """Make a posted run's bills public."""
    runs.publish(run=run_id, actor=actor, at=at)
    return queries.run(Scope.of(actor), run_id)


def dry_run(
    *, unit_code: str, month: Month, actor: Actor, shop: Workshop, progress: Progress = silent
) -> tuple[Totals, int]:
    """Price a unit's month from live data into nothing: the totals, and the number of shards."""
    unit = organization.unit(Scope.of(actor), unit_code)
    book = price_book(shop.library, unit.territory, month)
    with ColumnStore() as store:
        ranges = _ranges(store, unit.path, month, shop)
    jobs = [
        ShardJob(0, 0, number, "RANGE", month, unit.path, start, end)
        for number, (start, end) in enumerate(ranges, start=1)
    ]
    found: dict[int, Totals] = {}
    for job, totals in shop.pool.run_all(bill_steps.try_out, jobs, book):
        found[job.number] = totals
        progress("price", len(found), len(jobs))
    return reduce(Totals.__add__, (found[number] for number in sorted(found)), Totals()), len(jobs)


def verify(
    run_id: RunId, *, actor: Actor, pool: bill_pool.Pool | None = None, progress: Progress = silent
) -> list[str]:
    """Price a run's frozen inputs again: what differs from the stored bills, lines and hashes. Empty is identical."""
    view = queries.run(Scope.of(actor), run_id)
    jobs = _jobs(view, Stage.PRICED, Stage.POSTED)
    complaints: list[str] = []
    answers = _pool(pool).run_all(bill_steps.verify, jobs, view.book_hash)
    for done, (_, found) in enumerate(answers, start=1):
        complaints += found
        progress("verify", done, len(jobs))
    return sorted(complaints)


def _pool(pool: bill_pool.Pool | None) -> bill_pool.Pool:
    return pool or bill_pool.Pool()


def _plan(view: RunView, at: datetime, shop: Workshop) -> None:
    if view.book_hash:
        return
    book = price_book(shop.library, view.territory, view.month)
    with ColumnStore() as store:
        ranges = _ranges(store, view.unit_path, view.month, shop)
    runs.plan(run=RunId(view.run_id), book=book, ranges=ranges, library=shop.library, rules_root=shop.rules_root, at=at)


def price_book(library: RuleLibrary, territory: str, month: Month) -> Book:
    """Prices for every period that a route of the month may close."""
    with ColumnStore() as store:
        back = billing.longest_period(store)
    from_on, to_on = month.plus(-back).first, month.next().first
    return tariffs.book(library, territory=territory, from_on=from_on, to_on=to_on)


def _ranges(store: ColumnStore, unit_path: str, month: Month, shop: Workshop) -> Sequence[tuple[int, int]]:
    """Cut the accounts to bill into id ranges of about equal size."""
    accounts = billing.accounts_to_bill(store, unit_path=unit_path, month=month)
    size = shop.shard_accounts or min(SHARD_ACCOUNTS, max(LEAST_SHARD_ACCOUNTS, -(-len(accounts) // SHARDS_WANTED)))
    starts = [accounts[place].as_py() for place in range(0, len(accounts), size)]
    ends = [*starts[1:], accounts[len(accounts) - 1].as_py() + 1] if starts else []
    return list(zip(starts, ends, strict=True))


def _step(
    view: RunView, step: Callable[..., bool], stage: Stage, name: str, pool: bill_pool.Pool, progress: Progress
) -> None:
    jobs = _jobs(view, stage)
    for done, _ in enumerate(pool.run_all(step, jobs, _book_hash(view)), start=1):
        progress(name, done, len(jobs))


def _book_hash(view: RunView) -> str:
    return view.book_hash or queries.run(Scope.everywhere(), RunId(view.run_id)).book_hash


def _jobs(view: RunView, *stages: Stage) -> list[ShardJob]:
    with ColumnStore() as store:
        return billing.jobs(store, run_id=view.run_id, unit_path=view.unit_path, stages=stages)


def _check(view: RunView, actor: Actor, at: datetime, shop: Workshop) -> None:
    supply = None
    if view.kind == "ORDINARY":
        with ColumnStore() as store:
            supply = billing.supply(store, unit_path=view.unit_path, month=view.month)
    runs.check(run=RunId(view.run_id), library=shop.library, supply=supply, actor=actor, at=at)
