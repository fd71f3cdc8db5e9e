"""The price book, an account's terms and two months compared, from the command line."""

from __future__ import annotations

import json
from datetime import date

import pytest
import typer
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from typer.testing import CliRunner

from wandeng.interfaces.cli import bill_compare, prices
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
AUG1, SEP1, OCT1 = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def wide(settings, tmp_path, monkeypatch) -> None:
    settings.HOME = tmp_path
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(prices.app, arguments)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer.stdout


def test_the_book_and_a_code_of_it() -> None:
    assert "hunan.residential" in run("list", "--on", "2026-10-15", "-t", "hunan")
    told = {row["code"]: row for row in json.loads(run("list", "--on", "2027-03-01", "--json"))}
    assert told["demo.two_part.10kv"]["missing"] == "agent_purchase"
    shown = run("show", "demo.two_part.10kv", "--on", "2026-10-15")
    assert "demo/agent_purchase/2026-10-01.toml" in shown
    assert "缺 missing: agent_purchase" in shown
    with pytest.raises(InvalidInput):
        run("list", "--on", "morgen")


def test_an_account_and_two_of_its_months() -> None:
    world.found()
    world.add_account("1", total={AUG1: 850, SEP1: 1000, OCT1: 1250})
    for month in (Month(2026, 8), Month(2026, 9)):
        steps.bill_month(month)
    assert "demo.residential" in run("terms", "1", "--as", "clerk")
    with pytest.raises(NotFound):
        run("terms", "2", "--as", "clerk")
    told = CliRunner().invoke(_compare(), ["1", "2026-08", "2026-09", "--as", "clerk", "--json"]).stdout
    assert json.loads(told)["change_fen"] == 61_30
    assert "用电多少 use" in CliRunner().invoke(_compare(), ["1", "2026-08", "2026-09", "--as", "clerk"]).stdout


def _compare() -> typer.Typer:
    app = typer.Typer()
    app.command()(bill_compare.compare)
    return app
