"""Coming in, the first page, and what everybody has: search, language, profile."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import (
    ACCOUNTING,
    ANYBODY,
    BILLING,
    EVERYBODY,
    FRONT,
    MANAGERS,
    OVERSIGHT,
    Rule,
)

_PERSONAL = Rule(EVERYBODY, EVERYBODY)

POLICY = {
    "console:login": ANYBODY,
    "console:logout": ANYBODY,
    "console:language": ANYBODY,
    "console:home": Rule(EVERYBODY),
    "console:home-read": _PERSONAL,
    "console:home-agreements": Rule(FRONT | {Role.ACCOUNT_MANAGER}),
    "console:home-routes": Rule(frozenset({Role.CELL_MANAGER})),
    "console:home-movers": Rule(BILLING | {Role.AUDITOR}),
    "console:home-collected": Rule(MANAGERS),
    "console:home-money": Rule(ACCOUNTING),
    "console:home-together": Rule(frozenset({Role.AUDITOR, Role.AUDIT_ADMINISTRATOR})),
    "console:home-indicators": Rule(OVERSIGHT),
    "console:home-indicator": Rule(OVERSIGHT),
    "console:home-report": Rule(OVERSIGHT),
    "console:unit": _PERSONAL,
    "console:profile": _PERSONAL,
    "console:password": _PERSONAL,
    "console:tokens": _PERSONAL,
    "console:token-revoke": _PERSONAL,
    "console:views": _PERSONAL,
    "console:view-forget": _PERSONAL,
    "console:components": Rule(EVERYBODY),
    "root": ANYBODY,
    "health": ANYBODY,
}
