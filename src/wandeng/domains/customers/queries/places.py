"""Where an account belongs: for what must be told only to those who stand over its unit."""

from __future__ import annotations

from wandeng.domains.customers.models import CustomerAccount
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId, UnitId


def unit_path_of(account: AccountId) -> str:
    """The path of the account's unit; empty for an account that does not exist."""
    return CustomerAccount.objects.filter(pk=account).values_list("unit__path", flat=True).first() or ""


def unit_id_of(account: AccountId) -> UnitId:
    """The unit of an account. Raises :class:`NotFound`."""
    found = CustomerAccount.objects.filter(pk=account).values_list("unit_id", flat=True).first()
    if found is None:
        raise NotFound(f"there is no account with id {account}")
    return UnitId(found)


def account_id_of(account_number: str) -> AccountId:
    """The id of an account by its number, wherever it lies. Raises :class:`NotFound`."""
    found = CustomerAccount.objects.filter(account_number=account_number).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"there is no account with number {account_number}")
    return AccountId(found)
