"""What people do with customers: open accounts, sign agreements, check contacts."""

from wandeng.domains.customers.actions.accounts import (
    AccountPlace,
    allot_number,
    close_account,
    lock_accounts,
    open_account,
    reclassify_account,
    rename_account,
)
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
from wandeng.domains.customers.actions.contacts import (
    add_contact,
    assign_contacts,
    correct_contact,
    recheck_contacts,
    reveal_phone,
    verify_contact,
)
from wandeng.domains.customers.actions.signing import draft_for, next_term, renew_each, sign_each, withdraw_each

__all__ = [
    "AccountPlace",
    "add_contact",
    "allot_number",
    "assign_contacts",
    "close_account",
    "correct_contact",
    "draft_agreement",
    "draft_for",
    "draft_missing",
    "expire_due",
    "lock_accounts",
    "next_term",
    "open_account",
    "recheck_contacts",
    "reclassify_account",
    "rename_account",
    "renew_agreement",
    "renew_each",
    "reveal_phone",
    "sign_agreement",
    "sign_each",
    "sign_many",
    "terminate_agreement",
    "verify_contact",
    "withdraw_agreement",
    "withdraw_each",
]
