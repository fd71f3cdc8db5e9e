"""Changes of supply, each from the counter to the bill of its month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits import supply_changes as kit
from tests.kits.supply_changes import (
    EVERYWHERE,
    OCT1,
    SEP1,
    SEP16,
    SEPTEMBER,
    SHOWN,
    amounts,
    asked,
    basic,
    factory,
    finish,
    home,
)

from wandeng.domains.billing import queries as bills
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter, Proof
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.flows.connections.bounds import AppliedTooLate, ChangeTooLong
from wandeng.flows.connections.standing import SeveralPoints
from wandeng.kernel.errors import InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def charter(settings, tmp_path) -> Charter:
    return kit.founded(settings, tmp_path)


def test_another_name_stands_on_account_and_bill(charter: Charter) -> None:
    home({SEP1: 0, OCT1: 10})
    number = asked(charter, "rename_account", {"NEW_NAME": "新名户"})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "RENAME", "HALL_CLERK", proofs=(cases.SIGNATURE, Proof("DOCUMENT", document="PROOF")))
    assert CustomerAccount.objects.get(account_number="2000000001").name == "新名户"


def test_what_rests_is_not_charged_from_day_to_day(charter: Charter) -> None:
    factory()
    asks = {"SUSPENDED": "100", "FROM_ON": "2026-09-16", "TO_ON": "2026-10-16"}
    number = asked(charter, "capacity_suspension", asks)
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "SEAL", "ACCOUNT_MANAGER", proofs=SHOWN)
    steps.bill_month(SEPTEMBER)
    # 15 days with 400, 15 with 300: 400 × 25.5 × 15/30 = 5,100.00; 300 × 25.5 × 15/30 = 3,825.00
    assert basic("2000000001") == ["400.00 kVA × 25.5 × 15/30 = 5100.00", "300.00 kVA × 25.5 × 15/30 = 3825.00"]


def test_a_suspension_is_applied_for_five_working_days_ahead(charter: Charter) -> None:
    factory()
    # Asked on Tuesday, 1 September: 2, 3, 4, 7 and 8 September are five working days.
    asks = {"SUSPENDED": "100", "FROM_ON": "2026-09-07", "TO_ON": "2026-10-07"}
    number = asked(charter, "capacity_suspension", asks)
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    with pytest.raises(AppliedTooLate, match="from 2026-09-08 on"):
        finish(charter, number, "SEAL", "ACCOUNT_MANAGER", proofs=SHOWN)
    finish(charter, number, "SEAL", "ACCOUNT_MANAGER", proofs=SHOWN, FROM_ON="2026-09-08")
    steps.bill_month(SEPTEMBER)
    # 7 days with 400: 400 × 25.5 × 7/30 = 2,380.00; 23 with 300: 300 × 25.5 × 23/30 = 5,865.00.
    assert basic() == ["400.00 kVA × 25.5 × 7/30 = 2380.00", "300.00 kVA × 25.5 × 23/30 = 5865.00"]


def test_of_several_points_the_form_names_the_one_that_changes(charter: Charter) -> None:
    kit.two_points()
    number = asked(charter, "class_change", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "CHECK", "CELL_MANAGER", proofs=(cases.PHOTO,), NEW_PRICE="demo.residential.shared")
    with pytest.raises(SeveralPoints, match="P2000000001, P2000000002"):
        finish(charter, number, "CHANGE", "HALL_CLERK", proofs=(cases.SIGNATURE,), FROM_ON="2026-09-16")
    finish(charter, number, "CHANGE", "HALL_CLERK", proofs=(cases.SIGNATURE,), FROM_ON="2026-09-16",
           USAGE_POINT="P2000000001")  # fmt: skip
    changed = PriceAssignment.objects.get(valid_from=SEP16)
    assert (changed.usage_point.code, changed.price_code) == ("P2000000001", "demo.residential.shared")


def test_capacity_rests_at_most_half_a_year(charter: Charter) -> None:
    factory()
    asks = {"SUSPENDED": "100", "FROM_ON": "2026-01-01", "TO_ON": "2026-07-04"}
    number = asked(charter, "capacity_suspension", asks, at=datetime(2025, 12, 1, 1, tzinfo=UTC))
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    # 1 January to 3 July are 184 days.
    with pytest.raises(ChangeTooLong, match="184 days"):
        finish(charter, number, "SEAL", "ACCOUNT_MANAGER", proofs=SHOWN)
    assert PriceAssignment.objects.filter(running_capacity_ckva=300_00).count() == 0


def test_capacity_that_runs_again_is_charged_again(charter: Charter) -> None:
    factory()
    asks = {"SUSPENDED": "100", "FROM_ON": "2026-08-01", "TO_ON": "2026-10-16"}
    number = asked(charter, "capacity_suspension", asks, at=datetime(2026, 7, 1, 1, tzinfo=UTC))
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "SEAL", "ACCOUNT_MANAGER", proofs=SHOWN)
    number = asked(
        charter,
        "capacity_resumption",
        {},
    )
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "UNSEAL", "ACCOUNT_MANAGER", proofs=SHOWN, ON="2026-09-16")
    steps.bill_month(SEPTEMBER)
    assert basic("2000000001") == ["300.00 kVA × 25.5 × 15/30 = 3825.00", "400.00 kVA × 25.5 × 15/30 = 5100.00"]


def test_a_reduction_below_the_bound_goes_over_to_a_single_rate_price(charter: Charter) -> None:
    made = factory()
    number = asked(charter, "capacity_reduction", {"NEW_CAPACITY": "80"})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "SURVEY", "ACCOUNT_MANAGER", proofs=(cases.PHOTO,))
    with pytest.raises(InvalidInput, match="NEW_PRICE"):
        finish(charter, number, "REDUCE", "ACCOUNT_MANAGER", proofs=SHOWN, FROM_ON="2026-09-16")
    finish(charter, number, "REDUCE", "ACCOUNT_MANAGER", proofs=SHOWN, FROM_ON="2026-09-16", NEW_PRICE=world.COMMERCIAL)
    assert UsagePoint.objects.get(pk=made.usage_point_id).contract_capacity_ckva == 80_00
    now = PriceAssignment.objects.get(usage_point_id=made.usage_point_id, valid_from=SEP16)
    assert (now.price_code, now.basic_method, now.running_capacity_ckva) == (world.COMMERCIAL, 0, 0)
    steps.bill_month(SEPTEMBER)
    assert basic("2000000001") == ["400.00 kVA × 25.5 × 15/30 = 5100.00"]


def test_a_home_that_becomes_a_shop_is_billed_by_days_at_each_price(charter: Charter) -> None:
    made = home({SEP1: 0, OCT1: 300})
    number = asked(charter, "class_change", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "CHECK", "CELL_MANAGER", proofs=(cases.PHOTO,), NEW_PRICE="demo.residential.shared")
    finish(charter, number, "CHANGE", "HALL_CLERK", proofs=(cases.SIGNATURE,), FROM_ON="2026-09-16")
    steps.bill_month(SEPTEMBER)
    # 300 kWh over 30 days, 15 on each side.
    assert amounts("2000000001") == ["150.00 kWh × 0.604 = 90.60", "150.00 kWh × 0.588 = 88.20"]
    assert CustomerAccount.objects.get(pk=made.account_id).customer_class == "RESIDENTIAL"


def test_a_larger_transformer_is_charged_while_it_stays(charter: Charter) -> None:
    factory()
    UsagePoint.objects.filter(account__account_number="2000000001").update(voltage_code="AC00101")
    asks = {"NEW_CAPACITY": "500", "TO_ON": "2026-11-17"}
    number = asked(charter, "temporary_replacement", asks)
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    proofs = (cases.PHOTO, cases.PAPER)
    with pytest.raises(ChangeTooLong, match="2 months"):
        finish(charter, number, "INSPECT", "ACCOUNT_MANAGER", proofs=proofs, FROM_ON="2026-09-16")
    finish(charter, number, "INSPECT", "ACCOUNT_MANAGER", proofs=proofs, FROM_ON="2026-09-16", TO_ON="2026-11-16")
    steps.bill_month(SEPTEMBER)
    assert basic("2000000001") == ["400.00 kVA × 25.5 × 15/30 = 5100.00", "500.00 kVA × 25.5 × 15/30 = 6375.00"]
    back = PriceAssignment.objects.get(valid_from=date(2026, 11, 16))
    assert back.running_capacity_ckva == 400_00


def test_supply_that_was_taken_down_comes_back_as_it_was(charter: Charter) -> None:
    made = home({SEP1: 100})
    number = asked(charter, "temporary_removal", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "PAY", "HALL_CLERK")
    finish(charter, number, "TAKE_DOWN", "CELL_MANAGER", proofs=SHOWN, DOWN_ON="2026-09-11", READING="130")
    number = asked(charter, "removal_resumption", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "PUT_BACK", "CELL_MANAGER", proofs=SHOWN, BACK_ON="2026-09-16", METER="NEW-9", READING="7")
    point = UsagePoint.objects.get(account_id=made.account_id, disconnected_on__isnull=True)
    assert (point.code, point.transformer.code) == ("2000000001-2", "T-c01")
    hung = MeterInstallation.objects.get(usage_point=point)
    world.add_readings(hung.pk, {OCT1: 47})
    steps.bill_month(SEPTEMBER)
    # 130 − 100 = 30 before, 47 − 7 = 40 after.
    assert bills.explain(EVERYWHERE, account_number="2000000001", month=SEPTEMBER).energy_ckwh == 70_00
