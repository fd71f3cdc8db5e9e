"""A month's bills from the command line, by two persons: exceptions first, then approval, posting, corrections."""

from __future__ import annotations

import json
from datetime import date

import pytest
from tests.kits import bill_world as world
from typer.testing import CliRunner

from wandeng.domains.billing.models import Bill, BillLine
from wandeng.interfaces.cli import bill
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)

SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)
AS_CLERK, AS_REVIEWER = ("--as", "clerk"), ("--as", "reviewer")


@pytest.fixture(autouse=True)
def county(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setenv("COLUMNS", "200")
    world.found()
    world.add_account("430000000001", total={SEP1: 1000, OCT1: 1250})
    world.add_account("430000000002", total={SEP1: 1000})


def run(*arguments: str):
    answer = CliRunner().invoke(bill.app, arguments)
    if answer.exception and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return answer


def told(*arguments: str):
    return json.loads(run(*arguments, "--json").stdout)


def month(*more: str):
    return told("run", "--unit", "c01", "--month", "2026-09", *more)


def test_a_month_from_the_first_look_to_published_bills() -> None:
    dry = month("--dry-run", *AS_CLERK)
    assert (dry["totals"]["amount_fen"], dry["totals"]["codes"]) == (149_50, {"MISSING_READING": 1})
    view = month(*AS_CLERK)
    number = str(view["run_id"])
    assert (view["state"], view["totals"]["bills"]) == ("CHECKED", 1)
    assert [row["account_number"] for row in told("exceptions", number)] == ["430000000002"]
    assert "缺抄表示数" in run("exceptions", number).stdout
    assert told("approve", number, *AS_REVIEWER)["state"] == "APPROVED"
    assert told("post", number, *AS_CLERK)["state"] == "POSTED"
    assert told("publish", number, *AS_CLERK)["state"] == "PUBLISHED"
    assert "¥149.50" in run("show", number).stdout
    assert [row["state"] for row in told("runs", "--month", "2026-09")] == ["PUBLISHED"]


def test_one_command_goes_all_the_way_with_a_second_person() -> None:
    assert month("--through", "publish", "--approver", "reviewer", *AS_CLERK)["state"] == "PUBLISHED"
    with pytest.raises(InvalidInput, match="second person"):
        month("--through", "post", *AS_CLERK)


def test_accepted_accounts_are_taken_up_again() -> None:
    number = str(month(*AS_CLERK)["run_id"])
    world.add_readings(2, {OCT1: 1100})
    accepted = told("accept", number, "430000000002", "--reason", "补抄", *AS_CLERK)
    assert accepted == {"accepted": 1}
    assert told("retake", number, *AS_CLERK)["totals"]["bills"] == 2


def test_a_bill_is_explained_from_the_reading_to_the_rounding() -> None:
    month("--through", "publish", "--approver", "reviewer", *AS_CLERK)
    said = run("explain", "430000000001", "2026-09").stdout
    for expected in (
        "(1250.00 − 1000.00) × 1 = 250.00 kWh", "200.00 kWh × 0.588 = 117.60", "50.00 kWh × 0.638 = 31.90",
        "第2档 (200.00 至 350.00 kWh)", "¥149.50", "demo/residential/2025-01-01.toml",
    ):  # fmt: skip
        assert expected in said, expected
    facts = told("explain", "430000000001", "2026-09")
    assert [line["amount_fen"] for line in facts["lines"]] == [117_60, 31_90]


def test_a_run_is_verified_and_a_change_gives_exit_code_one() -> None:
    number = str(month(*AS_CLERK)["run_id"])
    assert told("verify", number)["identical"]
    BillLine.objects.update(amount_fen=1)
    changed = run("verify", number, "--json")
    assert (changed.exit_code, json.loads(changed.stdout)["identical"]) == (1, False)


def test_corrections_are_made_by_one_and_approved_by_another() -> None:
    month("--through", "publish", "--approver", "reviewer", *AS_CLERK)
    world.correct_reading(1, OCT1, 1240)
    made = told("rebill", "430000000001", "2026-09", "--reason", "抄错", *AS_CLERK)
    number = str(made["run"]["run_id"])
    assert (made["run"]["state"], made["later"]) == ("CHECKED", [])
    run("approve", number, *AS_REVIEWER)
    assert told("post", number, *AS_CLERK)["totals"]["amount_fen"] == 143_12 - 149_50
    adjusted = told(
        "adjust", "430000000001", "2026-09", "--case", "wrong_wiring", "--document", "退-1", "--energy-kwh", "10",
        "--reason", "接线错误", *AS_CLERK,
    )  # fmt: skip
    assert adjusted["run"]["totals"]["energy_ckwh"] == 10_00
    assert "重算账单" in run("explain", "430000000001", "2026-09").stdout
    assert Bill.objects.filter(month_index=Month(2026, 9).index).count() == 4


def test_a_draft_is_discarded_with_a_reason() -> None:
    number = str(month(*AS_CLERK)["run_id"])
    assert told("discard", number, "--reason", "重来", *AS_CLERK)["state"] == "DISCARDED"
    assert Bill.objects.count() == 0
