"""Who may appoint people and see to their accounts: the administrator, or, once the utility keeps the three
administrators apart (三员分立), the security administrator alone.

Source: GB/T 22239-2019 8.1.5.3. Machine accounts act for the shell of the machine itself and are not held by it.
"""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.organization import settled
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE


def require_staff_authority(actor: Actor, *, unit_path: str, at: datetime) -> None:
    """Refuse unless the actor sees to people in this unit.

    Raises :class:`NotAllowed` for the role and :class:`NotFound` for the unit.
    """
    on = at.astimezone(BILLING_ZONE).date()
    if actor.person_id is None or not settled.parameter_int("people.three_administrators", on):
        require(actor, Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, unit_path=unit_path)
        return
    # Held itself: an administrator has every other role's rights, but not this one.
    if Role.SECURITY_ADMINISTRATOR not in actor.roles:
        raise NotAllowed("people are appointed by the security administrator here")
    if not Scope.of(actor).covers(unit_path):
        raise NotFound(f"there is no unit {unit_path}")
