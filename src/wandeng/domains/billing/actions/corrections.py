"""Correcting bills (退补): cancel, bill again, adjust. The original stays; what corrects it refers to it.

A correction is a small bill run of its own, with a shard a month, so it is frozen, priced, approved by a second person
and posted exactly as an ordinary run is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frozen, standing
from wandeng.domains.billing.actions.runs import OVER, keep_rule_texts
from wandeng.domains.billing.models import Bill, BillCorrection, BillRun, BillShard
from wandeng.domains.billing.rules import correction_case, payment_terms
from wandeng.domains.billing.types import BillKind, CorrectionJob
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import BILLING_ZONE, Month

BEING_MADE = ("OPEN", "FROZEN", "PRICED")
POSTED_STATES = ("POSTED", "PUBLISHED")


class BillNotPosted(Conflict):
    """The bill is still a draft: take its account up again in its run, or discard the run."""

    code = "BILL_NOT_POSTED"


class CorrectionOpen(Conflict):
    """Another correction of the account waits for approval or posting."""

    code = "CORRECTION_OPEN"


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be corrected, and why. ``months`` beyond the first follow from it (annual tiers)."""

    action: str
    account_number: str
    months: tuple[Month, ...]
    reason: str
    case_code: str = ""
    document_number: str = ""
    energy_ckwh: int | None = None
    amount_fen: int | None = None


@transaction.atomic
def open_correction(
    *, decision: Decision, book: Book, library: RuleLibrary, rules_root: Path, actor: Actor, at: datetime
) -> RunId:
    """Write a decision down as a run with a shard a month and its price book frozen; the same decision again answers
    with the run that is still being made.

    Raises ``NotFound``, :class:`BillNotPosted`, :class:`CorrectionOpen`, :class:`InvalidInput`.
    """
    bills = [standing.bill_of(Scope.of(actor), decision.account_number, month) for month in decision.months]
    unit = bills[0].account.unit
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=unit.path)
    unfinished = _unfinished(bills[0], decision)
    if unfinished is not None:
        return unfinished
    _refuse_unsound(decision, bills, library, unit.territory)
    month = decision.months[0]
    same = BillRun.objects.filter(unit=unit, month=str(month), kind="CORRECTION")
    run = BillRun.objects.create(
        id=ids.reserve(BillRun, 1), unit=unit, month=str(month), kind="CORRECTION", territory=unit.territory,
        sequence=(same.aggregate(last=Max("sequence"))["last"] or 0) + 1, created_by=actor.code, created_at=at,
    )  # fmt: skip
    terms = payment_terms(library, on=month.first, territory=unit.territory)
    book_hash = frozen.write_book(run.pk, book, terms)
    BillRun.objects.filter(pk=run.pk).update(book_hash=book_hash)
    keep_rule_texts(book, terms, rules_root, at)
    for number, bill in enumerate(bills, start=1):
        _plan_shard(run, number, bill, decision)
    facts = {
        "account": decision.account_number, "months": [str(one) for one in decision.months], "case": decision.case_code,
        "document": decision.document_number, "energy_ckwh": decision.energy_ckwh, "amount_fen": decision.amount_fen,
    }  # fmt: skip
    audit.record(actor=actor, action=f"bill.{decision.action.lower()}", subject=run, facts=facts, at=at,
                 reason=decision.reason, unit_path=unit.path)  # fmt: skip
    return RunId(run.pk)


def _plan_shard(run: BillRun, number: int, bill: Bill, decision: Decision) -> None:
    shard = BillShard.objects.create(
        id=ids.reserve(BillShard, 1), run=run, number=number, takes="CORRECTION", month_index=bill.month_index,
        account_from=bill.account_id, account_to=bill.account_id + 1,
    )  # fmt: skip
    BillCorrection.objects.create(
        shard=shard, account=bill.account, original=bill, action=decision.action, case_code=decision.case_code,
        document_number=decision.document_number, energy_ckwh=decision.energy_ckwh, amount_fen=decision.amount_fen,
        reason=decision.reason if number == 1 else f"{decision.reason} (随 {decision.months[0]} 重算)",
    )  # fmt: skip


def correction_job(shard_id: int) -> tuple[CorrectionJob, int, str]:
    """What a correcting shard has to do, and the run and book hash by which its original was priced."""
    row = BillCorrection.objects.select_related("original__shard__run", "shard__run").get(shard_id=shard_id)
    bills = list(Bill.objects.filter(account_id=row.account_id, month_index=row.original.month_index).exclude(
        shard_id=shard_id
    ))  # fmt: skip
    job = CorrectionJob(
        action=row.action,
        original_id=row.original_id,
        cancels=row.action in ("CANCEL", "REBILL") and row.original_id not in standing.cancelled(bills),
        next_revision=max(bill.revision for bill in bills) + 1,
        made_on=row.shard.run.created_at.astimezone(BILLING_ZONE).date(),
        energy_ckwh=row.energy_ckwh,
        amount_fen=row.amount_fen,
    )
    run = row.original.shard.run
    return job, run.pk, run.book_hash


def _refuse_unsound(decision: Decision, bills: Sequence[Bill], library: RuleLibrary, territory: str) -> None:
    if not decision.reason.strip():
        raise InvalidInput("say why the bill is corrected")
    if decision.action == "ADJUST":
        if (decision.energy_ckwh is None) == (decision.amount_fen is None):
            raise InvalidInput("an adjustment is given in energy or in money, one of the two")
        if not decision.document_number.strip():
            raise InvalidInput("an adjustment needs the number of the document that decided it")
        correction_case(library, decision.case_code, on=decision.months[0].first, territory=territory)
    for bill in bills:
        if bill.shard.run.state not in POSTED_STATES:
            raise BillNotPosted(
                f"the bill of {Month.from_index(bill.month_index)} is {bill.shard.run.state} in run "
                f"{bill.shard.run_id}: only posted bills are corrected"
            )
        if decision.action == "CANCEL" and bill.corrections.filter(kind=BillKind.CANCELLATION).exists():
            raise Conflict(f"the bill of {Month.from_index(bill.month_index)} is cancelled already")


def _unfinished(bill: Bill, decision: Decision) -> RunId | None:
    """The open correction of the account, if it is this very one and still being made.

    Told by month, action and reason, not by the bill: its own new bill may be the one that stands already.
    """
    found = BillCorrection.objects.filter(account_id=bill.account_id, shard__number=1).select_related("shard__run")
    for row in found.exclude(shard__run__state__in=(*OVER, "POSTED")).order_by("id"):
        run = row.shard.run
        same = (row.shard.month_index, row.action, row.reason) == (
            decision.months[0].index,
            decision.action,
            decision.reason,
        )
        if run.state in BEING_MADE and same:
            return RunId(run.pk)
        raise CorrectionOpen(f"run {run.pk} already corrects account {decision.account_number} and is {run.state}")
    return None
