"""``wandeng import simbench`` on the smallest of the grids: a village of low voltage behind one transformer."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from wandeng.interfaces.cli import simbench
from wandeng.kernel.errors import InvalidInput

pytestmark = [pytest.mark.simbench, pytest.mark.django_db(transaction=True)]

app = typer.Typer()
app.command("simbench")(simbench.import_simbench)
VILLAGE = ("1-LV-rural1--0-sw", "--workers", "1", "--json")


def test_a_grid_is_imported_and_every_account_gets_a_bill() -> None:
    first = CliRunner().invoke(app, VILLAGE)
    assert first.exit_code == 0, first.output
    answer = json.loads(first.stdout)
    loads = answer["grid"]["loads"]
    assert loads > 10
    taken = {row["kind"]: row for row in answer["taken"]}
    assert taken["customers"]["created"] == loads
    assert "readings" not in taken  # the bills below come from the quarter hours alone
    assert taken["curves"]["created"] == 31 * loads
    assert {row["parked"] for row in answer["taken"]} == {0}
    assert (answer["bills"]["bills"], answer["bills"]["parked"]) == (loads, 0)
    assert answer["bills"]["amount_fen"] > 0
    again = json.loads(CliRunner().invoke(app, VILLAGE).stdout)
    assert again["bills"] == answer["bills"]


def test_a_month_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(app, [*VILLAGE, "--month", "2026-1"])
    assert isinstance(result.exception, InvalidInput)
