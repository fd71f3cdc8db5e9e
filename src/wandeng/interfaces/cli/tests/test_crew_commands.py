"""``wandeng crew``, ``incident`` and ``permit``: a crew from its founding to a restored line, in words and as JSON."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.kits import storm_world as storm
from typer.testing import CliRunner

from wandeng.domains.cases.models import Case, Crew, RepairIncident, WorkPermit
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.main import app


@pytest.fixture
def charter(db: None, monkeypatch: pytest.MonkeyPatch) -> Charter:
    """Every command takes a minute of the night."""
    minutes = [0]

    def now() -> datetime:
        minutes[0] += 1
        return storm.after(minutes[0])

    monkeypatch.setattr(terminal, "now", now)
    monkeypatch.setattr(terminal, "today", lambda: storm.NIGHT.date())
    return storm.build()


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, words, env={"COLUMNS": "220"})
    if answer.exception is not None:
        raise answer.exception
    return answer.stdout


def test_a_crew_goes_to_an_incident_and_to_a_case(charter: Charter, tmp_path: Path) -> None:
    run("crew", "found", "Q9", "--name", "城南队", "-u", "c01", "--leader", "cell_manager", "--skill", "LOW_VOLTAGE",
        "--as", "dispatcher")  # fmt: skip
    run("crew", "on", "Q9", "--until", "2026-10-13T08:00", "--as", "dispatcher")
    told = json.loads(run("crew", "at", "Q9", "112.0,26.02", "--as", "cell_manager", "--json"))
    assert (told["state"], told["longitude_e6"]) == ("FREE", 112_000_000)
    storm.call(charter, "A1-01", at=storm.after(3))
    storm.call(charter, "A1-02", at=storm.after(3))
    number = RepairIncident.objects.get().number
    assert number in run("incident", "list", "--as", "dispatcher")
    assert number in run("incident", "known", "A1-09", "--as", "call_clerk")

    run("incident", "send", number, "Q9", "--as", "dispatcher")
    run("incident", "accept", number, "--as", "cell_manager")
    run(
        "incident", "arrive", number, "--place", "112.0,26.01", "--expected", "2026-10-12T23:00", "--as", "cell_manager"
    )
    photo = tmp_path / "a.jpg"
    photo.write_bytes(b"\xff\xd8\xffa")
    done = run("incident", "restore", number, "--cause", "倒树", "--place", "112.0,26.01", "--photo", str(photo), "--as",
               "cell_manager", "--json")  # fmt: skip
    assert (json.loads(done)["state"], json.loads(done)["cases"]) == ("RESTORED", 2)
    assert Crew.objects.get().state == "FREE"

    lone = storm.call(charter, "B1-01", at=storm.after(5)).number
    assert "Q9" in run("crew", "propose", lone, "--as", "dispatcher")
    run("crew", "send", lone, "Q9", "--as", "dispatcher")
    assert (Case.objects.get(number=lone).step, "B1" in lone) == ("ACCEPT", False)
    assert lone in run("crew", "show", "Q9")


def test_a_permit_from_its_list_to_its_end(charter: Charter, tmp_path: Path) -> None:
    number = make.open_fault(charter, first_class="CUSTOMER_INSIDE", at=storm.after(-60)).number
    for step, role in (("DISPATCH", "DISPATCHER"), ("ACCEPT", "CELL_MANAGER")):
        make.work.finish(number=number, step=step, actor=make.actor(role), at=storm.after(-30), charter=charter)
    make.work.finish(number=number, step="ARRIVE", actor=make.actor("CELL_MANAGER"), at=storm.after(0), charter=charter,
                     answers={"EXPECTED": (storm.NIGHT + timedelta(hours=2)).isoformat()}, proofs=(make.HERE,))  # fmt: skip
    run("permit", "write", number, "--job", "CUSTOMER_FAULT", "--work", "更换断路器", "--worker", "cell_manager", "--from",
        "2026-10-12T21:00", "--to", "2026-10-12T23:00", "--as", "cell_manager")  # fmt: skip
    permit = WorkPermit.objects.get().number
    for check in ("CUSTOMER_PERMIT", "SWITCHED_OFF", "TESTED", "BRIEFED"):
        run("permit", "see", permit, check, "--as", "cell_manager")
    run("permit", "issue", permit, "--as", "dispatcher")
    sheet = tmp_path / "sheet.pdf"
    assert "4/4" in run("permit", "show", permit, "--pdf", str(sheet))
    assert sheet.read_bytes().startswith(b"%PDF-")
    assert "CLOSED" in run("permit", "close", permit, "--as", "cell_manager")
    assert permit in run("permit", "list")


def test_how_long_repairs_took(charter: Charter) -> None:
    make.repair(charter, storm.call(charter, "A1-01", at=make.NOW).number, minutes=5)

    told = json.loads(run("crew", "times", "--unit", "c01", "--month", "2026-10", "--as", "county_manager", "--json"))
    shown = run("crew", "times", "--unit", "c01", "--month", "2026-10", "--as", "county_manager")

    assert [one["p90_s"] for one in told["whole"]["spreads"]] == [300, 60, 60, 60, 480]
    assert "300" in shown
