"""``wandeng outage month`` over the small town, as the guide of month plans prints it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.interfaces.cli import outage_month, terminal
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Works on the line and behind its second switch, asked for a week apart; their numbers."""
    monkeypatch.setattr(terminal, "now", lambda: make.NOW)
    make.town()
    for code, unit in (("planner", "BS"), ("east", "BS-E")):
        organization.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=Role.DISPATCHER, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
        )
    week = timedelta(days=7)
    return (
        make.drafted(make.request(isolation=make.opened("K11"))),
        make.drafted(make.request(isolation=make.opened("K12"), starts_at=make.STARTS + week)),
    )


def run(*arguments: str, who: str = "planner") -> str:
    result = CliRunner().invoke(outage_month.app, [*arguments, "--as", who], env={"COLUMNS": "250"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_a_month_from_its_gathering_to_its_adoption(asked: tuple[str, str]) -> None:
    line, end = asked
    plan = str(
        told("new", "--unit", "BS", "--month", "2026-03", "--told-on", "2026-03-03", "--live-crews", "1")["plan"]
    )
    assert {one["number"] for one in told("jobs", plan)["jobs"]} == {line, end}
    found = told("solve", plan, "--work", "2")
    assert (found["proposal"]["customer_interruptions"], found["figures"]["customer_interruptions"]) == (4, 3)
    assert (found["brief"]["gap_permille"], found["brief"]["least_over"]) == (0, 0)
    shown = run("show", plan)
    assert "差距 gap ≤ 0 ‰, 最少超次 least over 0" in shown
    assert "逐项最早 greedy" in shown
    assert "MERGED" in shown
    moved = told("move", plan, end, "2026-03-18", "N1", "--dry-run")
    assert (moved["before"]["customer_interruptions"], moved["after"]["customer_interruptions"]) == (3, 4)
    assert len(told("jobs", plan)["solutions"]) == 1
    run("move", plan, end, "2026-03-18", "N1")
    assert [one["kind"] for one in told("jobs", plan)["solutions"]] == ["MOVED", "SOLVER"]
    again = told("solve", plan, "--work", "2")
    assert {one["number"]: (one["at"]["on"], one["why"]) for one in again["placed"]} == {
        line: ("2026-03-18", "MERGED"), end: ("2026-03-18", "PINNED"),
    }  # fmt: skip
    run("unpin", plan, end)
    run("pin", plan, end, "2026-03-05", "D1")
    [broken] = told("solve", plan, "--work", "2")["findings"]
    assert (broken["number"], broken["rule"], broken["is_placed"]) == (end, "NO_DAY", True)
    run("unpin", plan, end)
    run("limit", plan, end, "--not-before", "2026-03-16", "--due", "2026-03-20")
    best = told("solve", plan, "--work", "2")["brief"]["number"]
    assert set(told("adopt", plan, "--solution", str(best))["changed"]) == {line, end}
    assert {one.versions.get(state="STANDS").version for one in PlannedOutage.objects.all()} == {2}
    assert run("list").count("ADOPTED") == 1
    run("reopen", plan, "--reason", "增加一项")
    assert told("gather", plan)["jobs"] == 2


def test_what_is_refused(asked: tuple[str, str]) -> None:
    plan = str(told("new", "-u", "BS", "-m", "2026-03", "--told-on", "2026-03-03")["plan"])
    with pytest.raises(NotFound):
        run("show", plan)
    with pytest.raises(NotFound):
        run("jobs", plan, who="east")
    with pytest.raises(InvalidInput):
        run("pin", plan, asked[0], "2026-04-01", "D1")
    with pytest.raises(InvalidInput):
        run("pin", plan, asked[0], "12. March", "D1")
    with pytest.raises(NotFound):
        run("adopt", plan, "--solution", "4")
