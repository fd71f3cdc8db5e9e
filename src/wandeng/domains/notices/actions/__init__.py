"""What people and other domains do with notices: send them, write their texts, decide what nobody knows, opt out."""

from wandeng.domains.notices.actions.sending import send
from wandeng.domains.notices.actions.templates import (
    approve_version,
    create_template,
    draft_version,
    install_defaults,
    withdraw_version,
)

__all__ = [
    "approve_version",
    "create_template",
    "draft_version",
    "install_defaults",
    "send",
    "withdraw_version",
]
