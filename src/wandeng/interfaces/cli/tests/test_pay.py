"""``wandeng pay`` from a payment to its reversal by two persons."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from wandeng.domains.payments.tests import make
from wandeng.interfaces.cli.main import app
from wandeng.kernel.errors import Refused

pytestmark = pytest.mark.django_db


def run(*words: str):
    done = CliRunner().invoke(app, ["pay", *words, "--json"])
    if done.exception and isinstance(done.exception, Refused):
        raise done.exception
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


@pytest.fixture
def mill() -> int:
    return make.accounts()[make.MILL]


def test_a_payment_is_taken_once_shown_and_reversed(mill) -> None:
    bill = make.bill(mill, "2026-02", 300_00, date(2099, 3, 25))
    taken = run("take", make.MILL, "250.00", "--key", "k1")
    assert taken["settled"] == [{"kind": "BILL", "bill_id": bill, "amount_fen": 250_00}]
    assert run("take", make.MILL, "250.00", "--key", "k1")["is_repeat"]
    assert run("show", make.MILL)["owed_fen"] == 50_00
    assert [row["key"] for row in run("list", "--account", make.MILL)] == ["k1"]
    assert [row["open_fen"] for row in run("owing")] == [50_00]
    assert run("reverse", str(taken["payment_id"]), "-r", "录入错误")["state"] == "DONE"
    assert run("show", make.MILL)["owed_fen"] == 300_00


def test_a_large_refund_waits_and_the_system_cannot_be_both_persons(mill) -> None:
    run("take", make.MILL, "2000.00")
    asked = run("refund", make.MILL, "600.00", "-r", "销户")
    assert (asked["state"], [one["decision_id"] for one in run("waiting")]) == ("PROPOSED", [asked["decision_id"]])
    with pytest.raises(Refused, match="second person"):
        run("decide", str(asked["decision_id"]))


def test_deposit_plan_and_credit(mill) -> None:
    make.bill(mill, "2026-02", 300_00, date(2099, 3, 25))
    run("deposit", make.MILL, "500.00", "-r", "临时用电")
    made = run("plan", "make", make.MILL, "2099-03-25=100.00", "2099-04-25=200.00", "-r", "困难企业")
    assert run("plan", "list", make.MILL)[0]["plan_id"] == made["plan"]
    run("plan", "cancel", str(made["plan"]), "-r", "一次付清")
    run("deposit", make.MILL, "400.00", "--release", "-r", "抵电费")
    assert run("show", make.MILL)["credit_fen"] == 100_00
