"""Correcting bills that are in the ledger (退补): each correction is a small run, approved by a second person and posted
like any other. Called again after a crash, it goes on with the run it had begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frames as billing
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import corrections, runs
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.types import RunView, ShardJob, Stage
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows.bill_run import Workshop
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Corrected:
    """The correcting run, CHECKED and waiting for its second person, and the months it would move but does not bill
    again: those of an annual tier after a changed one."""

    run: RunView
    later: tuple[Month, ...] = ()


def cancel(*, account_number: str, month: Month, reason: str, actor: Actor, at: datetime, shop: Workshop) -> Corrected:
    """Cancel (冲销) the bill that stands."""
    return _correct(Decision("CANCEL", account_number, (month,), reason), actor, at, shop)


def rebill(
    *, account_number: str, month: Month, reason: str, actor: Actor, at: datetime, shop: Workshop, cascade: bool = False
) -> Corrected:
    """Cancel the bill that stands and price the month again from the inputs as they are now, by the rules of its time.

    Where the account has annual tiers, the month's energy is the base of later ones. With ``cascade`` the later months
    of the year are billed again in the same run, in order; without it they are named.

    Raises ``RebillBlocked`` when the corrected inputs cannot be priced; the attempt is then discarded.
    """
    later = _later(account_number, month, actor, shop)
    months = (month, *later) if cascade else (month,)
    made = _correct(Decision("REBILL", account_number, months, reason), actor, at, shop)
    unmoved = cascade or not made.run.totals.energy_ckwh
    return made if unmoved else Corrected(made.run, later)


def adjust(*, decision: Decision, actor: Actor, at: datetime, shop: Workshop) -> Corrected:
    """Add or refund energy or money (追补、退还) by a case of the back-billing rules and a document."""
    return _correct(decision, actor, at, shop)


def _correct(decision: Decision, actor: Actor, at: datetime, shop: Workshop) -> Corrected:
    scope, first, last = Scope.of(actor), decision.months[0], decision.months[-1]
    place = queries.place(scope, account_number=decision.account_number, month=first)
    run_id = corrections.open_correction(
        decision=decision,
        book=_book(shop, place.territory, first, last),
        library=shop.library,
        rules_root=shop.rules_root,
        actor=actor,
        at=at,
    )
    while True:
        view = queries.run(scope, run_id)
        if view.state == "OPEN":
            try:
                _make(view)
            except Refused as refusal:
                runs.discard(run=run_id, reason=refusal.message, actor=actor, at=at)
                raise
            runs.mark_frozen(run=run_id, actor=actor, at=at)
        elif view.state == "FROZEN":
            runs.mark_priced(run=run_id, actor=actor, at=at)
        elif view.state == "PRICED":
            runs.check(run=run_id, library=shop.library, supply=None, actor=actor, at=at)
        else:
            return Corrected(view)


def _make(view: RunView) -> None:
    """Freeze and price month by month: a later month's tier base is what the earlier one has become."""
    book, terms = billing.read_book(view.run_id, book_hash=view.book_hash)
    for job in _jobs(view, Stage.PLANNED, Stage.FROZEN):
        correction, original_run, original_hash = corrections.correction_job(job.shard_id)
        original_book, _ = billing.read_book(original_run, book_hash=original_hash)
        with ColumnStore() as store:
            if not job.input_hash:
                billing.corrections.freeze(store, job, correction, book)
        ready = next(one for one in _jobs(view, Stage.FROZEN) if one.shard_id == job.shard_id)
        with ColumnStore() as store:
            billing.corrections.make(store, ready, correction, book, original_book, terms)


def _jobs(view: RunView, *stages: Stage) -> list[ShardJob]:
    with ColumnStore() as store:
        return billing.jobs(store, run_id=view.run_id, unit_path=view.unit_path, stages=stages)


def _later(account_number: str, month: Month, actor: Actor, shop: Workshop) -> tuple[Month, ...]:
    """Later months of the year that stand on this one's energy."""
    later = queries.later_months(Scope.of(actor), account_number=account_number, month=month)
    if not later:
        return ()
    place = queries.place(Scope.of(actor), account_number=account_number, month=month)
    job = ShardJob(0, 0, 0, "CORRECTION", month, place.unit_path, place.account_id, place.account_id + 1)
    book = _book(shop, place.territory, month, month)
    with ColumnStore() as store:
        return later if billing.corrections.is_annual(store, job, book) else ()


def _book(shop: Workshop, territory: str, first: Month, last: Month) -> Book:
    with ColumnStore() as store:
        back = billing.longest_period(store)
    return tariffs.book(shop.library, territory=territory, from_on=first.plus(-back).first, to_on=last.next().first)
