"""An order of rationing on its pages: proposed, approved by a second person, published, run to its end; each page asks little."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries
from wandeng.domains.organization.types import Role
from wandeng.domains.rationing.models import RationingOrder
from wandeng.domains.rationing.tests import make
from wandeng.domains.rationing.tests.make import ENDS, NOW, STARTS
from wandeng.flows import rationing
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = (("dis", Role.DISPATCHER), ("boss", Role.COUNTY_MANAGER), ("aud", Role.AUDITOR))
MOST_QUERIES = 15
AT = "/console/rationing/"


@pytest.fixture(autouse=True)
def people(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.town()
    for code, role in PEOPLE:
        organization.add_person(code=code, name=f"{code}先生", unit_code="BS", actor=SYSTEM, at=NOW)
        organization.appoint(
            person_code=code, unit_code="BS", role=role, from_on=NOW.date() - timedelta(days=30), actor=SYSTEM, at=NOW
        )
    monkeypatch.setattr(middleware, "now", lambda: NOW)


def asks(code: str) -> Client:
    found = Client()
    found.force_login(queries.login_user(code))
    return found


def shown(who: Client, address: str) -> str:
    with CaptureQueriesContext(connection) as asked:
        answer = who.get(f"{AT}{address}")
    assert answer.status_code == 200, (address, answer.content[:800])
    assert len(asked) <= MOST_QUERIES, (address, "\n".join(str(one["sql"])[:160] for one in asked.captured_queries))
    return str(answer.content.decode())


def test_from_proposal_to_saving(monkeypatch: pytest.MonkeyPatch) -> None:
    scheme = make.approved()
    planner, manager = asks("dis"), asks("boss")
    shown(planner, "")
    given = {
        "unit_code": "BS", "starts_at": "2026-07-15T10:00", "ends_at": "2026-07-15T14:00", "gap_kw": 150,
        "shortage": "SYSTEM",
    }  # fmt: skip
    assert planner.post(f"{AT}new/", {**given, "ends_at": "2026-07-15T09:00"}).status_code == 422
    where = planner.post(f"{AT}new/", given)["Location"].removeprefix(AT)
    order = RationingOrder.objects.get()
    page = shown(planner, where)
    assert "轮到" in page
    assert "受保护" in page
    assert planner.post(f"{AT}{where}approve/").status_code in (403, 404, 422)
    assert manager.post(f"{AT}{where}approve/", {"reason": "其余由上级调剂"}).status_code == 302
    assert planner.post(f"{AT}{where}publish/").status_code == 302
    rationing.tell(number=order.number, at=NOW)
    assert "1001" in shown(planner, f"{where}notices/")
    monkeypatch.setattr(middleware, "now", lambda: ENDS + timedelta(hours=1))
    for address in (
        f"schemes/{scheme.pk}/",
        "schemes/",
        "burdens/?unit=BS&year=2026",
        "gaps/",
        "calls/",
        f"{where}saved/",
    ):
        shown(asks("aud") if address == "gaps/" else planner, address)
    order.refresh_from_db()
    assert order.state == "PUBLISHED"
    assert order.starts_at == STARTS


def test_an_auditor_reads_and_does_nothing() -> None:
    make.approved()
    number = make.published()
    auditor = asks("aud")

    assert "撤销" not in shown(auditor, f"orders/{number}/")
    assert auditor.post(f"{AT}orders/{number}/cancel/", {"reason": "x"}).status_code in (403, 404)
    assert RationingOrder.objects.get().state == "PUBLISHED"


def test_a_participant_is_entered_on_the_page_of_a_draft() -> None:
    scheme, planner = make.drafted(()), asks("dis")
    assert "登记参与对象" in shown(planner, f"schemes/{scheme}/")
    given = {"kind": "LINE", "code": "K12", "measure": "LIMIT", "before_kw": "300", "shed_kw": "300", "sequence": "1"}
    refused = planner.post(f"{AT}schemes/{scheme}/take-in/", given)
    assert refused.status_code == 422
    assert "线路只能拉路" in refused.content.decode()
    assert planner.post(f"{AT}schemes/{scheme}/take-in/", {**given, "measure": "CUT"}).status_code == 302
    assert "K12" in shown(planner, f"schemes/{scheme}/")
