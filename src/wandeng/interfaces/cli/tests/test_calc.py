"""``wandeng calc`` as people and as programs see it; no database is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.calc.trial.kinds import KINDS
from wandeng.interfaces.cli import calc
from wandeng.kernel.errors import InvalidInput


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def run(*arguments: str, given: str | bytes | None = None):
    return CliRunner().invoke(calc.app, arguments, input=given)


def test_alone_it_lists_the_kinds():
    listed = run()
    assert listed.exit_code == 0
    assert all(kind in listed.output for kind in KINDS)


def test_an_example_can_be_piped_back_in():
    example = run("late-fee", "--example")
    assert json.loads(example.output)["bills"]
    answered = run("late-fee", "--input", "-", given=example.output)
    assert answered.exit_code == 0, answered.output
    assert "3,000.00 × 3 d × 2 ‰ = 18.00" in answered.output
    assert "convention cross_year = split_at_year_end (by the case file" in answered.output
    assert "rule national/late_fee/1996-10-08.toml from 1996-10-08, status C" in answered.output


def test_json_is_exact(tmp_path: Path):
    case = tmp_path / "case.json"
    case.write_text("\ufeff" + KINDS["theft"].sample, encoding="utf-8")
    told = json.loads(run("theft", "--input", str(case), "--json").output)
    assert told["results"] == {
        "energy_ckwh": 432_000,
        "base_fen": 172_800,
        "penalty_fen": 518_400,
        "total_fen": 691_200,
    }
    assert told["conventions"][0]["used"] == "rounded"


def test_a_wrong_case_is_explained_and_exits_with_2():
    wrong = KINDS["late-fee"].sample.replace('"2000.00"', "2000.005").replace('"other"', '"industry"')
    refused = run("late-fee", "--input", "-", given=wrong)
    assert refused.exit_code == 2
    assert "✗ bills[0].amount: found '2000.005' (more than 2 decimals); expected an amount in yuan" in refused.output
    assert '✗ customer_class: found \'industry\'; expected "residential" or "other"' in refused.output
    assert "Traceback" not in refused.output


def test_without_a_case_it_says_what_is_missing():
    refused = run("bill")
    assert refused.exit_code == 2
    assert "--example" in refused.output


@pytest.mark.parametrize("content, why", [(None, "No such file"), (b"\xff\xfe{", "UTF-8")])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, why: str):
    case = tmp_path / "case.json"
    if content is not None:
        case.write_bytes(content)
    refused = run("bill", "--input", str(case))
    assert isinstance(refused.exception, InvalidInput)
    assert why in str(refused.exception)
    assert "case.json" in str(refused.exception)
