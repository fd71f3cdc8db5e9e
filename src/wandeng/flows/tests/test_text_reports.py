"""A message that reports a fault opens a case once, unless it is known why supply is off; pay points are told by how near they are."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.kits import bill_world as world

from wandeng.domains.cases.models import Case
from wandeng.domains.conversations.models import Conversation
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.types import Verdict
from wandeng.domains.network.models import ConnectivityNode
from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets.tests import make as outlets
from wandeng.domains.reliability.tests import make as off
from wandeng.flows import text_service
from wandeng.flows.tests.test_text_service import Carrier
from wandeng.flows.tests.test_voice import AT, MINE, OTHER
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def county(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    world.found()
    for number in ("1", "2"):
        world.add_account(number, total={})
    for number, phone in (("1", MINE), ("2", MINE)):
        contact = customers.add_contact(account_number=number, phone=phone, actor=SYSTEM, at=world.NOW)
        if number == "1":
            customers.verify_contact(
                contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=world.NOW, reason="核实"
            )


def say(text: str, *, phone: str = MINE, minutes: int = 0) -> str:
    carrier, at = Carrier(), AT + timedelta(minutes=minutes)
    text_service.receive(
        outside_id=f"{phone}:{text}:{minutes}", phone=phone, text=text, at=at,
        library=RuleLibrary.load(default_root()), gateway=carrier,
    )  # fmt: skip
    return carrier.sent[-1].text


def test_a_report_opens_a_case_of_the_channel_once() -> None:
    told = say("报修")
    case = Case.objects.get(account__account_number="1")
    assert case.number in told
    assert (case.process, case.channel) == ("fault_repair", "SMS")
    assert Conversation.objects.get().case_number == case.number
    again = say("BX", minutes=5)
    assert case.number in again
    assert "不必重复" in again
    assert Case.objects.count() == 1


def test_a_number_that_nobody_verified_opens_nothing() -> None:
    assert "尚未核实" in say("BX", phone=OTHER)
    assert not Case.objects.exists()


def test_a_preview_opens_nothing() -> None:
    told = text_service.preview(phone=MINE, text="BX", at=AT, library=RuleLibrary.load(default_root()))
    assert told.answers == "REPORTED"
    assert not Case.objects.exists()


def test_what_is_known_already_is_told_instead() -> None:
    off.off(
        "T-1",
        off.step([f"T-{world.UNIT}"], "2026-09-05 09:30", None),
        about=off.facts(unit=world.UNIT),
        actor=SYSTEM,
    )
    assert "故障停电" in say("BX")
    assert not Case.objects.exists()


def test_pay_points_by_how_near_they_are_to_a_verified_account() -> None:
    unit = Unit.objects.get(code=world.UNIT)
    for code, at in (("A1", 4), ("A2", 0), ("A3", 1)):
        outlets.outlet(code, unit, at, "PAY")
    outlets.outlet("A0", unit, 1, "ADVICE")
    assert say("JFD").startswith("交费网点：网点A1（路边）；网点A2")  # by code: nobody knows where the account is
    ConnectivityNode.objects.filter(code=f"N-{world.UNIT}").update(longitude_e6=111_600_000, latitude_e6=outlets.NORTH)
    assert say("JFD", minutes=1).startswith(
        "交费网点：网点A2（路边，约0米）；网点A3（路边，约3.0公里）；网点A1（路边，约11.9公里）"
    )
    assert "约" not in say("JFD", phone=OTHER, minutes=2)
