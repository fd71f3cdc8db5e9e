"""An end of an account that is taken back after its final bill: what is left to do is told, and doing it bills the whole month."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world
from tests.kits.supply_changes import (
    NUMBER,
    OCT1,
    ON_16,
    SEP1,
    SEP16,
    SEPTEMBER,
    amounts,
    asked,
    final_bill,
    finish,
    founded,
    home,
)
from typer.testing import CliRunner

from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.models import Bill, BillRun
from wandeng.domains.cases.queries import one as shown
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.tests.make import actor
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization import queries as people
from wandeng.flows.connections import finishing, withdrawing
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import case as command_line
from wandeng.kernel.ids import RunId

pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"reason": "客户不搬了", "at": ON_16}


@pytest.fixture
def charter(settings: Any, tmp_path: Any) -> Charter:
    settings.SECURE_SSL_REDIRECT = False
    return founded(settings, tmp_path)


@pytest.fixture
def made(charter: Charter) -> world.Made:
    return home({SEP1: 100})


@pytest.fixture
def read(charter: Charter, made: world.Made) -> str:
    """A closing as far as its special reading of 180 kWh on the 16th."""
    number = asked(charter, "account_closing", {})
    finish(charter, number, "ACCEPT", "HALL_CLERK")
    finish(charter, number, "READ", "METER_READER", proofs=(cases.PHOTO,), CLOSE_ON="2026-09-16", READING="180")
    return number


def left_now(charter: Charter, number: str) -> list[tuple[str, date, date, bool]]:
    seen = shown.case(Scope.everywhere(), number, charter=charter, now=ON_16)
    found = withdrawing.left_by(Scope.everywhere(), seen, charter)
    return [(one.month, one.ends_on, one.from_on, one.is_draft) for one in found]


def test_before_the_final_bill_nothing_is_left(charter: Charter, read: str) -> None:
    done = withdrawing.withdraw(number=read, actor=actor("HALL_CLERK"), charter=charter, **WHY)
    assert (done.state, done.left) == ("WITHDRAWN", ())


def test_a_draft_is_to_be_thrown_away(charter: Charter, read: str) -> None:
    finishing.finish(number=read, step="FINAL_BILL", actor=world.MAKER, at=ON_16, charter=charter)
    (left,) = withdrawing.withdraw(number=read, actor=actor("HALL_CLERK"), charter=charter, **WHY).left
    run = BillRun.objects.get()
    assert (left.is_draft, left.command) == (True, f"wandeng bill discard {run.pk} --reason …")
    runs.discard(run=RunId(run.pk), actor=world.MAKER, **WHY)
    assert left_now(charter, read) == []


def test_a_bill_in_the_books_is_priced_again_for_the_whole_month(charter: Charter, read: str, made: world.Made) -> None:
    final_bill(charter, read)
    (left,) = withdrawing.withdraw(number=read, actor=actor("HALL_CLERK"), charter=charter, **WHY).left
    assert left.command == f"wandeng bill rebill {NUMBER} {SEPTEMBER} --reason …"
    assert left_now(charter, read) == [("2026-09", SEP16, OCT1, False)]
    # The month is over: its run passes the account by, and pricing it again bills 250 − 100 = 150 kWh at 0.588.
    world.add_readings(made.installation_id, {OCT1: 250})
    assert steps.run_to_check(SEPTEMBER).totals.bills == 0
    steps.finish(steps.rebill(NUMBER, SEPTEMBER).run)
    assert amounts() == ["150.00 kWh × 0.588 = 88.20"]
    assert sum(Bill.objects.values_list("amount_fen", flat=True)) == 88_20
    assert left_now(charter, read) == []


def test_it_is_told_on_the_page_and_by_the_command(charter: Charter, read: str) -> None:
    final_bill(charter, read)
    person = actor("HALL_CLERK").code
    known = Client()
    known.force_login(people.login_user(person))
    page = known.get(f"/console/cases/case/{read}/").content.decode()
    assert "此户末次账单已出" in page
    told = CliRunner().invoke(command_line.app, ["withdraw", read, "--reason", "客户不搬了", "--as", person, "--json"])
    assert told.exit_code == 0, told.output
    command = f"wandeng bill rebill {NUMBER} 2026-09 --reason …"
    assert [one["command"] for one in json.loads(told.output)["left"]] == [command]
    page = known.get(f"/console/cases/case/{read}/").content.decode()
    assert "还有账单要处理" in page
    assert command in page
