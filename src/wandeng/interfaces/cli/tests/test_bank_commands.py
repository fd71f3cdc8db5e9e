"""The accountant's day on the command line: bring, see what waits, match, reconcile, check."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wandeng.domains.payments.models import SuspenseItem
from wandeng.domains.payments.tests import make
from wandeng.flows.tests import bank_world as world
from wandeng.interfaces.cli.main import app

pytestmark = pytest.mark.django_db(transaction=True)


def run(*words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, ["bank", *words])
    return ended.exit_code, ended.stdout


def test_from_a_file_to_a_closed_day(tmp_path: Path) -> None:
    accounts = make.accounts()
    make.bill(accounts["1001"], "2026-02", 80_00, world.date(2026, 3, 25))
    day, detail = tmp_path / "day.csv", tmp_path / "detail.csv"
    day.write_bytes(world.written([world.row(1, "1002", 10_00), world.row(2, "9999", 80_00, name="张三")]))
    told = [
        world.row(1, "1002", 10_00, reference="B1:00000001"),
        world.row(2, "9999", 80_00, reference="B1:00000002"),
    ]
    detail.write_bytes(world.written(told, kind="03", batch="D1"))
    where = ("--bank", "402", "--unit", "BS")
    code, dry = run("import", str(day), *where, "--dry-run", "--json")
    assert (code, json.loads(dry)["state"]) == (1, "CHECKED")
    code, shown = run("post", str(json.loads(dry)["file_id"]), "--json")
    assert (code, json.loads(shown)["verdicts"]["SUSPENSE"]["amount_fen"]) == (0, 80_00)
    # Brought again, it is the same file: booked, with one row in suspense.
    assert run("import", str(day), *where)[0] == 1
    item = SuspenseItem.objects.get().pk
    assert "1001" in run("suspense", "--item", str(item))[1]
    assert run("match", str(item), "--account", "1001", "-r", "户主确认")[0] == 0
    assert run("import", str(detail), *where)[0] == 0
    assert "CLOSED" in run("reconcile")[1]
    assert run("check") == (0, "每一分钱都有去处 every fen is explained\n")
    assert make.balance("CLEARING:BANK_402") == 0


def test_a_refused_file_ends_with_two(tmp_path: Path) -> None:
    make.accounts()
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"H,21\n")
    code, told = run("import", str(broken), "--bank", "402", "--unit", "BS")
    assert (code, "REFUSED" in told) == (2, True)
