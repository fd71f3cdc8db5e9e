"""One unit and a few accounts to post against. Built through actions."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wandeng.domains.customers import actions as customers
from wandeng.domains.organization import actions as organization
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import UnitId

AT = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
CLERK = Actor("billing-clerk")


def unit() -> UnitId:
    """The county."""
    return organization.create_unit(
        code="QY", name="祁阳县供电公司", kind="COUNTY", territory="hunan", actor=SYSTEM, at=AT
    )


def accounts(count: int) -> None:
    """Accounts of the county with the ids 1 to ``count``."""
    for number in range(1, count + 1):
        made = customers.open_account(
            account_number=f"430000000{number:04d}",
            unit_code="QY",
            name="张三",
            address="长征路 1 号",
            customer_class="RESIDENTIAL",
            locality="URBAN",
            opened_on=date(2020, 1, 1),
            actor=SYSTEM,
            at=AT,
        )
        assert made == number
