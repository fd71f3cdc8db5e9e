"""Standards: they come with the register's file; here they are looked at again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.knowledge.models import Standard, StandardReview
from wandeng.domains.knowledge.types import ReviewOutcome
from wandeng.domains.organization.types import Role
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

REVIEWERS = (
    Role.AUDITOR, Role.ACCOUNT_MANAGER, Role.BILLING_REVIEWER, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER,
    Role.ADMINISTRATOR,
)  # fmt: skip
_STATUS = {ReviewOutcome.KEPT: "IN_FORCE", ReviewOutcome.REVISE: "REVISING", ReviewOutcome.ABOLISH: "ABOLISHED"}


@transaction.atomic
def review(
    *, code: str, outcome: str, actor: Actor, at: datetime, next_on: date | None = None, remark: str = ""
) -> None:
    """Note that a standard was looked at today: it stays, is to be revised, or is abolished.

    Raises :class:`InvalidInput` for an outcome nobody knows, a next day that is not ahead, or no remark where it does not
    stay; :class:`Conflict` for one that is abolished, :class:`NotFound`, :class:`NotAllowed`.
    """
    rows = Standard.objects.select_related("unit").select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "unit__path", "standard", code=code)
    require(actor, *REVIEWERS, unit_path=row.unit.path)
    today = at.astimezone(BILLING_ZONE).date()
    if outcome not in set(ReviewOutcome):
        raise InvalidInput(f"there is no outcome {outcome}")
    if row.status == "ABOLISHED":
        raise Conflict(f"standard {code} is abolished")
    kept = ReviewOutcome(outcome)
    if kept is ReviewOutcome.ABOLISH:
        next_on = None
    elif next_on is None or next_on <= today:
        raise InvalidInput("the next review is on a day ahead")
    if kept is not ReviewOutcome.KEPT and not remark.strip():
        raise InvalidInput("say why it does not stay as it is")
    StandardReview.objects.create(
        standard=row, on=today, outcome=outcome, remark=remark.strip(), next_on=next_on, person=actor.code, at=at
    )
    Standard.objects.filter(pk=row.pk).update(status=_STATUS[kept], review_on=next_on)
    facts = {"standard": code, "outcome": outcome, "to_on": next_on}
    audit.record(
        actor=actor, action="standard.review", subject=row, facts=facts, at=at, reason=remark, unit_path=row.unit.path
    )
