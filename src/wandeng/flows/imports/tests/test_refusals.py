"""What a file may not do: each row is parked with its reason, and nothing stored is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from wandeng.domains.customers.models import CustomerAccount, CustomerAgreement
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.flows.imports import intake
from wandeng.flows.imports.tests import make
from wandeng.infra.imports.outcome import Outcome
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


def _told(outcome: Outcome) -> list[tuple[int, str, str]]:
    return [(finding.line, finding.column, finding.code) for finding in outcome.findings]


def test_unknown_references_name_the_cell(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    text = make.CUSTOMERS.replace("D1,T1", "D1,T9").replace("李四,43042601", "李四,0")
    outcome = make.take_in(tmp_path, "customers", text.replace("220V,8\n1000000003", "1kV,x\n1000000003"))
    assert _told(outcome) == [
        (2, "unit", "UNKNOWN_REFERENCE"),
        (3, "voltage", "UNKNOWN_VALUE"),
        (3, "contract_capacity_kva", "NOT_A_NUMBER"),
    ]
    assert vars(outcome.counts) == {"created": 1, "changed": 0, "unchanged": 0, "parked": 2}
    assert CustomerAccount.objects.count() == 1


def test_a_reading_on_record_is_never_overwritten(tmp_path: Path) -> None:
    make.town(tmp_path)
    stored = sorted(Reading.objects.values_list("id", "total_ckwh", "is_current"))
    text = "资产编号,抄表日期,正向有功总\nA1,2026-02-01,200.51\nA1,2026-02-01,1\nA1,2019-01-01,1\nA9,2026-02-01,1\n"
    outcome = make.take_in(tmp_path, "readings", text + "A1,2026-03-01,1000000\nA1,2026-02-01\n,2026-03-01,5\n")
    assert _told(outcome) == [
        (2, "total", "CONFLICT"),
        (3, "asset_number", "TWICE_IN_FILE"),
        (4, "read_on", "NOT_INSTALLED"),
        (5, "asset_number", "UNKNOWN_REFERENCE"),
        (6, "total", "OUT_OF_RANGE"),
        (7, "", "WRONG_CELL_COUNT"),
        (8, "asset_number", "REQUIRED"),
    ]
    assert sorted(Reading.objects.values_list("id", "total_ckwh", "is_current")) == stored


def test_a_doubtful_reading_is_held_by_metering(tmp_path: Path) -> None:
    make.town(tmp_path)
    outcome = make.take_in(tmp_path, "readings", "资产编号,抄表日期,正向有功总\nA1,2026-03-01,150\n")
    assert (outcome.counts.created, outcome.notes) == (1, {"HELD": 1})
    assert Reading.objects.get(total_ckwh=15000).state == "HELD"


def test_prices_of_a_point_never_overlap(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers", "meters", "price-assignments")
    head = "计量点编号,起始日期,终止日期,电价码\n"
    rows = [
        "D3,2025-12-31,,x",
        "D2,2026-01-01,2026-02-01,x",
        "D2,2026-02-01,,x",
        "D2,2026-03-01,,x",
        "D2,2026-05-01,2026-05-01,x",
    ]
    outcome = make.take_in(tmp_path, "price-assignments", head + "\n".join(rows))
    assert _told(outcome) == [
        (2, "valid_from", "OVERLAPS"),
        (5, "valid_from", "OVERLAPS"),
        (6, "valid_to", "NOT_FORWARD"),
    ]
    assert outcome.counts.created == 2
    ended = make.take_in(tmp_path, "price-assignments", head + "D2,2026-02-01,2026-06-01,x\nD2,2026-06-01,,y")
    assert vars(ended.counts) == {"created": 1, "changed": 1, "unchanged": 0, "parked": 0}
    assert PriceAssignment.objects.filter(usage_point__code="D2").count() == 3


def test_a_meter_hangs_in_one_place_and_a_place_has_one_meter(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers", "meters")
    stored = MeterInstallation.objects.count()
    rows = [
        "A1,D2,2021-01-01,,,,,,",
        "B1,D1,2020-03-01,,,,,,",
        "B2,D1,2022-01-01,,,,,,",
        "A2,D2,2020-03-01,2025-01-01,,,,,1",
        "B3,D1,2019-01-01,2020-03-01,100,,,,",
        "B4,D1,2018-01-01,2019-01-01,100,7,,,",
        "B5,D1,2017-01-01,2018-01-01,100,5,,,15",
        "B6,D1,2016-01-01,2017-01-01,100,5,,,",
    ]
    head = (
        "资产编号,计量点编号,安装日期,拆除日期,电流互感器一次,电流互感器二次,电压互感器一次,电压互感器二次,综合倍率\n"
    )
    outcome = make.take_in(tmp_path, "meters", head + "\n".join(rows))
    assert {(line, code) for line, _, code in _told(outcome)} == {
        (2, "HANGS_ELSEWHERE"),
        (3, "OF_ANOTHER_METER"),
        (4, "OVERLAPS"),
        (5, "NOT_BY_IMPORT"),
        (5, "OVERLAPS"),
        (6, "REQUIRED"),
        (7, "NOT_WHOLE"),
        (8, "DISAGREES"),
    }
    assert MeterInstallation.objects.count() == stored + 1
    assert MeterInstallation.objects.get(meter__asset_number="B6").multiplier == 20


def test_a_point_or_an_agreement_of_another_account_is_not_taken_from_it(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network", "customers")
    head, row = make.CUSTOMERS.splitlines()[:2]
    text = f"{head}\n{row.replace('1000000001', '1000000009')}\n"
    assert _told(make.take_in(tmp_path, "customers", text)) == [
        (2, "usage_point", "OF_ANOTHER_ACCOUNT"),
        (2, "agreement_number", "OF_ANOTHER_ACCOUNT"),
    ]
    assert not CustomerAccount.objects.filter(account_number="1000000009").exists()


def test_units_keep_their_parents_and_orphans_wait(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations")
    head = make.ORGANIZATIONS.splitlines()[0]
    rows = [
        "单位,43042601,白水供电所,供电所,43,,,,,,",
        "单位,X2,b,供电所,X1,,,,,,",
        "单位,R,c,省公司,,,,,,,",
        "单位,R1,d,县公司,R,,,,,,",
    ]
    outcome = make.take_in(tmp_path, "organizations", "\n".join([head, *rows]))
    assert [(line, code) for line, _, code in _told(outcome)] == [
        (2, "NOT_BY_IMPORT"),
        (3, "UNKNOWN_REFERENCE"),
        (4, "REQUIRED"),
        (5, "REQUIRED"),
    ]
    assert outcome.counts.parked == 4


def test_nobody_imports_beyond_their_unit_or_without_a_role(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    outcome = make.take_in(tmp_path, "customers", make.CUSTOMERS, unit="43042601")
    assert _told(outcome) == [(4, "unit", "OUTSIDE_UNIT")]
    path = tmp_path / "customers.csv"
    clerk = Actor("P001", unit_path="43/430426/43042601/", roles=frozenset({"BILLING_CLERK"}))
    with pytest.raises(NotAllowed):
        intake.take_in("customers", path, actor=clerk, clock=lambda: make.AT)
    chief = Actor("P002", unit_path="43/430426/43042601/", roles=frozenset({"ADMINISTRATOR"}))
    with pytest.raises(NotFound):
        intake.take_in("customers", path, actor=chief, clock=lambda: make.AT, unit="43042602")
    own = intake.take_in("customers", path, actor=chief, clock=lambda: make.AT, again=True)
    assert _told(own) == [(4, "unit", "OUTSIDE_UNIT")]
    with pytest.raises(NotFound, match="customers"):
        intake.take_in("things", path, actor=clerk, clock=lambda: make.AT)


LATE_FEES = (
    make.CUSTOMERS.replace("联系电话,", "联系电话,约定违约金日利率,")
    .replace("13912345678,", "13912345678,{0},")
    .replace("6789,", "6789,{1},")
    .replace("3212345,", "3212345,{2},")
)


def test_an_agreed_late_fee_lands_within_the_band_of_the_rule(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    outcome = make.take_in(tmp_path, "customers", LATE_FEES.format("3.1", "2", "1.5"))
    assert _told(outcome) == [
        (2, "agreement_late_fee_permille", "OUT_OF_RANGE"),
        (3, "agreement_number", "REQUIRED"),
    ]
    assert outcome.findings[0].found == "3.1"
    assert "1 至 3 ‰" in outcome.findings[0].expected
    assert list(CustomerAgreement.objects.values_list("number", "late_fee_rate_e4")) == [("HT3", 15)]
    # A file that says nothing of it leaves the rate alone; one that says another changes it.
    again = make.take_in(tmp_path, "customers", make.CUSTOMERS)
    assert vars(again.counts) == {"created": 2, "changed": 0, "unchanged": 1, "parked": 0}
    make.take_in(tmp_path, "customers", LATE_FEES.format("", "", "2"))
    rates = CustomerAgreement.objects.order_by("number").values_list("number", "late_fee_rate_e4")
    assert list(rates) == [("HT1", None), ("HT3", 20)]


def test_an_agreed_late_fee_needs_a_rule_of_its_first_day(tmp_path: Path) -> None:
    make.town(tmp_path, "organizations", "network")
    text = LATE_FEES.replace("2010年1月1日", "1996-10-07").format("1", "", "1.5")
    outcome = make.take_in(tmp_path, "customers", text)
    assert _told(outcome) == [(4, "agreement_late_fee_permille", "OUT_OF_RANGE")]
    assert "1996-10-07" in outcome.findings[0].expected
