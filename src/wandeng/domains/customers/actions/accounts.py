"""An account (户号) is opened for a customer, and closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.customers.models import Customer, CustomerAccount
from wandeng.domains.customers.types import ID_NUMBER_COLUMN
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids, pii
from wandeng.infra.scope import Scope
from wandeng.infra.search import entries
from wandeng.infra.search.entries import Findable, Kind
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import AccountId, UnitId

CLASSES = ("HIGH_VOLTAGE", "LOW_VOLTAGE", "RESIDENTIAL")
LOCALITIES = ("URBAN", "RURAL", "REMOTE")


@transaction.atomic
def open_account(
    *,
    account_number: str,
    unit_code: str,
    name: str,
    address: str,
    customer_class: str,
    locality: str,
    opened_on: date,
    actor: Actor,
    at: datetime,
    customer_kind: str = "PERSON",
    id_number: str = "",
    importance: str = "",
    household_size: int = 0,
) -> AccountId:
    """Open an account; its customer is the one with the same identity number, or a new one under the account number.

    Raises :class:`Conflict` for a number in use, :class:`InvalidInput` for an unknown class or locality,
    :class:`NotFound` for a unit outside the actor's scope.
    """
    if customer_class not in CLASSES or locality not in LOCALITIES:
        raise InvalidInput(f"class {customer_class}/locality {locality}: expected one of {CLASSES} and {LOCALITIES}")
    if CustomerAccount.objects.filter(account_number=account_number).exists():
        raise Conflict(f"account {account_number} exists already")
    unit = organization.unit(Scope.of(actor), unit_code)
    account = CustomerAccount.objects.create(
        id=ids.reserve(CustomerAccount, 1),
        account_number=account_number,
        customer=_customer(account_number, name, customer_kind, id_number),
        unit_id=organization.unit_id(unit.code),
        name=name,
        address=address,
        customer_class=customer_class,
        locality=locality,
        importance=importance,
        household_size=household_size,
        opened_on=opened_on,
    )
    entries.put(Kind.ACCOUNT, Findable(account.pk, account.unit_id, account_number, name, address))
    facts = {"account_number": account_number, "opened_on": opened_on, "class": customer_class}
    audit.record(actor=actor, action="account.open", subject=account, facts=facts, at=at, unit_path=unit.path)
    return AccountId(account.id)


@transaction.atomic
def close_account(*, account_number: str, on: date, actor: Actor, at: datetime, reason: str) -> None:
    """Close an account (销户): ``on`` is the first day without it.

    Raises :class:`NotFound`, :class:`Conflict` when it is closed already, :class:`InvalidInput` for a day before it
    was opened.
    """
    account = Scope.of(actor).one(
        CustomerAccount.objects.select_related("unit"), "unit__path", "account", account_number=account_number
    )
    if account.closed_on is not None:
        raise Conflict(f"account {account_number} is closed since {account.closed_on}")
    if on <= account.opened_on:
        raise InvalidInput(f"account {account_number} was opened on {account.opened_on}: it cannot close on {on}")
    CustomerAccount.objects.filter(pk=account.pk).update(closed_on=on)
    facts = {"account_number": account_number, "closed_on": on}
    audit.record(
        actor=actor,
        action="account.close",
        subject=account,
        facts=facts,
        at=at,
        reason=reason,
        unit_path=account.unit.path,
    )


@transaction.atomic
def rename_account(*, account_number: str, name: str, actor: Actor, at: datetime, reason: str) -> None:
    """Give an account another name (更名): the customer is the same person, who is called so now.

    Raises :class:`NotFound`, :class:`Conflict` for a closed account, :class:`InvalidInput` for no name or the same one.
    """
    account = _open_one(account_number, actor)
    if not name.strip() or name == account.name:
        raise InvalidInput("give the name that the account shall have from now on")
    CustomerAccount.objects.filter(pk=account.pk).update(name=name)
    alone = not CustomerAccount.objects.filter(customer_id=account.customer_id).exclude(pk=account.pk).exists()
    if alone:
        Customer.objects.filter(pk=account.customer_id).update(name=name)
    entries.put(Kind.ACCOUNT, Findable(account.pk, account.unit_id, account_number, name, account.address))
    facts = {"account_number": account_number}
    audit.record(actor=actor, action="account.rename", subject=account, facts=facts, at=at, reason=reason,
                 unit_path=account.unit.path)  # fmt: skip


@transaction.atomic
def reclassify_account(*, account_number: str, customer_class: str, actor: Actor, at: datetime, reason: str) -> None:
    """Put an account into another class of customers (用户分类), as a change of price class (改类) asks for.

    Raises :class:`NotFound`, :class:`Conflict` for a closed account, :class:`InvalidInput` for an unknown class.
    """
    account = _open_one(account_number, actor)
    if customer_class not in CLASSES:
        raise InvalidInput(f"class {customer_class}: expected one of {CLASSES}")
    if customer_class == account.customer_class:
        return
    CustomerAccount.objects.filter(pk=account.pk).update(customer_class=customer_class)
    facts = {"account_number": account_number, "from": account.customer_class, "to": customer_class}
    audit.record(actor=actor, action="account.reclassify", subject=account, facts=facts, at=at, reason=reason,
                 unit_path=account.unit.path)  # fmt: skip


def allot_number() -> str:
    """The account number after the highest one of digits, as long as that; the block of ids is held until the caller's
    transaction ends, so that two people never get the same one."""
    ids.reserve(CustomerAccount, 1)
    rows = CustomerAccount.objects.filter(account_number__gte="0", account_number__lt=":")
    highest = next((one for one in rows.order_by("-account_number").values_list("account_number", flat=True)[:_LOOKED_AT]
                    if one.isascii() and one.isdigit()), _FIRST)  # fmt: skip
    return f"{int(highest) + 1:0{len(highest)}d}"


_LOOKED_AT = 50
_FIRST = "1000000000"


def _open_one(account_number: str, actor: Actor) -> CustomerAccount:
    rows = CustomerAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("unit")
    account = Scope.of(actor).one(rows, "unit__path", "account", account_number=account_number)
    if account.closed_on is not None:
        raise Conflict(f"account {account_number} is closed since {account.closed_on}")
    return account


def _customer(code: str, name: str, kind: str, id_number: str) -> Customer:
    (index,) = pii.index_many([id_number], column=ID_NUMBER_COLUMN)
    known = Customer.objects.filter(id_number_index=index).first() if index else None
    if known is not None:
        return known
    (sealed,) = pii.seal_many([id_number], column=ID_NUMBER_COLUMN)
    return Customer.objects.create(
        id=ids.reserve(Customer, 1), code=code, name=name, kind=kind, id_number_sealed=sealed, id_number_index=index
    )


@dataclass(frozen=True, slots=True)
class AccountPlace:
    """A locked account: where it belongs and which class it is of."""

    account_id: AccountId
    account_number: str
    customer_id: int
    customer_class: str
    unit_id: UnitId
    unit_code: str
    unit_path: str
    territory: str


def lock_accounts(ids: Sequence[int]) -> tuple[AccountPlace, ...]:
    """Lock accounts in ascending order of id until the caller's transaction ends: who moves money of an account holds its
    row. SQLite has one writer at a time anyway.

    Raises :class:`NotFound` when one does not exist.
    """
    wanted = sorted(set(ids))
    rows = CustomerAccount.objects.select_for_update(no_key=True, of=("self",)).select_related("unit")
    found = list(rows.filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(wanted):
        raise NotFound(f"there is no account {min(set(wanted) - {row.pk for row in found})}")
    return tuple(
        AccountPlace(
            AccountId(row.pk), row.account_number, row.customer_id, row.customer_class, UnitId(row.unit_id),
            row.unit.code, row.unit.path, row.unit.territory,
        )
        for row in found
    )  # fmt: skip
