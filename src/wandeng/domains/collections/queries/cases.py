"""One case with its steps, promises, protections and moves; one task; one protection."""

from __future__ import annotations

from datetime import date

from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.types import (
    CaseMove,
    CaseShown,
    PromiseShown,
    ProtectionShown,
    StepShown,
)
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import AccountId

_STEP_FIELDS = (
    "id", "kind", "attempt", "by", "state", "taken_at", "actor", "responsible", "open_fen", "notice_key", "reached_at",
    "reached_whom", "channel", "evidence", "authority_reference", "note", "recorded_by",
)  # fmt: skip
_PROMISE_FIELDS = (
    "id", "promised_on", "amount_fen", "open_fen", "channel", "state", "made_at", "made_by", "paid_fen", "decided_on",
    "note",
)  # fmt: skip
_CASE_FIELDS = (
    "customer_class", "state", "opened_on", "as_of", "open_fen", "bills", "oldest_due_on", "responsible", "step",
    "step_on", "standing", "next_step", "next_on", "noticed_on", "cut_at", "closed_on", "closed_as", "rule_path",
)  # fmt: skip


def case(scope: Scope, case_id: int) -> CaseShown:
    """One case. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(DunningCase.objects.select_related("account", "unit"), "unit__path", "dunning case", pk=case_id)
    return _shown(row)


def case_of_account(scope: Scope, account: AccountId) -> CaseShown | None:
    """The account's newest case, closed or not; ``None`` when there never was one."""
    rows = scope.limit(DunningCase.objects.select_related("account", "unit"), "unit__path")
    row = rows.filter(account_id=account).order_by("-id").first()
    return _shown(row) if row else None


def step_task(scope: Scope, step_id: int) -> tuple[CaseShown, StepShown]:
    """A step with its case. Raises :class:`NotFound`, also outside the scope."""
    step = scope.one(DunningStep.objects.all(), "unit__path", "dunning step", pk=step_id)
    found = case(scope, step.case_id)
    return found, next(one for one in found.steps if one.id == step_id)


def protection(scope: Scope, protection_id: int) -> ProtectionShown:
    """One protection. Raises :class:`NotFound`, also outside the scope."""
    rows = ProtectedCustomer.objects.select_related("account__unit")
    return _protection(scope.one(rows, "account__unit__path", "protection", pk=protection_id))


def protections_of(account: AccountId) -> tuple[ProtectionShown, ...]:
    """The account's protections, newest first."""
    rows = ProtectedCustomer.objects.filter(account_id=account).select_related("account__unit")
    return tuple(_protection(one) for one in rows.order_by("-id"))


def protected_accounts(on: date) -> dict[int, str]:
    """Kind of protection by account id, of every protection that holds on a day; life support before any other."""
    rows = ProtectedCustomer.objects.filter(state="APPROVED", valid_from__lte=on, valid_to__gt=on)
    found: dict[int, str] = {}
    for account, kind in rows.order_by("account_id", "kind").values_list("account_id", "kind"):
        if kind == "LIFE_SUPPORT" or account not in found:
            found[account] = kind
    return found


def _shown(row: DunningCase) -> CaseShown:
    steps = DunningStep.objects.filter(case=row).order_by("taken_at", "id")
    promises = PromiseToPay.objects.filter(case=row).order_by("id")
    moves = StateChange.objects.filter(subject_type=row._meta.label, subject_id=row.pk).order_by("id")
    account, unit = row.account, row.unit
    return CaseShown(
        id=row.pk, account_id=AccountId(account.pk), account_number=account.account_number, account_name=account.name,
        address=account.address, importance=account.importance, unit_code=unit.code, unit_name=unit.name,
        unit_path=unit.path, territory=unit.territory, **{name: getattr(row, name) for name in _CASE_FIELDS},
        steps=tuple(StepShown(**values) for values in steps.values(*_STEP_FIELDS)),
        promises=tuple(PromiseShown(**values) for values in promises.values(*_PROMISE_FIELDS)),
        protections=protections_of(AccountId(row.account_id)),
        moves=tuple(CaseMove(one.move, one.to_state, one.actor, one.at, one.reason) for one in moves),
    )  # fmt: skip


def _protection(row: ProtectedCustomer) -> ProtectionShown:
    return ProtectionShown(
        id=row.pk, account_number=row.account.account_number, account_name=row.account.name,
        unit_name=row.account.unit.name, kind=row.kind, evidence=row.evidence, valid_from=row.valid_from,
        valid_to=row.valid_to, state=row.state, proposed_by=row.proposed_by, proposed_at=row.proposed_at,
        decided_by=row.decided_by, decided_at=row.decided_at, reason=row.reason,
    )  # fmt: skip
