"""Accounts that divide, join and move: split, joining, move of the place of supply, each to the bills of its month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits.supply_changes import (
    AUG1,
    NUMBER,
    OCT1,
    SEP1,
    SEP16,
    SEPTEMBER,
    SHOWN,
    amounts,
    asked,
    basic,
    factory,
    final_bill,
    finish,
    founded,
    home,
    owed,
    pay,
    two_points,
)

from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter, Proof
from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.metering.models import Meter, MeterInstallation
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.flows.connections.dividing import BeyondTheSupply
from wandeng.flows.connections.standing import AccountOwes
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
NEW = {"NEW_NAME": "赵敏", "NEW_PHONE": "13900000001"}


@pytest.fixture
def charter(settings: Any, tmp_path: Path) -> Charter:
    return founded(settings, tmp_path)


def splitting(charter: Charter, **survey: str) -> str:
    """A split as far as the settled bills."""
    number = asked(charter, "account_split", NEW)
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "SURVEY", "CELL_MANAGER", proofs=(cases.PHOTO,), **survey)
    finish(charter, number, "PAY", "HALL_CLERK")
    return number


def split(charter: Charter, number: str, **answers: str) -> CustomerAccount:
    proofs = (*SHOWN, Proof("DOCUMENT", document="PROPERTY"))
    finish(charter, number, "SPLIT", "CELL_MANAGER", proofs=proofs, SPLIT_ON="2026-09-16", **answers)
    return CustomerAccount.objects.get(name="赵敏")


def test_a_factory_that_splits_divides_its_capacity_from_day_to_day(charter: Charter) -> None:
    made = factory()
    new = split(charter, splitting(charter, NEW_CAPACITY="150"), METER="NEW-1", START_READING="0")
    assert UsagePoint.objects.get(pk=made.usage_point_id).contract_capacity_ckva == 250_00
    point = UsagePoint.objects.get(account=new)
    assert (point.contract_capacity_ckva, point.transformer.code) == (150_00, "T-c01")
    assert CustomerAgreement.objects.get(account=new).state == "SIGNED"
    hung = MeterInstallation.objects.get(usage_point=point)
    registers = {"sharp": {OCT1: 0}, "peak": {OCT1: 30}, "valley": {OCT1: 30}, "deep": {OCT1: 0}, "reactive": {OCT1: 0}}
    world.add_readings(hung.pk, {OCT1: 90}, registers)
    steps.bill_month(SEPTEMBER)
    # 400 × 25.5 × 15/30 = 5,100.00, then 250 × 25.5 × 15/30 = 3,187.50 and 150 × 25.5 × 15/30 = 1,912.50.
    assert basic() == ["400.00 kVA × 25.5 × 15/30 = 5100.00", "250.00 kVA × 25.5 × 15/30 = 3187.50"]
    assert basic(new.account_number) == ["150.00 kVA × 25.5 × 15/30 = 1912.50"]


@pytest.mark.parametrize(("capacity", "says"), [("400", "a new connection"), ("350", "two-part")])
def test_a_split_stays_within_the_capacity_and_its_price(charter: Charter, capacity: str, says: str) -> None:
    factory()
    number = splitting(charter, NEW_CAPACITY=capacity)
    with pytest.raises(BeyondTheSupply, match=says):
        split(charter, number, METER="NEW-1", START_READING="0")
    assert not CustomerAccount.objects.filter(name="赵敏").exists()


def test_usage_points_go_over_whole_with_their_readings(charter: Charter) -> None:
    two_points()
    number = splitting(charter, POINTS="P2000000002")
    new = split(charter, number, READINGS="P2000000002 总=545")
    hung = MeterInstallation.objects.get(usage_point__account=new)
    assert hung.meter.asset_number == "M2000000002"
    world.add_readings(hung.pk, {OCT1: 645})
    world.add_readings(MeterInstallation.objects.get(meter__asset_number="M2000000001").pk, {OCT1: 230})
    steps.bill_month(SEPTEMBER)
    # The first account: 230 − 100 = 130 kWh at 0.588 and, until the 16th, 545 − 500 = 45 at 0.604; the second 100 at 0.604.
    assert sorted(amounts()) == ["130.00 kWh × 0.588 = 76.44", "45.00 kWh × 0.604 = 27.18"]
    assert amounts(new.account_number) == ["100.00 kWh × 0.604 = 60.40"]


def test_a_split_leaves_something_and_waits_for_what_is_owed(charter: Charter) -> None:
    two_points()
    number = splitting(charter, POINTS="P2000000001 P2000000002")
    with pytest.raises(InvalidInput, match="by a transfer"):
        split(charter, number, READINGS="P2000000001 总=150\nP2000000002 总=545")


def test_whoever_owes_does_not_split(charter: Charter) -> None:
    home({AUG1: 0, SEP1: 100})
    steps.bill_month(Month(2026, 8))
    with pytest.raises(AccountOwes, match=r"58\.8"):
        splitting(charter, NEW_CAPACITY="4")


def ending(charter: Charter, process: str, day: str, asks: dict[str, str], **read: str) -> str:
    """A joining or a move as far as the settled final bill."""
    number = asked(charter, process, asks)
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    answers = {day: "2026-09-16", "READING": "150"} | read
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), **answers)
    final_bill(charter, number)
    pay(NUMBER, owed())
    finish(charter, number, "PAY", "HALL_CLERK")
    return number


def test_neighbours_that_join_are_billed_as_one(charter: Charter) -> None:
    made = world.add_account(NUMBER, total={SEP1: 100}, capacity_kva=8)
    other = world.add_account("2000000003", total={SEP1: 0, OCT1: 300}, capacity_kva=6)
    number = ending(charter, "account_join", "JOIN_ON", {"INTO_ACCOUNT": "2000000003"})
    # 150 − 100 = 50 kWh × 0.588 up to the day they join.
    assert amounts() == ["50.00 kWh × 0.588 = 29.40"]
    finish(charter, number, "JOIN", "CELL_MANAGER", proofs=SHOWN)
    assert CustomerAccount.objects.get(pk=made.account_id).closed_on == SEP16
    assert Meter.objects.get(asset_number="M2000000001").state == "REMOVED"
    assert UsagePoint.objects.get(pk=other.usage_point_id).contract_capacity_ckva == 14_00
    assert steps.bill_month(SEPTEMBER).totals.bills == 1
    # 300 kWh: 200 × 0.588 = 117.60, 100 × 0.638 = 63.80.
    assert amounts("2000000003") == ["200.00 kWh × 0.588 = 117.60", "100.00 kWh × 0.638 = 63.80"]


def test_only_neighbours_at_one_point_of_supply_join(charter: Charter) -> None:
    home({SEP1: 100})
    other = home({SEP1: 0}, "2000000003")
    UsagePoint.objects.filter(pk=other.usage_point_id).update(transformer=PowerTransformer.objects.get(code="T-near"))
    number = ending(charter, "account_join", "JOIN_ON", {"INTO_ACCOUNT": "2000000003"})
    with pytest.raises(BeyondTheSupply, match="T-near"):
        finish(charter, number, "JOIN", "CELL_MANAGER", proofs=SHOWN)


MOVING = {"NEW_ADDRESS": "城关镇新街9号", "PHONE": "13900000002"}


def test_supply_that_moves_ends_at_one_place_and_begins_at_another(charter: Charter) -> None:
    made = world.add_account(NUMBER, total={SEP1: 100}, capacity_kva=8)
    number = ending(charter, "relocation", "MOVE_ON", MOVING, NEW_TRANSFORMER="T-c01")
    finish(charter, number, "MOVE", "CELL_MANAGER", proofs=SHOWN, METER="NEW-7", START_READING="5")
    old = CustomerAccount.objects.get(pk=made.account_id)
    new = CustomerAccount.objects.get(address="城关镇新街9号")
    assert (old.closed_on, new.opened_on, new.name) == (SEP16, SEP16, old.name)
    world.add_readings(MeterInstallation.objects.get(usage_point__account=new).pk, {OCT1: 45})
    steps.bill_month(SEPTEMBER)
    # 150 − 100 = 50 kWh at the old place, 45 − 5 = 40 at the new one, at 0.588.
    assert amounts() == ["50.00 kWh × 0.588 = 29.40"]
    assert amounts(new.account_number) == ["40.00 kWh × 0.588 = 23.52"]


@pytest.mark.parametrize(
    ("asks", "transformer", "says"),
    [({}, "T-near", "another point of supply"), ({"NEW_CAPACITY": "9"}, "T-c01", "a new connection")],
)
def test_a_move_keeps_to_the_point_of_supply_and_the_capacity(
    charter: Charter, asks: dict[str, str], transformer: str, says: str
) -> None:
    world.add_account(NUMBER, total={SEP1: 100}, capacity_kva=8)
    number = ending(charter, "relocation", "MOVE_ON", MOVING | asks, NEW_TRANSFORMER=transformer)
    with pytest.raises(BeyondTheSupply, match=says):
        finish(charter, number, "MOVE", "CELL_MANAGER", proofs=SHOWN, METER="NEW-7", START_READING="5")
    assert CustomerAccount.objects.filter(closed_on__isnull=False).count() == 0
