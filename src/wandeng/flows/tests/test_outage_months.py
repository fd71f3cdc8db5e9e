"""A month's outages are gathered, searched, moved by hand, compared and adopted into the outages' own plans."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.outages.actions import months as actions
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.models import MonthPlan, MonthPlanSolution, PlannedOutage
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types.months import (
    At,
    MonthPlanAdopted,
    MonthPlanBusy,
    NothingToPlace,
    OutageMovedOn,
    Why,
)
from wandeng.domains.outages.types.plans import LiveLine, OutageState
from wandeng.flows import outage_months
from wandeng.flows.outage_months import solve
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = Month(2026, 3)
TOLD_ON = date(2026, 3, 3)
EVERYWHERE = Scope.everywhere()
PLANNER = make.PLANNER


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def day(number: int) -> date:
    return date(2026, 3, number)


def requested(number: int, *switches: str, hour: int = 8, hours: int = 4, crew: str = "", **changes: object) -> str:
    """A draft of an outage on a day of March."""
    starts_at = make.STARTS.replace(day=number, hour=hour)
    asked = make.request(
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours), isolation=make.opened(*switches),
        works=(make.work(crew),), **changes,
    )  # fmt: skip
    return make.drafted(asked)


def opened(**changes: object) -> int:
    given = {
        "unit_code": "BS", "month": MARCH, "announced_on": TOLD_ON, "actor": PLANNER, "at": make.NOW,
    }  # fmt: skip
    return actions.new(**{**given, **changes})  # type: ignore[arg-type]


def searched(plan: int) -> int:
    return solve(plan_id=plan, work=2, actor=PLANNER, clock=lambda: make.NOW)


def test_works_on_one_feeder_are_merged_and_who_is_spared_is_told() -> None:
    line, end = requested(12, "K11"), requested(19, "K12")
    plan = opened()
    found = queries.solution(EVERYWHERE, plan, searched(plan))
    # K11 takes 张三, 李四 and 王五 off, K12 王五 alone; the hospital keeps its other supply.
    assert found.proposal.customer_interruptions == 3 + 1
    assert found.figures.customer_interruptions == 3
    assert {one.number: one.merged_with for one in found.placed} == {line: (end,), end: (line,)}
    assert {one.why for one in found.placed} == {Why.MERGED}
    assert {one.number: one.saved for one in found.placed} == {line: 1, end: 1}
    assert (found.brief.gap_permille, found.brief.least_over, found.findings) == (0, 0, ())
    # The small hours have the least load.
    assert {one.at.window for one in found.placed} == {"N1"}


def test_the_same_month_searched_twice_gives_the_same_plan() -> None:
    for number, switch in ((12, "K11"), (13, "K12"), (19, "K22"), (20, "K21")):
        requested(number, switch, crew="C1")
    plan = opened()
    first, second = (queries.solution(EVERYWHERE, plan, searched(plan)) for _ in range(2))
    assert first.placed == second.placed
    assert first.figures == second.figures


def test_a_moved_job_shows_its_consequence_before_it_is_moved_and_stays_when_searched_again() -> None:
    line, end = requested(12, "K11"), requested(19, "K12")
    plan = opened()
    first = searched(plan)
    there = At(day(18), "N1")
    told = queries.consequence(EVERYWHERE, plan, end, place=there)
    assert (told.before.customer_interruptions, told.after.customer_interruptions) == (3, 4)
    moved = actions.move(plan_id=plan, number=end, place=there, actor=PLANNER, at=make.NOW)
    found = queries.solution(EVERYWHERE, plan, moved)
    assert found.figures == told.after
    assert {one.number: one.at for one in found.placed}[end] == there
    again = queries.solution(EVERYWHERE, plan, searched(plan))
    # The other one comes to the pinned day.
    assert {one.number: one.at.on for one in again.placed} == {line: day(18), end: day(18)}
    assert {one.number: one.why for one in again.placed} == {line: Why.MERGED, end: Why.PINNED}
    actions.unpin(plan_id=plan, number=end, actor=PLANNER, at=make.NOW)
    free = queries.solution(EVERYWHERE, plan, searched(plan))
    assert free.figures == queries.solution(EVERYWHERE, plan, first).figures


def test_a_pinned_job_that_breaks_a_rule_is_named_with_the_rule() -> None:
    number = requested(12, "K12")
    plan = opened()
    actions.pin(plan_id=plan, number=number, place=At(day(4), "D1"), actor=PLANNER, at=make.NOW)
    found = queries.solution(EVERYWHERE, plan, searched(plan))
    # Told on the third, seven days of notice are over on the tenth.
    assert [(one.number, one.rule, one.is_placed) for one in found.findings] == [(number, "NO_DAY", True)]


def test_one_crew_is_not_at_two_places() -> None:
    first, second = requested(12, "K12", crew="C1"), requested(12, "K22", crew="C1")
    plan = opened()
    for number in (first, second):
        actions.limit(
            plan_id=plan, number=number, not_before=day(31), due_on=None, actor=PLANNER, at=make.NOW
        )  # fmt: skip
    found = queries.solution(EVERYWHERE, plan, searched(plan))
    assert len({(one.at.on, one.at.window) for one in found.placed}) == 2
    [clash] = [one for one in found.proposal_findings if one.number == second and one.rule == "NO_CREW"]
    assert (clash.others, clash.details) == ((first,), ("C1",))


def test_live_work_comes_first_where_there_is_a_crew_for_it() -> None:
    number = requested(12, "K12", live_line=LiveLine.POSSIBLE)
    plan = opened(live_crews=1)
    found = queries.solution(EVERYWHERE, plan, searched(plan))
    [placed] = found.placed
    assert (placed.at.is_live, placed.why, found.figures.customer_interruptions) == (True, Why.LIVE, 0)
    changed = actions.adopt(plan_id=plan, solution=1, actor=PLANNER, at=make.NOW)
    assert changed == (number,)
    version = PlannedOutage.objects.get(number=number).versions.get(state="STANDS")
    assert (version.live_line, version.areas) == ("CHOSEN", 0)


def test_an_adopted_plan_writes_its_times_into_the_outages_and_is_closed() -> None:
    line, end = requested(12, "K11"), requested(19, "K12")
    plan = opened()
    number = searched(plan)
    [at] = {one.at for one in queries.solution(EVERYWHERE, plan, number).placed}
    assert actions.adopt(plan_id=plan, solution=number, actor=PLANNER, at=make.NOW) == tuple(sorted((line, end)))
    begins = datetime.combine(at.on, datetime.min.time(), make.STARTS.tzinfo)
    for one in PlannedOutage.objects.filter(number__in=(line, end)):
        version = one.versions.get(state="STANDS")
        assert (version.version, version.starts_at, version.ends_at - version.starts_at) == (
            2,
            begins,
            timedelta(hours=4),
        )
        assert "月度停电计划" in version.reason
    with pytest.raises(MonthPlanAdopted):
        searched(plan)
    actions.reopen(plan_id=plan, reason="增加一项抢修后的消缺", actor=PLANNER, at=make.NOW)
    view = queries.month_plan(EVERYWHERE, plan)
    assert [(one.version, one.proposed.on) for one in view.jobs] == [(2, at.on), (2, at.on)]


def test_what_is_submitted_stays_and_what_changed_since_is_told() -> None:
    line = make.approved(make.request(isolation=make.opened("K11")))
    end = requested(19, "K12")
    plan = opened()
    view = queries.month_plan(EVERYWHERE, plan)
    assert {one.number: one.is_fixed for one in view.jobs} == {line: True, end: False}
    with pytest.raises(Conflict, match="stays where it is"):
        actions.pin(plan_id=plan, number=line, place=At(day(20), "D1"), actor=PLANNER, at=make.NOW)
    number = searched(plan)
    placed = {one.number: one.at for one in queries.solution(EVERYWHERE, plan, number).placed}
    assert placed[line] == At(day(12), "D1")
    assert placed[end].on == day(12)
    later = requested(23, "K22")
    plans.cancel(number=end, reason="并入其他工作", actor=PLANNER, at=make.NOW)
    view = queries.month_plan(EVERYWHERE, plan)
    assert (view.stale, view.missing) == ((end,), (later,))
    with pytest.raises(OutageMovedOn, match=end):
        actions.adopt(plan_id=plan, solution=number, actor=PLANNER, at=make.NOW)
    assert actions.gather(plan_id=plan, actor=PLANNER, at=make.NOW) == 2
    assert PlannedOutage.objects.get(number=end).state == OutageState.CANCELED


def test_a_search_under_way_is_waited_for_and_one_that_was_killed_begins_again() -> None:
    requested(12, "K12")
    plan = opened()
    number = outage_months.ask(plan_id=plan, actor=PLANNER, at=make.NOW)
    with pytest.raises(MonthPlanBusy):
        actions.gather(plan_id=plan, actor=PLANNER, at=make.NOW)
    rows = MonthPlanSolution.objects.filter(plan=plan)
    rows.update(state="SOLVING", work=1)
    outage_months.search(plan_id=plan, solution=number, actor=PLANNER, clock=lambda: make.NOW)
    assert queries.solution(EVERYWHERE, plan).brief.number == number
    outage_months.search(plan_id=plan, solution=number, actor=PLANNER, clock=lambda: make.NOW)
    assert MonthPlanSolution.objects.get(plan=plan).state == "SOLVED"


def test_what_is_longer_than_a_day_is_named_and_left_out() -> None:
    requested(12, "K12")
    long = requested(20, "K22", hours=30)
    view = queries.month_plan(EVERYWHERE, opened())
    assert {one.number: one.left_out for one in view.jobs}[long] == "TOO_LONG"


def test_who_may_not_and_what_cannot_be_is_refused() -> None:
    with pytest.raises(NothingToPlace):
        opened()
    number = requested(12, "K12")
    reader = Actor("reader-1", unit_path="BS/", roles=frozenset({"METER_READER"}))
    with pytest.raises(NotAllowed):
        opened(actor=reader)
    with pytest.raises(InvalidInput, match="zero or more"):
        opened(live_crews=-1)
    with pytest.raises(InvalidInput, match="before the month is over"):
        opened(announced_on=date(2026, 4, 1))
    plan = opened()
    with pytest.raises(Conflict, match="already"):
        opened()
    for place in (At(date(2026, 4, 1), "D1"), At(day(12), "D9")):
        with pytest.raises(InvalidInput, match="does not fit"):
            actions.pin(plan_id=plan, number=number, place=place, actor=PLANNER, at=make.NOW)
        with pytest.raises(InvalidInput, match="does not fit"):
            queries.consequence(EVERYWHERE, plan, number, place=place)
    with pytest.raises(InvalidInput, match="cannot be done live"):
        actions.pin(plan_id=plan, number=number, place=At(day(12), "D1", is_live=True), actor=PLANNER, at=make.NOW)
    with pytest.raises(InvalidInput, match="no earlier"):
        actions.limit(plan_id=plan, number=number, not_before=day(9), due_on=day(8), actor=PLANNER, at=make.NOW)
    with pytest.raises(InvalidInput, match="at least one second"):
        actions.ask(plan_id=plan, seconds=0, actor=PLANNER, at=make.NOW)
    with pytest.raises(InvalidInput, match="stated reason"):
        actions.reopen(plan_id=plan, reason=" ", actor=PLANNER, at=make.NOW)
    with pytest.raises(Conflict, match="not pinned"):
        actions.unpin(plan_id=plan, number=number, actor=PLANNER, at=make.NOW)
    for call in (
        lambda: actions.unpin(plan_id=plan, number="TD2026-999999", actor=PLANNER, at=make.NOW),
        lambda: actions.adopt(plan_id=plan, solution=9, actor=PLANNER, at=make.NOW),
        lambda: queries.solution(EVERYWHERE, plan),
        lambda: queries.month_plan(Scope("BS/BS-E/"), plan),
    ):
        with pytest.raises(NotFound):
            call()
    assert MonthPlan.objects.count() == 1
