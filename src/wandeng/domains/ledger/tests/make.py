"""One unit and a few accounts to post against."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wandeng.domains.customers.models import Customer, CustomerAccount
from wandeng.domains.organization.models import Unit
from wandeng.kernel.actors import Actor

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
CLERK = Actor("billing-clerk")


def unit() -> Unit:
    return Unit.objects.create(id=1, code="QY", name="祁阳县供电公司", kind="COUNTY", path="QY/", territory="hunan")


def accounts(home: Unit, count: int) -> list[int]:
    customer = Customer.objects.create(id=1, code="C1", name="张三", kind="PERSON")
    CustomerAccount.objects.bulk_create(
        CustomerAccount(
            id=number, account_number=f"430000000{number:04d}", customer=customer, unit=home, name="张三",
            address="长征路 1 号", customer_class="RESIDENTIAL", locality="URBAN", opened_on=date(2020, 1, 1),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    return list(range(1, count + 1))
