"""What people and other domains do with notices: send them, write their texts, decide what nobody knows, opt out."""

from wandeng.domains.notices.actions.outbox import cancel, report, send_again, settle_unknown
from wandeng.domains.notices.actions.preferring import prefer
from wandeng.domains.notices.actions.reaching import opt_in, opt_out, set_address
from wandeng.domains.notices.actions.sending import ToStaff, send, send_to_staff
from wandeng.domains.notices.actions.templates import (
    approve_version,
    create_template,
    draft_version,
    install_defaults,
    withdraw_version,
)

__all__ = [
    "ToStaff",
    "approve_version",
    "cancel",
    "create_template",
    "draft_version",
    "install_defaults",
    "opt_in",
    "opt_out",
    "prefer",
    "report",
    "send",
    "send_again",
    "send_to_staff",
    "set_address",
    "settle_unknown",
    "withdraw_version",
]
