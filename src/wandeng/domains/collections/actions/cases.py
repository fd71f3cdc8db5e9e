"""Cases: closed when nothing is overdue any more, given to somebody else, marked as cut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections import arrears, states
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay
from wandeng.domains.collections.types import ClosedAs, NoCase
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

ASSIGNERS = (Role.COUNTY_MANAGER, Role.ACCOUNTANT, Role.CELL_MANAGER)
_UNIT = "unit__path"


def open_case(account: AccountId) -> DunningCase | None:
    """The account's case that is not closed."""
    rows = DunningCase.objects.select_related("account", "unit").filter(account_id=account)
    return rows.exclude(state="CLOSED").first()


@transaction.atomic
def close_if_paid(*, account: AccountId, on: date, at: datetime, actor: Actor) -> int | None:
    """After money came in: close the account's case when nothing is overdue any more, else note what is left.

    Call it in the payment's own transaction. Returns the id of the case that was closed, ``None`` when there was none or
    something is still overdue. A promise whose amount has come in is kept at once.
    """
    case = open_case(account)
    if case is None:
        return None
    left = arrears.overdue_of(case.account.account_number, on=on)
    holding = PromiseToPay.objects.filter(case=case, state="HOLDING").first()
    kept = holding is not None and _keep_if_paid(holding, case, on=on, at=at, actor=actor)
    if left.open_fen > 0 and left.oldest_due_on is not None:
        DunningCase.objects.filter(pk=case.pk).update(
            as_of=on, open_fen=left.open_fen, bills=left.bills, oldest_due_on=left.oldest_due_on
        )
        if kept:
            move(case, states.CASE, "release", actor=actor, at=at, reason="the promise was kept")
        return None
    closed_as = ClosedAs.PROMISE_KEPT if kept else ClosedAs.PAID
    close(case, closed_as, on=on, at=at, actor=actor)
    return case.pk


def _keep_if_paid(promise: PromiseToPay, case: DunningCase, *, on: date, at: datetime, actor: Actor) -> bool:
    left = arrears.left_of(case.account.account_number, due_to=promise.covers_due_to, on=on)
    paid = promise.open_fen - left
    if paid < promise.amount_fen:
        return False
    move(promise, states.PROMISE, "keep", actor=actor, at=at, paid_fen=paid, decided_on=on)
    return True


def close(case: DunningCase, closed_as: ClosedAs, *, on: date, at: datetime, actor: Actor, reason: str = "") -> None:
    """Close a case and take back what a person was still to do for it."""
    open_fen = 0 if closed_as in (ClosedAs.PAID, ClosedAs.PROMISE_KEPT) else case.open_fen
    move(
        case, states.CASE, "close", actor=actor, at=at, reason=reason, closed_on=on, closed_as=closed_as,
        as_of=on, open_fen=open_fen, standing="", next_step="", next_on=None,
    )  # fmt: skip
    for step in DunningStep.objects.filter(case=case, state="PENDING", by="PERSON"):
        move(step, states.STEP, "cancel", actor=actor, at=at, reason="the case is closed")
    for promise in PromiseToPay.objects.filter(case=case, state="HOLDING"):
        move(promise, states.PROMISE, "withdraw", actor=actor, at=at, decided_on=on, reason="the case is closed")


@transaction.atomic
def close_for_plan(*, account: AccountId, on: date, at: datetime, actor: Actor, reason: str = "") -> int | None:
    """Close the account's case because an instalment plan (分期) was agreed; returns its id, ``None`` without a case.

    Raises :class:`Conflict` when no plan is running.
    """
    case = open_case(account)
    if case is None:
        return None
    if not arrears.has_plan(account):
        raise Conflict(f"account {case.account.account_number} has no instalment plan that is running")
    close(case, ClosedAs.PLAN, on=on, at=at, actor=actor, reason=reason)
    return case.pk


@transaction.atomic
def assign(*, case_ids: Sequence[int], responsible: str, actor: Actor, at: datetime, reason: str = "") -> int:
    """Make somebody responsible for cases and for what is still to be done for them; returns how many changed.

    Raises :class:`NotAllowed`, :class:`NotFound` for a case outside or a person nobody knows, :class:`InvalidInput` for a
    person without a post over the account's unit.
    """
    held = organization.posts_of(organization.person_card(responsible).code, at.astimezone(BILLING_ZONE).date())
    changed = 0
    for case_id in case_ids:
        case = Scope.of(actor).one(DunningCase.objects.select_related("unit"), _UNIT, "dunning case", pk=case_id)
        require(actor, *ASSIGNERS, unit_path=case.unit.path)
        if not any(case.unit.path.startswith(post.unit_path) for post in held):
            raise InvalidInput(f"{responsible} holds no post over the unit of case {case_id}")
        if case.responsible == responsible or case.state == "CLOSED":
            continue
        DunningCase.objects.filter(pk=case.pk).update(responsible=responsible)
        DunningStep.objects.filter(case=case, state="PENDING", by="PERSON").update(responsible=responsible)
        facts = {"was_responsible": case.responsible, "responsible": responsible}
        audit.record(
            actor=actor, action="dunning.assign", subject=case, facts=facts, at=at, reason=reason,
            unit_path=case.unit.path,
        )  # fmt: skip
        changed += 1
    return changed


@transaction.atomic
def mark_cut(*, account: AccountId, at: datetime, actor: Actor, reference: str) -> int:
    """Note on the account's case that power was cut, with the order's number; returns the case. For orders, in the
    transaction that confirms the cut.

    Raises :class:`NoCase`, ``MoveRefused`` when it was cut already.
    """
    case = open_case(account)
    if case is None:
        raise NoCase(f"account {account} has no open dunning case")
    move(case, states.CASE, "cut", actor=actor, at=at, reason=reference, cut_at=at, standing="DONE", step="CUT",
         step_on=at.astimezone(BILLING_ZONE).date(), next_step="", next_on=None)  # fmt: skip
    DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=case.unit_id, kind="CUT", rung=case.rung + 1,
        attempt=DunningStep.objects.filter(case=case, kind="CUT").count() + 1, by="ORDER", state="REACHED",
        taken_on=at.astimezone(BILLING_ZONE).date(), taken_at=at, actor=actor.code, open_fen=case.open_fen,
        oldest_due_on=case.oldest_due_on, reached_at=at, evidence=reference, channel="FIELD",
    )  # fmt: skip
    return case.pk
