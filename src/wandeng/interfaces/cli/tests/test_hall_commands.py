"""``wandeng hall`` over a small county."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.outlets.tests import make
from wandeng.interfaces.cli import hall

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    result = CliRunner().invoke(hall.app, arguments, env={"COLUMNS": "250"})
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def test_a_queue_as_commands() -> None:
    drawing.offices()
    make.county()
    run("open", "P0", "3", "--accessible")
    run("open", "P0", "4")
    first = json.loads(run("ticket", "P0", "--json"))
    elder = json.loads(run("ticket", "P0", "--for", "BUSINESS", "--priority", "ELDERLY", "--json"))
    assert (first["label"], elder["label"]) == ("A001", "B001")
    assert [row["why"] for row in json.loads(run("waiting", "P0", "--json"))] == ["PRIORITY", "FIRST_COME"]
    assert json.loads(run("next", "P0", "3", "--json"))["label"] == "B001"
    run("no-show", str(elder["id"]))
    run("recall", str(elder["id"]))
    run("transfer", str(elder["id"]), "4")
    assert "TRANSFERRED" in run("next", "P0", "4")
    run("done", str(elder["id"]))
    run("leave", str(first["id"]))
    assert "无人等候" in run("waiting", "P0")
    whole = json.loads(run("figures", "P0", "--days", "7", "--json"))[0]
    assert (whole["hour"], whole["taken"], whole["called"], whole["left_uncalled"], whole["within"]) == (
        None,
        2,
        1,
        1,
        1,
    )
    assert "/hall/" in run("kiosk", "P0")
    run("close", "P0", "4")
