"""A connection from the counter to the first bill: what was said once is typed once."""

from __future__ import annotations

from datetime import date

import pytest
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.billing import queries as bills
from wandeng.domains.cases.queries import one
from wandeng.domains.cases.tests.make import actor
from wandeng.domains.cases.types import Charter
from wandeng.domains.connections.actions import projects, schemes
from wandeng.domains.connections.models import ConnectionProject, ReinforcementNeed
from wandeng.domains.connections.queries import board
from wandeng.domains.connections.queries import projects as queries
from wandeng.domains.connections.tests import make
from wandeng.domains.connections.types import Position, SourceWanted, SupplyTerms
from wandeng.domains.customers.models import Contact, CustomerAccount, CustomerAgreement
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.flows.connections import finishing
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
SEPTEMBER = Month(2026, 9)
EVERYWHERE = Scope.everywhere()


@pytest.fixture
def charter(settings, tmp_path) -> Charter:
    settings.HOME = tmp_path
    pii.create_key()
    make.county()
    return Charter.current()


def read(point_code: str, day: date, kwh: int, **others: int) -> None:
    hung = MeterInstallation.objects.get(usage_point__code=point_code, removed_on__isnull=True)
    world.add_readings(hung.pk, {day: kwh}, {name: {day: value} for name, value in others.items()})


def test_a_restaurant_is_connected_and_its_first_bill_is_there_without_typing_anything_twice(charter: Charter) -> None:
    hall, cell = actor("HALL_CLERK"), actor("CELL_MANAGER")
    number = make.opened(charter, make.SHOP)
    finishing.finish(number=number, step="ACCEPT", actor=hall, at=make.NOW, charter=charter)
    projects.appoint(case_number=number, surveyor="cell_manager", actor=hall, at=make.NOW, charter=charter)

    schemes.draft_scheme(
        case_number=number, position=Position(112_000_000, 26_000_500), address=make.SHOP["ADDRESS"], actor=cell,
        at=make.later(1), charter=charter,
    )  # fmt: skip
    shown = queries.project(one.case(EVERYWHERE, number, charter=charter, now=make.later(1)))
    # T-near: 200 × 80 % = 160, nothing on it, less the 60 applied for: 100 left; the address names its village.
    assert [(c.transformer_code, c.spare_ckva, c.distance_m) for c in shown.candidates] == [
        ("T-near", 100_00, 56), ("T-c01", 260_00, 56), ("T-far", 260_00, 1058),
    ]  # fmt: skip
    schemes.choose(case_number=number, place=1, actor=cell, at=make.later(1), charter=charter)
    terms = SupplyTerms("demo.commercial.lv", route_code="R-c01")
    projects.set_terms(case_number=number, terms=terms, actor=cell, at=make.later(1), charter=charter)
    finishing.finish(number=number, step="SCHEME", actor=cell, at=make.later(1), charter=charter,
                     answers={"HAS_CUSTOMER_WORKS": "NO"}, proofs=make.SITE)  # fmt: skip
    done = finishing.finish(
        number=number, step="CONNECT", actor=cell, at=make.later(9), charter=charter, proofs=(*make.SIGNED, make.PROPERTY),
        answers={"METER": "NEW-1", "START_READING": "12.5", "ENERGISED": "2026-09-10T08:00:00+08:00"},
    )  # fmt: skip

    assert done.state == "FINISHED"
    account = CustomerAccount.objects.get(name="湘味餐馆")
    assert (account.account_number, account.opened_on, account.customer_class, account.address) == (
        "1000000002", date(2026, 9, 10), "LOW_VOLTAGE", make.SHOP["ADDRESS"],
    )  # fmt: skip
    assert Contact.objects.get(account=account).is_primary
    agreement = CustomerAgreement.objects.get(account=account)
    assert (agreement.state, agreement.valid_from, agreement.valid_to) == (
        "SIGNED",
        date(2026, 9, 10),
        date(2031, 9, 10),
    )
    point = UsagePoint.objects.get(account=account)
    assert (point.transformer.code, point.voltage_code, point.contract_capacity_ckva) == ("T-near", "AC00038", 60_00)
    assert Reading.objects.get(installation__usage_point=point).total_ckwh == 12_50
    assert ConnectionProject.objects.get().account_id == account.pk
    assert not ReinforcementNeed.objects.exists()

    read(point.code, date(2026, 10, 1), 512)
    steps.bill_month(SEPTEMBER)
    bill = bills.explain(EVERYWHERE, account_number=account.account_number, month=SEPTEMBER)
    # 512.00 − 12.50 = 499.50 kWh from 10 September, the day it was energised.
    assert (bill.period_from, bill.energy_ckwh) == (date(2026, 9, 10), 499_50)
    assert bill.points[0].readings[0].arithmetic == "(512.00 − 12.50) × 1 = 499.50 kWh"
    assert bill.amount_fen > 0


def test_where_nobody_has_room_a_home_is_connected_first_and_the_network_follows(charter: Charter) -> None:
    hall, cell = actor("HALL_CLERK"), actor("CELL_MANAGER")
    PowerTransformer.objects.filter(ownership="PUBLIC").update(capacity_ckva=8_00)
    number = make.opened(charter, make.HOME)
    finishing.finish(number=number, step="ACCEPT", actor=hall, at=make.NOW, charter=charter)
    schemes.draft_scheme(case_number=number, actor=cell, at=make.later(1), charter=charter)
    schemes.choose(case_number=number, place=1, actor=cell, at=make.later(1), charter=charter)

    need = ReinforcementNeed.objects.get()
    # 8 kVA × 80 % = 6.40 allowed, 8 applied for: 1.60 are lacking.
    assert (need.lacking_ckva, need.noted_by) == (1_60, "cell_manager")
    counts = board.board_counts(EVERYWHERE, now=make.later(1))
    assert (counts.under_way, counts.needs) == (1, 1)


def test_a_step_whose_effect_is_refused_is_not_finished(charter: Charter) -> None:
    hall, cell = actor("HALL_CLERK"), actor("CELL_MANAGER")
    number = make.opened(charter, make.HOME)
    finishing.finish(number=number, step="ACCEPT", actor=hall, at=make.NOW, charter=charter)
    finishing.finish(
        number=number, step="SCHEME", actor=cell, at=make.later(1), charter=charter, proofs=make.SITE,
        answers={"HAS_CUSTOMER_WORKS": "NO", "SUPPLY_POINT": "新华台区", "BOUNDARY": "表后"},
    )  # fmt: skip
    with pytest.raises(Conflict, match="no scheme yet"):
        finishing.finish(
            number=number, step="CONNECT", actor=cell, at=make.later(2), charter=charter,
            proofs=(*make.SIGNED, make.PROPERTY),
            answers={"METER": "NEW-1", "START_READING": "0", "ENERGISED": "2026-09-03T08:00:00+08:00"},
        )  # fmt: skip
    assert CustomerAccount.objects.count() == 1
    assert one.case(EVERYWHERE, number, charter=charter, now=make.later(2)).step == "CONNECT"


def test_a_factory_with_two_sources_goes_through_review_and_inspection_to_a_two_part_bill(charter: Charter) -> None:
    hall, manager = actor("HALL_CLERK"), actor("ACCOUNT_MANAGER")
    number = make.opened(charter, make.FACTORY, process="high_voltage_connection")

    def finish(step: str, day: int, role: str = "ACCOUNT_MANAGER", **also: object) -> None:
        finishing.finish(number=number, step=step, actor=actor(role), at=make.later(day), charter=charter, **also)  # type: ignore[arg-type]

    finish("ACCEPT", 0, "HALL_CLERK")
    projects.appoint(case_number=number, surveyor="account_manager", manager="account_manager", actor=hall,
                     at=make.NOW, charter=charter)  # fmt: skip
    finish("SURVEY", 1, proofs=make.SITE, answers={"NEEDS_REVIEW": "YES"})
    sources = [
        SourceWanted("F-c01", 1000_00, "10kV馈线01号杆跌落熔断器下桩头"),
        SourceWanted("F-2", 1000_00, "10kV二馈线12号杆", is_interlocked=True),
    ]
    schemes.set_sources(case_number=number, sources=sources, actor=manager, at=make.later(2), charter=charter)
    terms = SupplyTerms("demo.two_part.10kv", basic_method=1, pf_standard=90, route_code="R-c01")
    projects.set_terms(case_number=number, terms=terms, actor=manager, at=make.later(2), charter=charter)
    papers = [make.PROPERTY, make.Proof("DOCUMENT", document="APPROVAL"), make.cases.PAPER, make.cases.SIGNATURE]
    finish("SCHEME_REPLY", 2, proofs=papers, answers={"VALID_UNTIL": "2027-09-03"})
    before = one.case(EVERYWHERE, number, charter=charter, now=make.later(2))
    finish("DESIGN", 5)
    finish("REVIEW", 6, proofs=[make.cases.PAPER])
    finish("HIDDEN_WORKS", 9)
    finish("MID_INSPECTION", 10, proofs=[*make.SITE, make.cases.PAPER])
    finish("WORKS", 13)
    finish("ACCEPTANCE", 14, proofs=[*make.SITE, make.cases.PAPER])
    finish("CONTRACT", 14, proofs=[make.cases.SIGNATURE])
    make.permit(charter, number, at=make.later(15))
    finish(
        "CONNECT", 15, proofs=make.SIGNED,
        answers={
            "METER": "HV-1", "START_READING": "0", "MULTIPLIER": "1000", "METER_2": "HV-2", "START_READING_2": "0",
            "MULTIPLIER_2": "1000", "ENERGISED": "2026-09-16T10:00:00+08:00",
        },
    )  # fmt: skip

    shown = one.case(EVERYWHERE, number, charter=charter, now=make.later(15))
    assert before.paused_by == ("CUSTOMER_WORKS",)
    utility = next(clock for clock in shown.clocks if clock.code == "UTILITY")
    # The clock of the utility stood still in the customer's design and works.
    assert (utility.status, utility.amount, utility.measure) == ("KEPT", 32, "WORKING_DAY")
    account = CustomerAccount.objects.get(name="宏远铸造厂")
    points = UsagePoint.objects.filter(account=account).order_by("code")
    assert [(p.transformer.ownership, p.transformer.feeder.code, p.voltage_code, p.metered_side) for p in points] == [
        ("CUSTOMER", "F-c01", "AC00101", "HIGH"), ("CUSTOMER", "F-2", "AC00101", "HIGH"),
    ]  # fmt: skip
    for point, face in zip(points, ((200, 80, 40, 60), (0, 0, 0, 0)), strict=True):
        total, peak, valley, reactive = face
        read(point.code, date(2026, 10, 1), total, peak=peak, valley=valley, sharp=0, deep=0, reactive=reactive,
             demand_e4=0)  # fmt: skip
    steps.bill_month(SEPTEMBER)
    bill = bills.explain(EVERYWHERE, account_number=account.account_number, month=SEPTEMBER)
    # The standby source is interlocked: 1000 kVA once, for 15 of 30 days (16 to 30 September).
    basic = [line.arithmetic for line in bill.lines if " kVA × " in line.arithmetic]
    assert basic == ["1000.00 kVA × 25.5 × 15/30 = 12750.00"]
    assert bill.energy_ckwh == 200_000_00
