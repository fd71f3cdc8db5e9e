"""What happens in the middle of a month flows through a bill run: exchanges of meters, of prices, of capacity, of class."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.calc.rating.frames import BasicMethod, Kind
from wandeng.domains.billing import queries
from wandeng.domains.billing.models import Bill
from wandeng.domains.billing.types import BillExplanation, LineShown
from wandeng.domains.metering.models import Meter, MeterInstallation, ReadingRoute
from wandeng.domains.network.models import UsagePoint
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SEPTEMBER = Month(2026, 9)
SEP1, SEP16, OCT1 = date(2026, 9, 1), date(2026, 9, 16), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def explained(number: str = "1", month: Month = SEPTEMBER) -> BillExplanation:
    return queries.explain(Scope.everywhere(), account_number=number, month=month)


def lines_of(bill: BillExplanation, *kinds: Kind) -> list[LineShown]:
    return [line for line in bill.lines if not kinds or line.kind in kinds]


def test_both_meters_of_an_exchange_are_billed_together() -> None:
    world.found()
    made = world.add_account("1", total={SEP1: 99_950, SEP16: 50})
    MeterInstallation.objects.filter(pk=made.installation_id).update(removed_on=SEP16)
    point = UsagePoint.objects.get(pk=made.usage_point_id)
    hung = world.hang_meter(point, "M1b", installed_on=SEP16)
    world.add_readings(hung.pk, {SEP16: 7, OCT1: 157})
    Meter.objects.filter(asset_number="M1").update(digits=5)
    steps.bill_month(SEPTEMBER)
    bill = explained()
    readings = [reading.arithmetic for reading in bill.points[0].readings]
    # The old register of five digits turned over: 50 − 99,950 + 100,000 = 100; the new one ran 150; together 250.
    assert readings == ["(50.00 − 99950.00 + 100000.00) × 1 = 100.00 kWh", "(157.00 − 7.00) × 1 = 150.00 kWh"]
    assert (bill.energy_ckwh, bill.amount_fen) == (250_00, 149_50)  # 200 × 0.588 + 50 × 0.638 = 117.60 + 31.90


def test_a_change_of_class_is_billed_by_days_at_each_price() -> None:
    world.found()
    made = world.add_account("1", total={SEP1: 0, OCT1: 300})
    PriceAssignment.objects.update(valid_to=SEP16)
    world.assign(made.usage_point_id, "demo.residential.shared", valid_from=SEP16)
    steps.bill_month(SEPTEMBER)
    # 300 kWh over 30 days, 15 on each side: 150 × 0.588 = 88.20 and 150 × 0.604 = 90.60.
    assert [line.arithmetic for line in explained().lines] == [
        "150.00 kWh × 0.604 = 90.60",
        "150.00 kWh × 0.588 = 88.20",
    ]


def test_a_change_of_capacity_is_charged_by_thirtieths() -> None:
    world.found()
    terms = {"running_capacity_ckva": 315_00, "basic_method": BasicMethod.CAPACITY}
    made = world.add_account("1", code=world.TWO_PART, total={SEP1: 0, OCT1: 300}, capacity_kva=400, terms=terms,
                             registers={"peak": {SEP1: 0, OCT1: 100}, "valley": {SEP1: 0, OCT1: 100}})  # fmt: skip
    PriceAssignment.objects.update(valid_to=SEP16)
    world.assign(
        made.usage_point_id, world.TWO_PART, valid_from=SEP16, running_capacity_ckva=400_00,
        basic_method=BasicMethod.CAPACITY,
    )  # fmt: skip
    steps.bill_month(SEPTEMBER)
    # 315 × 25.5 × 15/30 = 4,016.25; 400 × 25.5 × 15/30 = 5,100.00
    assert [line.arithmetic for line in lines_of(explained(), Kind.CAPACITY)] == [
        "315.00 kVA × 25.5 × 15/30 = 4016.25",
        "400.00 kVA × 25.5 × 15/30 = 5100.00",
    ]


def test_a_price_that_changes_inside_a_reading_period_cuts_its_energy_by_days() -> None:
    world.found()
    ReadingRoute.objects.update(reading_day=16)
    world.add_account("1", code=world.COMMERCIAL, total={date(2026, 8, 16): 0, SEP16: 310})
    steps.bill_month(SEPTEMBER)
    bought = [line for line in explained().lines if line.item_code == "agent_purchase"]
    # 310 kWh over 31 days: 16 days to 1 September at August's published price, 15 after it at September's.
    assert [(line.seg_from, line.quantity, line.source_from) for line in bought] == [
        (date(2026, 8, 16), 160_00, "2026-08-01"),
        (SEP1, 150_00, "2026-09-01"),
    ]
    assert bought[0].price_e8 != bought[1].price_e8


def test_annual_tiers_go_on_where_the_last_bill_of_the_year_stopped() -> None:
    world.found(territory="shandong")
    january, march = Month(2026, 1), Month(2026, 3)
    edges = {january.first: 0, date(2026, 2, 1): 2500, date(2026, 3, 1): 2600, date(2026, 4, 1): 2700}
    world.add_account("1", code="shandong.residential", total=edges)
    for month in (january, january.next(), march):
        steps.bill_month(month)
    # January 2,500 × 0.5469 = 1,367.25. February stands at 2,500 of 2,520: 20 × 0.5469 + 80 × 0.5969
    # = 10.94 + 47.75 = 58.69. March is all second tier: 100 × 0.5969 = 59.69.
    assert list(Bill.objects.order_by("month_index").values_list("amount_fen", flat=True)) == [136_725, 5_869, 5_969]
    february = explained(month=january.next())
    assert february.points[0].tier_base_ckwh == 2500_00
    assert [(line.tier, line.tier_from_ckwh, line.tier_to_ckwh) for line in february.lines] == [
        (1, 0, 2520_00), (2, 2520_00, 4800_00),
    ]  # fmt: skip


def test_annual_tiers_of_an_account_opened_in_the_year_are_cut_by_its_months() -> None:
    world.found(territory="shandong")
    world.add_account("1", code="shandong.residential", total={SEP1: 0, OCT1: 1000}, opened_on=SEP1)
    steps.bill_month(SEPTEMBER)
    # September to December are 4 of 12 months: 2,520 × 4/12 = 840. 840 × 0.5469 = 459.396 → 459.40, 160 × 0.5969 = 95.504 → 95.50.
    assert [line.amount_fen for line in explained().lines] == [459_40, 95_50]


def test_each_point_of_an_account_has_its_own_tier_year() -> None:
    world.found(territory="shandong")
    first = world.add_account("1", code="shandong.residential", total={SEP1: 0, OCT1: 2520, date(2026, 11, 1): 2620})
    other = world.add_account("2", code="shandong.residential", total={SEP1: 0, OCT1: 10, date(2026, 11, 1): 110})
    UsagePoint.objects.filter(pk=other.usage_point_id).update(account_id=first.account_id)
    steps.bill_month(SEPTEMBER)
    steps.bill_month(SEPTEMBER.next())
    # October: the first point has used up its first tier, 100 × 0.5969; the second has not, 100 × 0.5469.
    assert [line.amount_fen for line in explained(month=SEPTEMBER.next()).lines] == [59_69, 54_69]
