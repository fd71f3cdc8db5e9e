"""Everything that speaks against a plan is found, with its numbers; what forbids holds it up, what warns wants a reason."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.models import OutageFinding, PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import (
    ApprovalMissing,
    Isolation,
    IsolationKind,
    LiveLine,
    OutageCategory,
    PlanForbidden,
    PlanRequest,
    WarningsOpen,
)
from wandeng.domains.reliability.tests import make as reliability
from wandeng.domains.reliability.types import Cause, InterruptionKind
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import Conflict, InvalidInput

pytestmark = pytest.mark.django_db(transaction=True)
T1 = make.request(isolation=(Isolation(IsolationKind.OUT, "T1"),))
"""T1 alone: two customers, nobody important."""


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def found(number: str) -> dict[str, dict[str, object]]:
    rows = OutageFinding.objects.filter(version__outage__number=number, version__state__in=("STANDS", "PROPOSED"))
    return {code: json.loads(facts) for code, facts in rows.values_list("code", "facts")}


def of(**changes: object) -> dict[str, dict[str, object]]:
    isolation = changes.pop("isolation", T1.isolation)
    return found(make.drafted(make.request(isolation=isolation, **changes)))


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def was_off(times: int, kind: InterruptionKind = InterruptionKind.PLANNED_OVERHAUL, month: int = 1) -> None:
    """T1 was off so many times, on the first days of a month."""
    facts = reliability.facts(kind, Cause.OVERHAUL)
    for one in range(1, times + 1):
        day = f"2026-{month:02}-{one:02}"
        reliability.off(f"{month}-{one}", reliability.step(["T1"], f"{day} 08:00", f"{day} 10:00"), about=facts)


def test_nothing_speaks_against_a_quiet_plan() -> None:
    assert of() == {}


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        (timedelta(days=8), set()),
        (timedelta(days=8) - timedelta(minutes=1), {"NOTICE_CLOSE"}),
        (timedelta(days=7), {"NOTICE_CLOSE"}),
        (timedelta(days=7) - timedelta(minutes=1), {"NOTICE_TOO_SHORT"}),
    ],
)
def test_the_law_wants_seven_days_and_the_house_eight(before: timedelta, codes: set[str]) -> None:
    number = make.drafted(T1, at=make.STARTS - before)
    assert set(found(number)) == codes
    if codes == {"NOTICE_TOO_SHORT"}:
        facts = found(number)["NOTICE_TOO_SHORT"]
        assert (facts["days_left"], facts["days_wanted"]) == (6, 7)
        with pytest.raises(PlanForbidden):
            actions.submit(number=number, actor=make.PLANNER, at=make.NOW + timedelta(days=4))
        assert PlannedOutage.objects.get().state == "DRAFT"


def test_a_temporary_outage_wants_a_day_and_the_county() -> None:
    asked = make.request(isolation=T1.isolation, category=OutageCategory.TEMPORARY)
    assert found(make.drafted(asked, at=make.STARTS - timedelta(hours=24))) == {}
    short = found(make.drafted(asked, at=make.STARTS - timedelta(hours=23)))
    assert (short["TEMPORARY_SHORT"]["hours_left"], short["TEMPORARY_SHORT"]["hours_wanted"]) == (23, 24)
    number = make.drafted(asked)
    actions.submit(number=number, actor=make.PLANNER, at=make.NOW)
    assert actions.approve(number=number, actor=make.STATION, at=make.NOW) == "COUNTY"


def test_an_emergency_is_answered_for_and_decided_by_the_highest() -> None:
    asked = make.request(isolation=T1.isolation, category=OutageCategory.TEMPORARY)
    at = make.STARTS - timedelta(hours=1)
    number = make.drafted(asked, at=at)
    with pytest.raises(WarningsOpen):
        actions.submit(number=number, actor=make.PLANNER, at=at)
    make.acknowledged(number, at=at)
    actions.submit(number=number, actor=make.PLANNER, at=at)
    assert actions.approve(number=number, actor=make.STATION, at=at) == "COUNTY"
    assert actions.approve(number=number, actor=make.COUNTY, at=at) == "CITY"
    with pytest.raises(MoveRefused):
        actions.publish(number=number, actor=make.COUNTY, at=at)
    assert actions.approve(number=number, actor=make.CITY, at=at) == ""
    actions.publish(number=number, actor=make.COUNTY, at=at)
    assert PlannedOutage.objects.get().state == "PUBLISHED"


def test_a_temporary_outage_that_became_short_waits_for_the_highest() -> None:
    number = make.approved(make.request(isolation=T1.isolation, category=OutageCategory.TEMPORARY))
    late = make.STARTS - timedelta(hours=1)
    with pytest.raises(WarningsOpen):
        actions.publish(number=number, actor=make.COUNTY, at=late)
    actions.review(number=number, actor=make.PLANNER, at=late)
    make.acknowledged(number, at=late)
    with pytest.raises(ApprovalMissing):
        actions.publish(number=number, actor=make.COUNTY, at=late)
    assert PlannedOutage.objects.get().state == "APPROVED"


def test_time_passes_while_a_plan_waits() -> None:
    number = make.approved(T1)
    with pytest.raises(PlanForbidden):
        actions.publish(number=number, actor=make.COUNTY, at=make.STARTS - timedelta(days=6))
    assert PlannedOutage.objects.get().state == "APPROVED"


def test_an_area_has_no_fifth_planned_outage_in_a_year() -> None:
    was_off(3)
    assert "AREA_TOO_OFTEN" not in of()
    make.published(make.request(isolation=T1.isolation, starts_at=make.STARTS + timedelta(days=200)))
    facts = of()["AREA_TOO_OFTEN"]  # three were, one is still to come
    assert (facts["times"], facts["most"], facts["count"]) == (5, 4, 1)
    assert facts["areas"] == ["新华村（T1）"]
    next_year = local("2027-03-11 08:00")
    assert "AREA_TOO_OFTEN" not in of(starts_at=next_year)


def test_a_fault_is_no_planned_outage_but_counts_among_frequent_ones() -> None:
    was_off(4, InterruptionKind.FAULT_INTERNAL, month=3)
    found_now = of()
    assert "AREA_TOO_OFTEN" not in found_now
    assert (found_now["AREA_FREQUENT"]["times"], found_now["AREA_FREQUENT"]["limit"]) == (5, 3)
    assert "AREA_FREQUENT" not in of(starts_at=local("2026-05-12 08:00"))  # two months have passed


@pytest.mark.parametrize(
    ("begins", "codes"),
    [
        ("2026-03-12 14:00", set()),
        ("2026-03-12 14:01", {"PEAK_HOURS"}),
        ("2026-03-12 22:00", set()),
        ("2026-07-07 08:00", {"PEAK_HOURS"}),
        ("2026-06-06 20:30", {"PEAK_HOURS", "EXAM_DAY"}),
        ("2026-06-11 08:00", set()),
        ("2026-04-01 08:00", {"FARM_SEASON"}),
    ],
)
def test_some_times_are_better_avoided(begins: str, codes: set[str]) -> None:
    assert set(of(starts_at=local(begins))) == codes  # each four hours


def test_a_crew_is_not_at_two_places() -> None:
    first = make.published(make.request(works=(make.work("C1"),)))
    clash = of(works=(make.work("C1"), make.work("C2")))
    assert clash["CREW_TWICE"] == {"crews": ["C1"], "plans": [first]}
    assert "CREW_TWICE" not in of(works=(make.work("C2"),))
    assert "CREW_TWICE" not in of(works=(make.work("C1"),), starts_at=make.STARTS + timedelta(hours=4))


def test_a_tie_does_not_serve_two_plans() -> None:
    tie = Isolation(IsolationKind.CLOSE, "K9")
    west = (*make.opened("K11", "K12"), tie)  # T1 is off, T2 fed from the east
    first = make.published(make.request(isolation=west))
    east = make.request(isolation=(*make.opened("K21", "K22"), tie))  # T3 is off, T4 fed from the west
    clash = found(make.drafted(east))
    assert clash["TIE_TWICE"] == {"ties": ["K9"], "plans": [first]}
    later = found(make.drafted(make.request(isolation=east.isolation, starts_at=make.STARTS + timedelta(days=1))))
    assert "TIE_TWICE" not in later


def test_two_plans_may_take_both_supplies_of_a_user() -> None:
    first = make.published(make.request(isolation=(Isolation(IsolationKind.OUT, "T4"),)))
    clash = found(make.drafted())  # K12 takes T2: the hospital would have neither
    assert (clash["OFF_TOGETHER"]["plans"], clash["OFF_TOGETHER"]["customers"]) == ([first], 1)


def test_one_outage_could_serve_two_plans() -> None:
    first = make.published()
    assert found(make.drafted())["AREA_SHARED"] == {"plans": [first], "count": 1}


def test_important_and_protected_users_are_named() -> None:
    wang = CustomerAccount.objects.get(account_number="1003").pk
    number = make.drafted(protected={wang: "LIFE_SUPPORT"})
    told = found(number)
    assert told["PROTECTED_OFF"] == {"count": 1}
    assert told["SECOND_SUPPLY_ONLY"] == {"count": 1}  # the hospital, by T4
    both = (Isolation(IsolationKind.OUT, "T2"), Isolation(IsolationKind.OUT, "T4"))
    assert of(isolation=both)["IMPORTANT_OFF"] == {"count": 1}


def test_live_work_goes_first() -> None:
    assert of(live_line=LiveLine.POSSIBLE)["LIVE_POSSIBLE"] == {"customers": 2}
    assert of(live_line=LiveLine.CHOSEN, isolation=()) == {}


def test_a_warning_wants_a_reason_and_what_forbids_takes_none() -> None:
    number = make.drafted(make.request(isolation=T1.isolation, starts_at=local("2026-06-08 15:00")))
    assert set(found(number)) == {"EXAM_DAY", "PEAK_HOURS"}
    with pytest.raises(InvalidInput):
        actions.acknowledge(number=number, code="PEAK_HOURS", reason=" ", actor=make.PLANNER, at=make.NOW)
    with pytest.raises(Conflict):
        actions.acknowledge(number=number, code="EXAM_DAY", reason="不要紧", actor=make.PLANNER, at=make.NOW)
    other = make.drafted(make.request(isolation=T1.isolation, starts_at=local("2026-05-08 15:00")))
    with pytest.raises(WarningsOpen):
        actions.submit(number=other, actor=make.PLANNER, at=make.NOW)
    actions.acknowledge(number=other, code="PEAK_HOURS", reason="抢在汛期前", actor=make.PLANNER, at=make.NOW)
    with pytest.raises(Conflict):
        actions.acknowledge(number=other, code="PEAK_HOURS", reason="再次", actor=make.PLANNER, at=make.NOW)
    actions.submit(number=other, actor=make.PLANNER, at=make.NOW + timedelta(days=1))
    assert OutageFinding.objects.get(version__outage__number=other).acknowledged_reason == "抢在汛期前"


def test_a_change_runs_the_notice_clock_anew_unless_it_keeps_within_what_was_told() -> None:
    late = make.STARTS - timedelta(days=3)

    wide = make.request(isolation=make.opened("K11"))
    number = make.published(wide)
    shorter = make.request(isolation=wide.isolation, ends_at=make.STARTS + timedelta(hours=2))
    fewer = make.request(isolation=T1.isolation)
    longer = make.request(isolation=wide.isolation, ends_at=make.STARTS + timedelta(hours=5))
    more = make.request(isolation=(*wide.isolation, Isolation(IsolationKind.OUT, "T3")))
    told = ["NOTICE_TOO_SHORT" in codes_of(asked, number, late) for asked in (shorter, fewer, longer, more)]
    assert told == [False, False, True, True]


def codes_of(asked: PlanRequest, number: str, at: datetime) -> list[str]:
    actions.change(number=number, request=asked, reason="现场变化", actor=make.PLANNER, at=at)
    rows = OutageFinding.objects.filter(version__outage__number=number, version__state="PROPOSED")
    codes = list(rows.values_list("code", flat=True))
    actions.withdraw_change(number=number, actor=make.PLANNER, at=at)
    return codes
