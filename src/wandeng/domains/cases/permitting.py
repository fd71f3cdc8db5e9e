"""Whether a step may be done: one that the definition marks is not, without a permit to work that holds (工作票)."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.cases.models import Case, WorkPermit
from wandeng.domains.cases.types import PermitMissing
from wandeng.infra.processes.parts import Step


def is_wanted(row: Case, step: Step) -> bool:
    """Whether this step of this case needs a permit."""
    return step.needs_permit and (not step.permit_for or row.first_class in step.permit_for)


def require(row: Case, step: Step, at: datetime) -> None:
    """Raises :class:`PermitMissing` unless a permit for the step was issued and holds at the time it was done."""
    if not is_wanted(row, step):
        return
    held = WorkPermit.objects.filter(case=row, step=step.code, state="ISSUED", valid_from__lte=at, valid_to__gt=at)
    if not held.filter(issued_at__lte=at).exists():
        raise PermitMissing(f"step {step.code} of case {row.number} needs an issued permit to work", step=step.code)
