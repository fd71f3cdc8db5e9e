"""``wandeng outage`` over the small town: a plan from its preview to what was told, changed and called off, and what is refused."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import LevelNotWanted, PlanForbidden, SamePlanner, WarningsOpen
from wandeng.flows.imports.planned_outages import KIND
from wandeng.interfaces.cli import main, outage, terminal
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = {
    "planner": ("BS", Role.DISPATCHER), "station": ("BS-W", Role.CELL_MANAGER), "county": ("BS", Role.COUNTY_MANAGER),
    "east": ("BS-E", Role.DISPATCHER), "hall": ("BS", Role.HALL_CLERK),
}  # fmt: skip
ABOUT = ("--unit", "BS-W", "--title", "西线检修", "--work", "配电一班, 更换熔断器, C1", "--open", "K12")
WHEN = ("--from", "2026-03-12 08:00", "--to", "2026-03-12 12:00")


@pytest.fixture(autouse=True)
def _town(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "now", lambda: make.NOW)
    make.town()
    for code, (unit, role) in PEOPLE.items():
        organization.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=make.NOW)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
        )


def run(*arguments: str, who: str = "planner") -> str:
    result = CliRunner().invoke(outage.app, [*arguments, "--as", who], env={"COLUMNS": "250"})
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str, who: str = "planner") -> Any:
    return json.loads(run(*arguments, "--json", who=who))


def shown(number: str) -> Any:
    return told("show", number)


def test_the_life_of_a_plan() -> None:
    found = told("check", *ABOUT, *WHEN)
    assert ([one["code"] for one in found["areas"]], found["customers"], found["double_supply"]) == (["T2"], 1, 1)
    assert "河西村" in run("check", *ABOUT, *WHEN)
    assert not PlannedOutage.objects.exists()
    number = told("draft", *ABOUT, *WHEN)["number"]
    assert [row["number"] for row in told("list")] == [number]
    with pytest.raises(WarningsOpen):
        run("submit", number)
    with pytest.raises(InvalidInput):
        run("acknowledge", number, "SECOND_SUPPLY_ONLY", "--reason", " ")
    run("acknowledge", number, "SECOND_SUPPLY_ONLY", "--reason", "医院已确认")
    run("submit", number)
    with pytest.raises(NotAllowed):
        run("approve", number, who="county")  # the station decides first
    assert "COUNTY" in run("approve", number, "--note", "同意", who="station")
    run("approve", number, who="county")
    with pytest.raises(LevelNotWanted):
        run("approve", number, who="county")
    with pytest.raises(NotAllowed):
        run("publish", number, who="station")
    run("publish", number)
    assert shown(number)["state"] == "PUBLISHED"
    later = ("--from", "2026-03-14 08:00", "--to", "2026-03-14 12:00", "--reason", "阴雨")
    assert told("change", number, *later)["version"] == 2
    after = shown(number)
    # What was told stands until the levels decide; the notice clock of the change runs anew.
    assert (after["version"], after["proposed"]["version"], after["proposed"]["is_change"]) == (1, 2, True)
    told_by = datetime.fromisoformat(after["proposed"]["notice_by"])
    assert told_by == make.STARTS + timedelta(days=2 - 7)
    run("withdraw-change", number)
    run("change", number, *later)
    run("acknowledge", number, "SECOND_SUPPLY_ONLY", "--reason", "医院已确认")
    run("approve", number, who="station")
    run("approve", number, who="county")
    assert (shown(number)["version"], shown(number)["proposed"]) == (3, None)
    with pytest.raises(InvalidInput):
        run("cancel", number, "--reason", " ")
    run("cancel", number, "--reason", "物资未到")
    assert shown(number)["state"] == "CANCELED"
    checked = CliRunner().invoke(outage.app, ["faults", "--json"])
    assert (checked.exit_code, json.loads(checked.output)) == (0, [])
    PlannedOutage.objects.filter(number=number).update(version=9)
    checked = CliRunner().invoke(outage.app, ["faults", "--json"])
    assert (checked.exit_code, json.loads(checked.output)) == (1, [{"number": number, "fault": "STANDING"}])


def test_what_forbids_a_plan() -> None:
    short = ("--from", "2026-03-05 08:00", "--to", "2026-03-05 12:00")
    result = CliRunner().invoke(outage.app, ["check", *ABOUT, *short, "--as", "planner", "--json"])
    assert result.exit_code == 1
    assert "NOTICE_TOO_SHORT" in {one["code"] for one in json.loads(result.output)["findings"]}
    number = told("draft", *ABOUT, *short)["number"]
    with pytest.raises(PlanForbidden):
        run("submit", number)
    with pytest.raises(NotFound):
        run("show", number, who="east")
    with pytest.raises(NotAllowed):
        run("draft", *ABOUT, *WHEN, who="hall")
    with pytest.raises(NotFound):
        run("draft", *ABOUT, "--open", "K99", *WHEN)
    with pytest.raises(InvalidInput):
        run("draft", *ABOUT, "--from", "2026-03-12 12:00", "--to", "2026-03-12 08:00")


def test_nobody_approves_their_own_and_what_is_sent_back_is_mended() -> None:
    number = told("draft", *ABOUT, *WHEN, who="station")["number"]
    run("acknowledge", number, "SECOND_SUPPLY_ONLY", "--reason", "医院已确认", who="station")
    run("submit", number, who="station")
    with pytest.raises(SamePlanner):
        run("approve", number, who="station")
    run("send-back", number, "--reason", "与抄表日冲突", who="planner")
    assert shown(number)["state"] == "REFUSED"
    run("change", number, "--from", "2026-03-13 08:00", "--to", "2026-03-13 12:00", "--reason", "错开", who="station")
    assert (shown(number)["state"], shown(number)["version"]) == ("DRAFT", 2)
    plans.review(number=number, actor=make.PLANNER, at=make.NOW)
    run("review", number)


def test_a_table_of_plans(tmp_path: Path) -> None:
    head = ",".join(column.name for column in KIND.sections[0].columns)
    path = tmp_path / "plans.csv"
    row = "R{0},BS-W,西线检修,2026-03-12 08:00,2026-03-12 12:00,{1},,,配电一班，更换熔断器,,,,\n"
    path.write_text(head + "\n" + row.format(1, "K12") + row.format(2, "K99"), encoding="utf-8")
    result = CliRunner().invoke(main.app, ["import", KIND.name, str(path), "--as", "planner"], env={"COLUMNS": "250"})
    assert "UNKNOWN_REFERENCE" in result.output or "K99" in result.output, result.output
    assert list(PlannedOutage.objects.values_list("reference", flat=True)) == ["R1"]
