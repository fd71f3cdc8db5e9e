"""Six accounts in the county 白水: two in each class, one of them important. Built through actions."""

from __future__ import annotations

from datetime import date
from functools import cache

from wandeng.domains.customers import actions
from wandeng.domains.customers.models import Contact
from wandeng.domains.organization.tests import make as organization
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.actors import SYSTEM

AT = organization.AT
OPENED_ON = date(2020, 1, 1)
ACCOUNTS = (
    ("1001", "张三", "BS-W", "RESIDENTIAL", ""),
    ("1002", "李四", "BS-W", "RESIDENTIAL", ""),
    ("1003", "新华面粉厂", "BS-W", "LOW_VOLTAGE", ""),
    ("1004", "县人民医院", "BS-E", "HIGH_VOLTAGE", "FIRST"),
    ("1005", "赵六超市", "BS-E", "LOW_VOLTAGE", ""),
    ("1006", "东风水泥厂", "BS-E", "HIGH_VOLTAGE", ""),
)


def accounts() -> None:
    """The county and its accounts, open since :data:`OPENED_ON`."""
    pii.create_key()
    organization.county()
    for number, name, unit, customer_class, importance in ACCOUNTS:
        actions.open_account(
            account_number=number,
            unit_code=unit,
            name=name,
            address="白水镇",
            customer_class=customer_class,
            locality="RURAL",
            importance=importance,
            opened_on=OPENED_ON,
            actor=SYSTEM,
            at=AT,
        )


@cache
def library() -> RuleLibrary:
    """The rules that ship."""
    return RuleLibrary.load(default_root())


def agreement(number: str, account: str, valid_from: date, valid_to: date, *, rate_e4: int | None = None) -> None:
    """One draft."""
    actions.draft_agreement(
        number=number,
        account_number=account,
        valid_from=valid_from,
        valid_to=valid_to,
        late_fee_rate_e4=rate_e4,
        library=library(),
        actor=SYSTEM,
        at=AT,
    )


def contact(account: str, phone: str, *, is_primary: bool = True) -> int:
    """One unverified contact; returns its id."""
    return actions.add_contact(account_number=account, phone=phone, is_primary=is_primary, actor=SYSTEM, at=AT)


def phone_column() -> list[str]:
    """What the database itself holds of the numbers."""
    return list(Contact.objects.values_list("phone_sealed", flat=True))
