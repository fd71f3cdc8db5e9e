"""What people do with customers: open accounts, sign agreements, check contacts."""

from wandeng.domains.customers.actions.accounts import close_account, open_account
from wandeng.domains.customers.actions.agreements import (
    draft_agreement,
    draft_missing,
    expire_due,
    renew_agreement,
    sign_agreement,
    sign_many,
    terminate_agreement,
    withdraw_agreement,
)
from wandeng.domains.customers.actions.contacts import add_contact, reveal_phone, verify_contact

__all__ = [
    "add_contact",
    "close_account",
    "draft_agreement",
    "draft_missing",
    "expire_due",
    "open_account",
    "renew_agreement",
    "reveal_phone",
    "sign_agreement",
    "sign_many",
    "terminate_agreement",
    "verify_contact",
    "withdraw_agreement",
]
