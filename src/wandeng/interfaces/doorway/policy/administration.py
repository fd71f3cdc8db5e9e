"""Units, people, posts, settings, work and logs: whose they are."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ADMINISTRATORS, ANYBODY, MANAGERS, NOBODY, Rule

STAFF = ADMINISTRATORS | {Role.SECURITY_ADMINISTRATOR}
"""Who sees to people and their accounts."""
TRAIL = frozenset({Role.AUDIT_ADMINISTRATOR, Role.AUDITOR, Role.SECURITY_ADMINISTRATOR, Role.ADMINISTRATOR})
"""Who reads what was done."""
AUTHORS = ADMINISTRATORS | MANAGERS
"""Who writes notices."""

_SETUP_READ = Rule(STAFF | {Role.AUDIT_ADMINISTRATOR, Role.AUDITOR})
_STAFF_READ = Rule(STAFF | MANAGERS | {Role.AUDIT_ADMINISTRATOR})
_STAFF_WRITE = Rule(NOBODY, STAFF)
_ADMIN_WRITE = Rule(NOBODY, ADMINISTRATORS)
_SETUP = Rule(_SETUP_READ.read, ADMINISTRATORS)
_TRAIL = Rule(TRAIL)

POLICY = {
    "console:administration-units": _STAFF_READ,
    "console:administration-unit": Rule(_STAFF_READ.read, ADMINISTRATORS),
    "console:administration-unit-new": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:administration-unit-close": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:administration-people": _STAFF_READ,
    "console:administration-person": _STAFF_READ,
    "console:administration-person-new": Rule(STAFF, STAFF),
    "console:administration-person-switch": _STAFF_WRITE,
    "console:administration-person-password": _STAFF_WRITE,
    "console:administration-person-unlock": _STAFF_WRITE,
    "console:administration-person-move": _STAFF_WRITE,
    "console:administration-posts": _STAFF_READ,
    "console:administration-appoint": Rule(STAFF, STAFF),
    "console:administration-dismiss": _STAFF_WRITE,
    "console:administration-roles": _STAFF_READ,
    "console:administration-dictionaries": _SETUP_READ,
    "console:administration-dictionary": _SETUP,
    "console:administration-parameters": _SETUP_READ,
    "console:administration-parameter": _SETUP,
    "console:administration-parameter-approve": _ADMIN_WRITE,
    "console:administration-parameter-withdraw": _ADMIN_WRITE,
    "console:administration-calendar": Rule(frozenset(Role)),
    "console:administration-rules": Rule(frozenset(Role)),
    "console:administration-rule": Rule(frozenset(Role)),
    "console:administration-announcements": Rule(AUTHORS),
    "console:administration-announcement-new": Rule(AUTHORS, AUTHORS),
    "console:administration-announcement": Rule(AUTHORS),
    "console:administration-announcement-publish": Rule(NOBODY, AUTHORS),
    "console:administration-announcement-recall": Rule(NOBODY, AUTHORS),
    "console:administration-jobs": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:administration-job": Rule(ADMINISTRATORS),
    "console:administration-job-retry": _ADMIN_WRITE,
    "console:administration-job-cancel": _ADMIN_WRITE,
    "console:administration-timetable": Rule(ADMINISTRATORS),
    "console:administration-timetable-run": _ADMIN_WRITE,
    "console:administration-deliveries": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:administration-sessions": Rule(STAFF),
    "console:administration-session-end": _STAFF_WRITE,
    "console:administration-logins": _TRAIL,
    "console:administration-operations": _TRAIL,
    "console:administration-operation": _TRAIL,
    "console:administration-reveals": _TRAIL,
    "console:administration-brand": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:administration-monitor": Rule(ADMINISTRATORS),
    "console:brand-css": ANYBODY,
    "console:brand-logo": ANYBODY,
}
