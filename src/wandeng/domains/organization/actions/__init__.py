"""Writes of organization, one module a subject: ``posts`` (units, people, posts), ``staff`` (accounts of people),
``credentials`` (passwords, tokens), ``parameters``, ``announcements``, ``setup`` (words, name, colours), ``views``."""

from wandeng.domains.organization.actions.announcements import (
    draft_announcement,
    mark_read,
    publish_announcement,
    recall_announcement,
)
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
from wandeng.domains.organization.actions.parameters import (
    OwnDraft,
    approve_parameter,
    draft_parameter,
    withdraw_parameter,
)
from wandeng.domains.organization.actions.posts import (
    KeptApart,
    add_person,
    appoint,
    create_unit,
    dismiss,
    offer_in_demonstration,
)
from wandeng.domains.organization.actions.setup import set_brand, set_entry
from wandeng.domains.organization.actions.staff import (
    deactivate_person,
    deactivate_unused,
    move_person,
    reactivate_person,
    rename_unit,
    reset_password,
    unlock_person,
)
from wandeng.domains.organization.actions.units import close_unit
from wandeng.domains.organization.actions.views import forget_view, save_view

__all__ = [
    "IssuedToken",
    "KeptApart",
    "LockedOut",
    "OwnDraft",
    "WeakPassword",
    "add_person",
    "admit",
    "appoint",
    "approve_parameter",
    "close_unit",
    "create_unit",
    "deactivate_person",
    "deactivate_unused",
    "dismiss",
    "draft_announcement",
    "draft_parameter",
    "forget_view",
    "issue_token",
    "mark_read",
    "move_person",
    "offer_in_demonstration",
    "publish_announcement",
    "reactivate_person",
    "recall_announcement",
    "record_login",
    "rename_unit",
    "reset_password",
    "revoke_token",
    "save_view",
    "set_brand",
    "set_entry",
    "set_password",
    "unlock_person",
    "withdraw_parameter",
]
