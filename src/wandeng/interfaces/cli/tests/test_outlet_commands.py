"""``wandeng outlet`` and ``wandeng circle`` over a small county."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.outlets.tests import make
from wandeng.interfaces.cli import outlet

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date.today()  # noqa: DTZ011  (commands go by the day on which they are run)


def run(app: object, *arguments: str) -> str:
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "250"})  # type: ignore[arg-type]
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_circles_as_commands() -> None:
    drawing.offices()
    make.county()
    made = json.loads(run(outlet.circle, "compute", "--unit", "BS", "--json"))
    assert (made["people_inside"], [one["settlement_code"] for one in made["points"]]) == (5_400, ["C2", "C4"])
    assert "河西村" in run(outlet.circle, "show", str(made["id"]))
    tried = json.loads(
        run(outlet.circle, "compute", "--unit", "BS", "--name", "试", "--add", "C2", "--close", "P0", "--json")
    )
    assert tried["people_inside"] == 900  # C1 is 540 s from C2
    assert [row["name"] for row in json.loads(run(outlet.circle, "list", "--json"))] == ["试", ""]
    outside = json.loads(run(outlet.circle, "settlements", str(made["id"]), "--outside", "--json"))
    assert [row["code"] for row in outside] == ["C2", "C3", "C4"]


def test_outlets_as_commands() -> None:
    drawing.offices()
    make.county()
    assert [row["code"] for row in json.loads(run(outlet.app, "list", "--json"))] == ["P0", "P1"]
    day = TODAY.isoformat()
    run(outlet.app, "except", "P0", "--from", day, "--to", day, "--hours", "每天 9:00-10:00", "--reason", "盘点")
    (exception,) = json.loads(run(outlet.app, "show", "P0", "--json"))["exceptions"]
    assert exception["hours"] == "1234567 09:00-10:00"
    assert "盘点" in run(outlet.app, "show", "P0")
    run(outlet.app, "lift", str(exception["id"]))
    run(outlet.app, "close", "P1", "--on", (TODAY + timedelta(days=1)).isoformat(), "--reason", "搬迁")
    assert "没有例外" in run(outlet.app, "show", "P0")
