"""The list and the page of conversations: who sees them, of which units, and never a number."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from wandeng.domains.conversations.models import Conversation
from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.customers.tests import make
from wandeng.domains.customers.types import Verdict
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import text_service
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime.now(UTC)
PHONE = "13800000001"


def person(code: str, unit: str, role: Role) -> Client:
    organization_actions.add_person(code=code, name="某人", unit_code=unit, actor=SYSTEM, at=NOW)
    organization_actions.appoint(
        person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=NOW
    )
    found = Client()
    found.force_login(organization.login_user(code))
    return found


@pytest.fixture(autouse=True)
def thread() -> int:
    make.accounts()
    contact = make.contact("1001", PHONE)
    customers_actions.verify_contact(contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=NOW, reason="核实")
    text_service.receive(outside_id="M1", phone=PHONE, text="余额", at=NOW, library=make.library())
    return Conversation.objects.get().pk


def test_a_clerk_reads_the_thread_with_a_masked_number(thread: int) -> None:
    clerk = person("call", "BS-W", Role.CALL_CLERK)
    listed = clerk.get("/console/conversations/?medium=SMS").content.decode()
    assert "1001" in listed
    assert f"/console/conversations/{thread}/" in listed
    page = clerk.get(f"/console/conversations/{thread}/").content.decode()
    assert "余额" in page
    assert "户号1001：待交0.00元" in page
    assert "138****0001" in page
    assert PHONE not in page + listed


def test_another_unit_finds_nothing_and_others_may_not_look(thread: int) -> None:
    east = person("east", "BS-E", Role.CALL_CLERK)
    assert f"/console/conversations/{thread}/" not in east.get("/console/conversations/").content.decode()
    assert east.get(f"/console/conversations/{thread}/").status_code == 404
    assert person("reader", "BS-W", Role.METER_READER).get(f"/console/conversations/{thread}/").status_code == 403
    assert Client().get(f"/console/conversations/{thread}/").status_code == 302
