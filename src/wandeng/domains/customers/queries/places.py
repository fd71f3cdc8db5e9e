"""Where an account belongs: for what must be told only to those who stand over its unit."""

from __future__ import annotations

from wandeng.domains.customers.models import CustomerAccount
from wandeng.kernel.ids import AccountId


def unit_path_of(account: AccountId) -> str:
    """The path of the account's unit; empty for an account that does not exist."""
    return CustomerAccount.objects.filter(pk=account).values_list("unit__path", flat=True).first() or ""
