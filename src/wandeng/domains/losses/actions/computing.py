"""Days of line loss are computed, by the clock or by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wandeng.domains.losses.frames import computing
from wandeng.domains.losses.types import LOOKERS, Computed
from wandeng.domains.organization import queries as organization
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

AT_MOST = timedelta(days=62)


def compute(
    *, unit_code: str, from_on: date, to_on: date, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> Computed:
    """Compute the days ``from_on`` ≤ day < ``to_on`` of a unit, the oldest first, a transaction each; what stands already and is
    the same stays. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for days that are not over or
    too many, ``NoRuleInForce``."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *LOOKERS, unit_path=unit.path)
    if not from_on < to_on <= at.astimezone(BILLING_ZONE).date() or to_on - from_on > AT_MOST:
        raise InvalidInput(f"line loss is computed for at most {AT_MOST.days} days that are over")
    done = Computed(0, 0, 0, 0)
    with ColumnStore() as store:
        for offset in range((to_on - from_on).days):
            one = computing.compute(
                store, unit_path=unit.path, on=from_on + timedelta(days=offset), at=at, library=library
            )
            done = Computed(
                done.days + 1, one.areas, done.written + one.written, done.revised + one.revised
            )  # fmt: skip
    return done
