"""What people ask about customers: accounts, agreements, contacts, and what waits for somebody."""

from wandeng.domains.customers.queries.accounts import (
    account,
    accounts_by_id,
    accounts_by_phone,
    accounts_named,
    operations_of,
)
from wandeng.domains.customers.queries.agreements import (
    accounts_without_agreement,
    agreed_late_fee_rate,
    agreement_account,
    agreement_moves,
    agreements_due,
    agreements_of,
    campaign_progress,
)
from wandeng.domains.customers.queries.contacts import (
    contact_account,
    contact_accuracy,
    contact_history,
    contacts_of,
    contacts_to_verify,
    total_accuracy,
)
from wandeng.domains.customers.queries.rows import (
    account_rows,
    agreement_rows,
    contact_rows,
    ids_in,
    without_agreement_rows,
)
from wandeng.domains.customers.queries.tasks import clerk_tasks
from wandeng.domains.customers.rules import late_fee_band

__all__ = [
    "account",
    "account_rows",
    "accounts_by_id",
    "accounts_by_phone",
    "accounts_named",
    "accounts_without_agreement",
    "agreed_late_fee_rate",
    "agreement_account",
    "agreement_moves",
    "agreement_rows",
    "agreements_due",
    "agreements_of",
    "campaign_progress",
    "clerk_tasks",
    "contact_account",
    "contact_accuracy",
    "contact_history",
    "contact_rows",
    "contacts_of",
    "contacts_to_verify",
    "ids_in",
    "late_fee_band",
    "operations_of",
    "total_accuracy",
    "without_agreement_rows",
]
