"""``wandeng loss`` over the small town: a day computed, summed, listed, followed up to its end, and what is refused."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from wandeng.domains.losses.tests import make
from wandeng.domains.losses.tests.make import DAY
from wandeng.interfaces.cli import loss
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)


def test_loss_as_commands() -> None:
    make.town()
    # 100 kWh supplied; M3 shows 60, M4 one turn of its transformer of 20: a fifth is lost.
    make.freezes(DAY, M8=(0, 1), M3=(0, 60), M4=(0, 1))

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(loss.app, arguments, env={"COLUMNS": "250"})
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    day = ("--from", str(DAY))
    first = json.loads(run("compute", "--unit", "BS", *day, "--json"))
    assert (first["days"], first["written"] > 0) == (1, True)
    assert json.loads(run("compute", "--unit", "BS", *day, "--json"))["written"] == 0
    found = {one["code"]: one for one in json.loads(run("show", "--unit", "BS", *day, "--by", "AREA", "--json"))}
    assert (found["T2"]["supplied_ckwh"], found["T2"]["sold_ckwh"], found["T2"]["loss_ckwh"]) == (10_000, 8_000, 2_000)
    shown = json.loads(run("area", "T2", *day, "--to", str(DAY + timedelta(days=1)), "--json"))
    assert [(one["day"], one["rate_e4"]) for one in shown["days"]] == [(str(DAY), 2_000)]
    listed = json.loads(run("list", "--day", str(DAY), "--json"))
    assert [(one["area_code"], one["loss_ckwh"]) for one in listed] == [("T2", 2_000)]
    assert "T2" in run("list", "--day", str(DAY))
    assert json.loads(run("list", "--day", str(DAY), "--status", "NEGATIVE", "--json")) == []
    wrong = CliRunner().invoke(loss.app, ["show", "--unit", "BS", "--month", "2026-03", *day])
    assert isinstance(wrong.exception, InvalidInput)
    assert isinstance(CliRunner().invoke(loss.app, ["area", "T99"]).exception, NotFound)
