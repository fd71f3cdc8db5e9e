"""The pages of a month plan: gathered, searched, drawn as calendar, Gantt chart and table, moved, pinned, adopted, opened again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from wandeng.domains.organization.types import Role
from wandeng.domains.outages.actions import months as actions
from wandeng.domains.outages.models import MonthPlan, MonthPlanSolution
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import OutageReason, Work, WorkKind
from wandeng.flows import outage_months
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.outages import months_drawing as drawing
from wandeng.interfaces.console.outages.tests.test_outage_pages import person
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
LAST = "2026-03-31"


@pytest.fixture
def planner(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(middleware, "now", lambda: make.NOW)
    settings.SECURE_SSL_REDIRECT = False
    make.town()
    return person("planner", "BS", Role.DISPATCHER)


def asked(day: int, switch: str, *, hours: int = 4, side: WorkKind = WorkKind.GRID, crew: str = "") -> str:
    """A draft on a day of March; its number."""
    starts_at = make.STARTS.replace(day=day)
    works = (Work(side, "某单位", "检修", crew),)
    reason = OutageReason.CUSTOMER if side is WorkKind.CUSTOMER else OutageReason.MAINTENANCE
    return make.drafted(
        make.request(
            title=f"{switch} 检修 {day}", starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours),
            isolation=make.opened(switch), works=works, reason=reason,
        )
    )  # fmt: skip


def gathered(planner: Client) -> str:
    """A plan gathered on the page; its address."""
    form = {"unit_code": "BS", "month": "2026-03", "announced_on": "2026-03-03", "live_crews": "0"}
    assert planner.post("/console/outages/months/new/", form).status_code == 302
    return f"/console/outages/months/{MonthPlan.objects.get().pk}/"


def searched(planner: Client, at: str) -> int:
    """Ask for a search on the page and let a worker do it; the solution's number."""
    assert planner.post(f"{at}solve/", {"seconds": "10"}).status_code == 302
    found = MonthPlanSolution.objects.filter(state="QUEUED").get()
    assert found.seconds == 10
    assert planner.get(f"{at}progress/").status_code == 200
    MonthPlanSolution.objects.filter(pk=found.pk).update(work=2)
    outage_months.search(plan_id=found.plan_id, solution=found.number, actor=SYSTEM, clock=lambda: make.NOW)
    return found.number


def test_a_month_is_searched_merging_every_sides_work_and_drawn_three_ways(
    planner: Client, django_assert_max_num_queries: Any
) -> None:
    line = asked(12, "K11")
    customer = asked(17, "K12", side=WorkKind.CUSTOMER)
    above = asked(24, "K12", side=WorkKind.OTHER_LEVEL)
    at = gathered(planner)
    before = planner.get(at).content.decode()
    assert "还没有求解" in before
    assert before.count("wd-month-job") == 3
    assert 'id="adopt"' not in before
    number = searched(planner, at)
    plan = MonthPlan.objects.get().pk
    found = queries.solution(EVERYWHERE, plan, number)
    assert {one.number: set(one.merged_with) for one in found.placed} == {
        line: {customer, above}, customer: {line, above}, above: {line, customer},
    }  # fmt: skip
    assert (found.proposal.customer_interruptions, found.figures.customer_interruptions) == (5, 3)
    on = found.placed[0].at.on
    for view, drawn in (("calendar", "wd-month-job"), ("gantt", "wd-gantt-bar"), ("table", "与同日停电合并")):
        with django_assert_max_num_queries(15):
            page = planner.get(f"{at}?view={view}&solution={number}").content.decode()
        assert page.count(drawn) == 3, view
        assert 'aria-current="true">' in page
        # Saved against what was asked for: five interruptions come to three.
        assert ("申报 5" in page, "40%" in page, "≤ 0.0%" in page) == (True, True, True)
    gantt = planner.get(f"{at}?view=gantt").content.decode()
    assert gantt.count("wd-gantt-was") == 3
    # All three bars begin where the common day does, as the small hours have the least load.
    assert gantt.count(f'" x="{(on.day - 1) * drawing.DAY_WIDTH}" y="4"') == 3
    assert planner.get(f"{at}?solution=9").status_code == 404


def test_a_job_is_looked_at_moved_pinned_limited_and_let_go(planner: Client) -> None:
    line, end = asked(12, "K11"), asked(19, "K12")
    at = gathered(planner)
    searched(planner, at)
    job = f"{at}jobs/{end}/"
    told = planner.get(f"{job}?on=2026-03-18&window=N1").content.decode()
    # Alone on another day 王五 is off once more: 3 become 4.
    assert ">3</td>" in told
    assert ">4</td>" in told
    assert MonthPlanSolution.objects.count() == 1
    assert planner.post(job, {"do": "move", "on": "2026-03-18", "window": "N1"}).status_code == 302
    moved = MonthPlanSolution.objects.get(kind="MOVED")
    assert (moved.customer_interruptions, moved.gap_permille, moved.least_over) == (4, None, None)
    assert "人工调整" in planner.get(at).content.decode()
    again = queries.solution(EVERYWHERE, moved.plan_id, searched(planner, at))
    assert {one.number: one.at.on for one in again.placed} == {line: date(2026, 3, 18), end: date(2026, 3, 18)}
    assert "由编制人固定" in planner.get(f"{at}?view=table").content.decode()
    assert planner.post(job, {"do": "unpin"}).status_code == 302
    assert planner.post(job, {"do": "unpin"}).status_code == 422
    assert planner.post(job, {"do": "limit", "not_before": "2026-03-20", "due_on": "2026-03-19"}).status_code == 422
    assert planner.post(job, {"do": "limit", "not_before": "2026-03-25", "due_on": "2026-03-27"}).status_code == 302
    later = queries.solution(EVERYWHERE, moved.plan_id, searched(planner, at))
    [at_last] = [one.at.on for one in later.placed if one.number == end]
    assert date(2026, 3, 25) <= at_last <= date(2026, 3, 27)
    assert planner.post(job, {"do": "pin", "on": "2026-04-18", "window": "N1"}).status_code == 422
    assert planner.post(job, {"do": "dance"}).status_code == 422
    assert planner.get(f"{at}jobs/TD2026-999999/").status_code == 404


def test_the_job_that_finds_no_place_is_named_with_the_rule_and_for_whose_sake(planner: Client) -> None:
    first, second = asked(12, "K12", hours=13, crew="C1"), asked(12, "K22", hours=13, crew="C1")
    at = gathered(planner)
    for number in (first, second):
        assert planner.post(f"{at}jobs/{number}/", {"do": "limit", "not_before": LAST}).status_code == 302
    number = searched(planner, at)
    found = queries.solution(EVERYWHERE, MonthPlan.objects.get().pk, number)
    [placed] = found.placed
    [left] = {first, second} - {placed.number}
    [why] = [one for one in found.findings if not one.is_placed]
    assert (why.number, why.rule, why.others, why.details) == (left, "NO_CREW", (placed.number,), ("C1",))
    page = planner.get(at).content.decode()
    unplaced = page[page.index('aria-label="未排入"') :]
    assert f"/jobs/{left}/" in unplaced
    assert "班组不足或冲突" in unplaced
    assert placed.number in unplaced


def test_how_few_interruptions_above_the_most_no_plan_avoids_is_shown(planner: Client) -> None:
    asked(12, "K12")
    at = gathered(planner)
    number = searched(planner, at)
    assert "已证明至少" not in planner.get(at).content.decode()
    MonthPlanSolution.objects.filter(number=number).update(least_over=2)
    assert "已证明至少超 2 次" in planner.get(at).content.decode()


def test_a_solution_is_adopted_once_and_opened_again_for_a_reason(planner: Client) -> None:
    asked(12, "K11")
    asked(19, "K12")
    at = gathered(planner)
    searched(planner, at)
    assert planner.post(f"{at}adopt/", {}).status_code == 422
    assert planner.post(f"{at}adopt/", {"solution": "1"}).status_code == 302
    closed = planner.get(at).content.decode()
    assert "已采用" in closed
    assert planner.post(f"{at}solve/").status_code == 422
    assert planner.post(f"{at}reopen/", {"reason": ""}).status_code == 422
    assert planner.post(f"{at}reopen/", {"reason": "增加一项"}).status_code == 302
    asked(26, "K22")
    assert "请重新归集" in planner.get(at).content.decode()
    assert planner.post(f"{at}gather/").status_code == 302
    assert "请重新归集" not in planner.get(at).content.decode()


def test_who_may_not_and_what_is_elsewhere(planner: Client) -> None:
    asked(12, "K12")
    at = gathered(planner)
    east, biller = person("east", "BS-E", Role.DISPATCHER), person("biller", "BS", Role.BILLING_CLERK)
    assert east.get(at).status_code == 404
    assert east.post(f"{at}solve/").status_code == 404
    assert biller.get(at).status_code == 403
    assert planner.post("/console/outages/months/new/", {"unit_code": "BS", "month": "2026-13"}).status_code == 422
    twice = {"unit_code": "BS", "month": "2026-03", "announced_on": "2026-03-03", "live_crews": "0"}
    assert planner.post("/console/outages/months/new/", twice).status_code == 422
    assert actions.gather(plan_id=MonthPlan.objects.get().pk, actor=make.PLANNER, at=make.NOW) == 1
