"""A unit is closed when nothing of any domain belongs to it, and takes nobody in afterwards."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest

from wandeng.domains.collections.models import DisconnectionOrder, DunningCase
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.customers.tests import make
from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Person, Post
from wandeng.domains.organization.types import Role, UnitInUse
from wandeng.domains.payments.models import Payment, SuspenseItem, Till, TillSession
from wandeng.flows import unit_closing
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 1)
EVERYTHING = Scope.everywhere()


@pytest.fixture(autouse=True)
def _county() -> None:
    make.accounts()


def close(code: str = "BS-E", *, on: date = ON, reason: str = "并入城西") -> None:
    unit_closing.close(unit_code=code, on=on, reason=reason, actor=SYSTEM, at=make.AT)


def empty(code: str) -> None:
    """Move everything out of an office."""
    CustomerAccount.objects.filter(unit__code=code).update(closed_on=ON)
    Post.objects.filter(unit__code=code).update(valid_to=ON)
    Person.objects.filter(unit__code=code).update(is_active=False)


def test_an_office_with_customers_and_a_county_with_offices_stay_open() -> None:
    standing = unit_closing.standing(EVERYTHING, "BS-E", on=ON)
    assert standing.accounts == CustomerAccount.objects.filter(unit__code="BS-E", closed_on=None).count() > 0
    assert unit_closing.standing(EVERYTHING, "BS", on=ON).units == 2
    for code in ("BS-E", "BS"):
        with pytest.raises(UnitInUse):
            close(code)
    # The organization holds its own conditions by itself too.
    with pytest.raises(UnitInUse):
        actions.close_unit(unit_code="BS", on=ON, reason="撤销", actor=SYSTEM, at=make.AT)


def test_an_empty_office_is_closed_once_and_takes_nobody_in() -> None:
    empty("BS-E")
    assert unit_closing.standing(EVERYTHING, "BS-E", on=ON).is_empty
    close()
    assert queries.unit(EVERYTHING, "BS-E").closed_on == ON
    assert Operation.objects.get(action="unit.close").reason == "并入城西"
    mover = actions.add_person(code="m1", name="某人", unit_code="BS-W", actor=SYSTEM, at=make.AT)
    assert mover
    for attempt in (
        close,
        lambda: actions.add_person(code="n1", name="新人", unit_code="BS-E", actor=SYSTEM, at=make.AT),
        lambda: actions.create_unit(
            code="BS-E1", name="站", kind="OFFICE", parent_code="BS-E", actor=SYSTEM, at=make.AT
        ),
        lambda: actions.appoint(
            person_code="m1", unit_code="BS-E", role=Role.METER_READER, from_on=ON, actor=SYSTEM, at=make.AT
        ),
        lambda: actions.move_person(person_code="m1", unit_code="BS-E", actor=SYSTEM, at=make.AT),
    ):
        with pytest.raises(Conflict, match="is closed since 2026-03-01"):
            attempt()


def test_money_that_is_not_settled_keeps_an_office_open_and_is_named() -> None:
    home = CustomerAccount.objects.filter(unit__code="BS-E").first()
    unit = home.unit
    paid = {"account_id": home.pk, "unit_id": unit.pk, "debited": "CLEARING:CARD", "amount_fen": 5, "received_on": ON}
    Payment.objects.create(key="p", channel="TILL", tender="CARD", received_at=make.AT, actor="x", **paid)
    till = Till.objects.create(id=1, code="E1", name="柜台", unit=unit)
    TillSession.objects.create(id=1, number="E1-1", till=till, cashier="x", business_on=ON, opened_at=make.AT)
    DunningCase.objects.create(
        id=1, account=home, unit=unit, customer_class="RESIDENTIAL", opened_on=ON, as_of=ON, open_fen=5, bills=1,
        oldest_due_on=ON,
    )  # fmt: skip
    SuspenseItem.objects.create(
        id=1, key="s", unit=unit, channel="WECHAT", received_on=ON, amount_fen=5, reason="UNKNOWN_ORDER"
    )
    DisconnectionOrder.objects.create(
        id=1, number="T1", account=home, unit=unit, level="ordinary", demanded_fen=5, bills="[]", evidence="{}",
        evidence_hash="x", reason="x", proposed_by="x", proposed_at=make.AT,
    )  # fmt: skip
    empty("BS-E")
    held = asdict(unit_closing.standing(EVERYTHING, "BS-E", on=ON))
    assert {name for name, count in held.items() if count} == {"sessions", "days", "cases", "orders", "suspense"}
    with pytest.raises(UnitInUse):
        close()
    for settle in (
        lambda: TillSession.objects.update(state="CLOSED", closed_at=make.AT),
        lambda: Payment.objects.update(state="REVERSED"),
        lambda: DunningCase.objects.update(state="CLOSED"),
        lambda: DisconnectionOrder.objects.update(state="WITHDRAWN"),
    ):
        settle()
        with pytest.raises(UnitInUse):
            close()
    SuspenseItem.objects.update(state="RETURNED")
    close()
    assert queries.unit(EVERYTHING, "BS-E").closed_on == ON


def test_a_unit_is_closed_for_a_reason_and_not_ahead_of_time() -> None:
    empty("BS-E")
    with pytest.raises(InvalidInput):
        close(reason=" ")
    with pytest.raises(InvalidInput):
        close(on=date(2027, 1, 1))
    with pytest.raises(NotFound):
        close("NOWHERE")
