"""What a row of the policy table says."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.domains.organization.types import Role
from wandeng.kernel.actors import Actor

EVERYBODY = frozenset(Role)
"""Every member of staff with a post."""
NOBODY: frozenset[Role] = frozenset()
"""No role: for routes that are only read. The administrator holds every role's rights but not these."""

MANAGERS = frozenset({Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER})
FRONT = frozenset({Role.CALL_CLERK, Role.HALL_CLERK})
FIELD = frozenset({Role.CELL_MANAGER, Role.METER_READER})
BILLING = frozenset({Role.BILLING_CLERK, Role.BILLING_REVIEWER})
ACCOUNTING = frozenset({Role.ACCOUNTANT})
OVERSIGHT = MANAGERS | {Role.AUDITOR}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class Rule:
    """Roles that may read (GET, HEAD) and roles that may write (everything else). ``public``: no login is
    needed. ``resident``: for residents who logged in by their phone, never for staff as such."""

    read: frozenset[Role]
    write: frozenset[Role] = NOBODY
    public: bool = False
    resident: bool = False

    def lets(self, actor: Actor, *, write: bool) -> bool:
        """Whether an actor may; an administrator may whatever anybody may."""
        return self.public or any(actor.has(role) for role in (self.write if write else self.read))


ANYBODY = Rule(EVERYBODY, EVERYBODY, public=True)
"""Login page and the like."""
RESIDENT = Rule(NOBODY, NOBODY, resident=True)
"""A resident's own pages: what they see of them is what they hold (``doorway/holding.py``)."""
