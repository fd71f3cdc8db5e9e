"""``wandeng reliability`` over the small town: figures for people and programs, and a correction."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from wandeng.domains.reliability import queries
from wandeng.domains.reliability.models import Interruption
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import off, step
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import reliability
from wandeng.kernel.errors import InvalidInput, NotFound, Refused

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    result = CliRunner().invoke(reliability.app, arguments, env={"COLUMNS": "250"})
    if isinstance(result.exception, Refused):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def told(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json"))


def test_interruptions_are_shown_taken_apart_and_corrected() -> None:
    make.town()
    off("A", step(["T1", "T2"], "2026-03-05 08:00", "2026-03-05 10:00"))
    off("L", step([], "2026-03-06 08:00", "2026-03-06 09:00", points=["P1"]))
    found = told("show", "--unit", "BS", "--month", "2026-03", "--by", "FEEDER")
    assert [(row["code"], row["saidi_e4"]) for row in found["rows"]] == [("F1", 20_000), ("F2", 0)]
    assert "西线" in run("show", "--unit", "BS", "--year", "2026", "--by", "FEEDER", "--standard", "IEEE1366")
    with pytest.raises(InvalidInput):
        run("show", "--unit", "BS", "--month", "2026-03", "--year", "2026")
    assert [row["number"] for row in told("list")] == ["L", "A"]
    assert told("history", "1001", "--year", "2026")["seconds"] == 3 * 3600
    assert "2 × 180 min" in run("history", "1001", "--year", "2026")
    assert "P1" in run("one", "L")
    assert told("standouts", "--unit", "BS", "--year", "2026")["lasting_count"] == {"now": 0, "before": 0}
    assert "频繁停电" in run("standouts", "--unit", "BS", "--year", "2026")
    change = ("correct", "A", "--reason", "台区报错", "--cause", "WEATHER")
    run(*change, "--step", "T1, 2026-03-05 08:00, 2026-03-05 11:00", "--step", "P3, 2026-03-05 08:30")
    new = queries.interruption(Scope.everywhere(), "A")
    assert (new.revision, new.cause, new.customers) == (1, "WEATHER", 3)
    assert queries.written(new.steps) == "T1, 2026-03-05 08:00:00, 2026-03-05 11:00:00\nP3, 2026-03-05 08:30:00"
    for wrong, refusal in (("T1", InvalidInput), ("T9, 2026-03-05 08:00", NotFound), ("T1, yesterday", InvalidInput)):
        with pytest.raises(refusal):
            run(*change, "--step", wrong)


def test_an_interruption_is_recorded_restored_and_held_against_its_steps() -> None:
    make.town()
    about = ("--unit", "BS-W", "--kind", "FAULT_INTERNAL", "--cause", "EQUIPMENT", "--feeder", "F1")
    run("record", "TD-1", *about, "--step", "T1, 2026-03-05 08:00", "--step", "T2, 2026-03-05 08:00")
    with pytest.raises(NotFound):
        run("restore", "TD-1", "--on", "2026-03-05 09:00", "--area", "T9")
    assert told("restore", "TD-1", "--on", "2026-03-05 09:00", "--area", "T1")["left"] == 1
    assert told("restore", "TD-1", "--on", "2026-03-05 10:00")["left"] == 0
    assert told("check") == []
    Interruption.objects.filter(number="TD-1").update(customers=99)
    found = CliRunner().invoke(reliability.app, ["check", "--json"])
    assert found.exit_code == 1
    assert json.loads(found.output) == [{"number": "TD-1", "fault": "SUMS_DIFFER"}]
