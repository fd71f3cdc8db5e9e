"""Outage plans with what other domains know: who is protected from cuts (collections) is found among those off."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.types import PlanRequest, Preview
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE


def draft(*, request: PlanRequest, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> str:
    """Draft a plan. Returns its number. Raises as ``plans.draft``."""
    made = plans.draft(request=request, actor=actor, at=at, protected=_protected(request), library=library)
    return queries.plans.number_of(made)


def change(
    *, number: str, request: PlanRequest, reason: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> int:
    """Write the next version of a plan. Returns its number. Raises as ``plans.change``."""
    return plans.change(
        number=number, request=request, reason=reason, actor=actor, at=at, protected=_protected(request),
        library=library,
    )  # fmt: skip


def preview(
    scope: Scope, request: PlanRequest, *, now: datetime, changes: str = "", library: RuleLibrary | None = None
) -> Preview:
    """What a plan would come to; nothing is written. Raises as ``queries.preview``."""
    return queries.preview(
        scope, request, protected=_protected(request), now=now, changes=changes, library=library
    )  # fmt: skip


def _protected(request: PlanRequest) -> dict[int, str]:
    return collections.protected_accounts(request.starts_at.astimezone(BILLING_ZONE).date())
