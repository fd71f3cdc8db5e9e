"""Writes of organization, one module a subject: ``posts`` (units, people, posts), ``credentials`` (passwords,
tokens), ``views`` (saved views of lists)."""

from wandeng.domains.organization.actions.credentials import (
    IssuedToken,
    LockedOut,
    WeakPassword,
    admit,
    issue_token,
    record_login,
    revoke_token,
    set_password,
)
from wandeng.domains.organization.actions.posts import add_person, appoint, create_unit, dismiss, offer_in_demonstration
from wandeng.domains.organization.actions.views import forget_view, save_view

__all__ = [
    "IssuedToken",
    "LockedOut",
    "WeakPassword",
    "add_person",
    "admit",
    "appoint",
    "create_unit",
    "dismiss",
    "forget_view",
    "issue_token",
    "offer_in_demonstration",
    "record_login",
    "revoke_token",
    "save_view",
    "set_password",
]
