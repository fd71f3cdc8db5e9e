"""The processes that ship: what their sources say of them, and that every clock finds its limit."""

from datetime import date

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.service_limits import service_limits
from wandeng.infra.processes.coverage import without_limit
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import shipped_root
from wandeng.kernel.errors import NoRuleInForce, NotFound

TODAY = date(2026, 11, 20)
TERRITORIES = ("demo", "hunan", "guangdong", "yunnan", "national")
RULES = RuleLibrary.load(default_root())
PROCESSES = ProcessLibrary.load([shipped_root()], RULES)
KINDS = tuple(PROCESSES.shelf)


def body(process):
    return PROCESSES.version(process, on=TODAY).body


def test_the_kinds_of_cases_that_ship():
    assert set(KINDS) == {
        "fault_repair", "complaint", "enquiry", "report", "opinion", "praise", "low_voltage_connection",
        "high_voltage_connection", "transfer_of_ownership", "rename_account", "account_closing", "capacity_suspension",
        "capacity_resumption", "capacity_reduction", "temporary_replacement", "class_change", "voltage_change",
        "temporary_removal", "removal_resumption", "meter_move", "damaged_appliance_claim", "account_split", "account_join",
        "relocation", "revenue_inspection",
    }  # fmt: skip
    assert len(PROCESSES.in_force(TODAY)) == len(KINDS)


@pytest.mark.parametrize("territory", TERRITORIES)
def test_every_clock_finds_its_limit_in_every_grid_company(territory):
    assert without_limit(PROCESSES, RULES, on=TODAY, territory=territory) == ()


def test_a_limit_that_is_not_in_force_is_named():
    # Nobody's limits bind the regulator itself.
    missing = without_limit(PROCESSES, RULES, on=date(2022, 6, 1), territory="regulator")
    assert "fault_repair/fault_arrival/URBAN" in missing
    assert "low_voltage_connection/connection_whole/RESIDENTIAL" in missing


def test_a_low_voltage_connection_takes_two_steps_and_two_documents():
    shown = body("low_voltage_connection")
    assert [one.name_zh for one in shown.stages] == ["申请受理", "装表接电"]
    assert len(shown.documents) == 2
    # One document is enough to begin (一证受理).
    assert [one.code for one in shown.documents if one.by == "START"] == ["IDENTITY"]


def test_a_high_voltage_connection_takes_four_steps_and_three_documents():
    shown = body("high_voltage_connection")
    assert [one.name_zh for one in shown.stages] == ["申请受理", "供电方案答复", "竣工检验", "装表接电"]
    assert len(shown.documents) == 3
    assert [one.code for one in shown.documents if one.by == "START"] == ["IDENTITY"]


def test_the_five_works_of_a_high_voltage_connection_are_all_there():
    names = [step.name_zh for step in body("high_voltage_connection").steps]
    wanted = ["供电方案答复", "设计审查", "中间检查", "竣工检验", "装表接电"]
    assert [name for name in names if name in wanted] == wanted


@pytest.mark.parametrize("process", ["low_voltage_connection", "high_voltage_connection"])
def test_the_customers_own_time_is_left_out_of_the_utilitys(process):
    shown = body(process)
    own = {step.code for step in shown.steps if step.by_customer}
    works = next(one for one in shown.pauses if one.code == "CUSTOMER_WORKS")
    assert works.by_itself
    assert set(works.steps) == own
    clock = next(one for one in shown.clocks if one.code == "UTILITY")
    assert "CUSTOMER_WORKS" in clock.paused_by


def test_the_whole_process_of_a_home_is_never_paused():
    clock = next(one for one in body("low_voltage_connection").clocks if one.code == "WHOLE")
    assert clock.paused_by == ()
    assert clock.runs_for == ("RESIDENTIAL", "SMALL_BUSINESS")


def test_complaints_have_five_classes_and_four_grades_whose_evidence_is_kept():
    shown = body("complaint")
    assert [one.name_zh for one in shown.classification.first] == [
        "服务投诉", "营业投诉", "停送电投诉", "供电质量投诉", "电网建设投诉",
    ]  # fmt: skip
    assert [one.name_zh for one in shown.grades.values] == ["一般", "重要", "重大", "特殊"]
    assert {one.grade: one.years for one in shown.closing.kept} == {
        "ORDINARY": 3, "IMPORTANT": 3, "MAJOR": 5, "SPECIAL": 5,
    }  # fmt: skip


def test_a_repair_runs_by_the_place_and_warns_before_the_breach():
    arrival = next(one for one in body("fault_repair").clocks if one.code == "ARRIVAL")
    assert (arrival.limit, arrival.by, arrival.starts, arrival.stops) == (
        "fault_arrival",
        "PLACE",
        "DISPATCH",
        "ARRIVE",
    )
    assert [one.percent for one in arrival.warned] == [50, 80]
    assert "COUNTY_MANAGER" in arrival.breach


def test_transfers_of_two_hotlines_have_clocks_of_their_own():
    clocks = {one.code: one for one in body("complaint").clocks}
    assert clocks["TRANSFER_12398"].channels == ("TRANSFER_12398",)
    assert clocks["TRANSFER_12345"].channels == ("TRANSFER_12345",)
    limit = service_limits(RULES, clocks["TRANSFER_12345"].limit, on=TODAY, territory="hunan").strictest
    assert (limit.amount, limit.unit) == (7, "DAY")


def test_a_report_may_be_made_without_a_name_and_its_reporter_is_then_not_called():
    shown = body("report")
    assert shown.intake.may_be_anonymous
    assert shown.intake.may_be_confidential
    assert not shown.call_back.anonymous


def test_before_its_first_day_a_process_is_not_in_force():
    with pytest.raises(NoRuleInForce, match="process complaint"):
        PROCESSES.version("complaint", on=date(2020, 12, 31))
    with pytest.raises(NotFound, match="there is no process haircut"):
        PROCESSES.version("haircut", on=TODAY)
