"""``wandeng cut`` and ``wandeng restore``, and the morning of cuts that a demonstration shows."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from wandeng.domains.collections.models import DisconnectionOrder, DunningStep, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.tests import make as contacts
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.interfaces.cli import demo_cutting, terminal
from wandeng.interfaces.cli.main import app
from wandeng.kernel.actors import SYSTEM

STAFF = (
    ("account2", Role.ACCOUNTANT), ("manager1", Role.COUNTY_MANAGER), ("province1", Role.PROVINCIAL_MANAGER),
    ("dispatch1", Role.DISPATCHER),
)  # fmt: skip


def staff() -> None:
    make.county()
    for code, role in STAFF:
        organization.add_person(code=code, name=code, unit_code="BS", actor=SYSTEM, at=make.NOW)
        organization.appoint(
            person_code=code, unit_code="BS", role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.NOW
        )


def run(*words: str) -> str:
    answer = CliRunner().invoke(app, words)
    assert answer.exception is None, answer.exception
    return answer.stdout


@pytest.mark.django_db
def test_an_order_goes_its_way_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "now", lambda: make.NOW)
    staff()
    make.arrears()
    number = json.loads(run("cut", "propose", "1001", "-r", "欠费", "--as", "account2", "--json"))["number"]
    assert "APPROVED" in run("cut", "approve", number, "--as", "manager1")
    run("cut", "halt", "BS", "-r", "演练", "--drill", "--as", "manager1")
    (answer,) = json.loads(run("cut", "dispatch", number, "--as", "dispatch1", "--json"))
    assert answer["code"] == "DISCONNECTION_HALTED"
    run("cut", "halt", "BS", "-r", "结束", "--lift", "--as", "province1")
    (answer,) = json.loads(run("cut", "dispatch", number, "--as", "dispatch1", "--json"))
    assert answer["is_done"]
    assert "CUT" in run("cut", "confirm", number, "--as", "dispatch1")
    run("restore", "order", number, "-r", "协商", "--as", "account2")
    (back,) = json.loads(run("restore", "list", "--json"))
    assert "0 分钟" in run("restore", "confirm", back["number"], "--as", "dispatch1")
    assert json.loads(run("cut", "list", "--state", "RESTORED", "--json"))[0]["number"] == number
    assert json.loads(run("restore", "quarter", "2026-1", "--json"))[0]["in_time"] == 1


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_leaves_orders_in_every_state_once() -> None:
    staff()
    for place, number in enumerate(make.many(10)):
        contact = contacts.contact(number, f"1380000{place:04d}")
        customers.verify_contact(contact_id=contact, verdict="RIGHT", actor=SYSTEM, at=make.NOW, reason="核实")
    DunningStep.objects.filter(kind="SECOND_NOTICE").delete()
    for case in {step.case for step in DunningStep.objects.select_related("case")}:
        type(case).objects.filter(pk=case.pk).update(step="NOTICE")
    # Wednesday noon: the morning played is that of Tuesday, 10 March.
    now = make.NOW + timedelta(days=1)
    assert demo_cutting.leave_orders(now, make.library()) == demo_cutting.MOST
    states = Counter(DisconnectionOrder.objects.values_list("state", flat=True))
    assert states == {"PROPOSED": 3, "REFUSED": 1, "APPROVED": 1, "FAILED": 1, "CUT": 2, "RESTORED": 2}
    assert Counter(ReconnectionOrder.objects.values_list("state", flat=True)) == {"ORDERED": 1, "RESTORED": 2}
    assert demo_cutting.leave_orders(now, make.library()) == demo_cutting.MOST
