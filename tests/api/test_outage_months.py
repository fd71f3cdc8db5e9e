"""A month plan through the API: gathered, searched, moved, compared, adopted, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api import world
from tests.api.test_outage_plans import done, people, refused  # noqa: F401  (the people are a fixture)
from wandeng.domains.outages.models import MonthPlan, MonthPlanSolution
from wandeng.domains.outages.tests import make
from wandeng.flows import outage_months
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
MARCH = {"unit_code": "BS", "month": "2026-03", "announced_on": "2026-03-03"}


def worked() -> None:
    """A worker does what waits, with little effort."""
    waiting = MonthPlanSolution.objects.get(state="QUEUED")
    MonthPlanSolution.objects.filter(pk=waiting.pk).update(work=2)
    outage_months.search(plan_id=waiting.plan_id, solution=waiting.number, actor=SYSTEM, clock=lambda: make.NOW)


def test_a_month_is_searched_moved_and_adopted(people: dict[str, world.Caller]) -> None:  # noqa: F811
    planner = people["planner"]
    line = make.drafted(make.request(isolation=make.opened("K11")))
    end = make.drafted(make.request(starts_at=make.STARTS + timedelta(days=7)))
    done(planner.post("/outage-months/new", MARCH))
    plan = f"/outage-months/{MonthPlan.objects.get().pk}"
    assert {one["number"] for one in done(planner.get(plan))["jobs"]} == {line, end}
    done(planner.post(f"{plan}/solve", {"seconds": 10}))
    refused(planner.post(f"{plan}/solve", {"seconds": 10}), 409, "OUTAGE_MONTH_BUSY")
    worked()
    first = done(planner.get(f"{plan}/solutions/1"))
    assert (first["brief"]["gap_permille"], first["brief"]["least_over"]) == (0, 0)
    assert (first["proposal"]["customer_interruptions"], first["figures"]["customer_interruptions"]) == (4, 3)
    assert {one["number"]: one["merged_with"] for one in first["placed"]} == {line: [end], end: [line]}
    there = done(planner.get(f"{plan}/jobs/{end}/at/2026-03-18/N1"))
    assert (there["before"]["customer_interruptions"], there["after"]["customer_interruptions"]) == (3, 4)
    done(planner.post(f"{plan}/jobs/{end}/move", {"on": "2026-03-18", "window": "N1"}))
    moved = done(planner.get(f"{plan}/solutions/2"))
    assert (moved["brief"]["kind"], moved["brief"]["least_over"], moved["figures"]) == ("MOVED", None, there["after"])
    done(planner.post(f"{plan}/jobs/{end}/unpin"))
    assert planner.post(f"{plan}/jobs/{end}/unpin").status_code == 409
    done(planner.post(f"{plan}/jobs/{end}/pin", {"on": "2026-03-05", "window": "D1"}))
    done(planner.post(f"{plan}/solve", {}))
    worked()
    [broken] = done(planner.get(f"{plan}/solutions/3"))["findings"]
    assert (broken["number"], broken["rule"]) == (end, "NO_DAY")
    done(planner.post(f"{plan}/jobs/{end}/unpin"))
    done(planner.post(f"{plan}/jobs/{line}/limit", {"not_before": "2026-03-16"}))
    done(planner.post(f"{plan}/adopt", {"solution": 1}))
    refused(planner.post(f"{plan}/solve", {}), 409, "OUTAGE_MONTH_ADOPTED")
    assert planner.post(f"{plan}/reopen", {"reason": " "}).status_code == 422
    done(planner.post(f"{plan}/reopen", {"reason": "增加一项"}))
    done(planner.post(f"{plan}/gather"))


def test_what_is_refused(people: dict[str, world.Caller]) -> None:  # noqa: F811
    planner = people["planner"]
    assert planner.post("/outage-months/new", MARCH).status_code in (409, 422)  # nothing to place
    number = make.drafted()
    assert people["hall"].post("/outage-months/new", MARCH).status_code == 403
    done(planner.post("/outage-months/new", MARCH))
    plan = f"/outage-months/{MonthPlan.objects.get().pk}"
    assert planner.post("/outage-months/new", MARCH).status_code == 409
    assert planner.get(f"{plan}/solutions/1").status_code == 404
    assert people["east"].get(plan).status_code == 404
    assert people["east"].post(f"{plan}/solve", {}).status_code == 404
    for body in ({"on": "2026-04-01", "window": "D1"}, {"on": "2026-03-12", "window": "D9"}, {"window": "D1"}):
        assert planner.post(f"{plan}/jobs/{number}/pin", body).status_code == 422
    assert planner.post(f"{plan}/adopt", {"solution": 1}).status_code == 404
