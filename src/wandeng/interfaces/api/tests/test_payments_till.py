"""The cash desk by the API: a day of a till, money once, a receipt that can be verified."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.models import Payment
from wandeng.domains.payments.tests import make
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    make.bill(make.accounts()[make.MILL], "2026-02", 88_88, date(2099, 1, 1))
    for code, role in (("hall", Role.HALL_CLERK), ("account2", Role.ACCOUNTANT)):
        actions.add_person(code=code, name=code, unit_code="BS", actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code="BS", role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT)


class As:
    """Asks in a person's name."""

    def __init__(self, code: str) -> None:
        at = datetime.now(UTC)
        secret = actions.issue_token(
            label="测试",
            may_write=True,
            expires_at=at + timedelta(days=1),
            actor=queries.actor_for(code, at.date()),
            at=at,
        ).secret
        self._client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        answer = self._client.post(f"/api/v1{path}", body, content_type="application/json")
        assert answer.status_code == status, answer.content.decode()
        return answer.json().get("result") if status == 200 else answer.json()

    def get(self, path: str, **query: str) -> Any:
        answer = self._client.get(f"/api/v1{path}", query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()


def test_a_day_of_a_till() -> None:
    hall, second = As("hall"), As("account2")
    second.post("/tills/add", code="BS-1", name="一号台", unit_code="BS", kind="COUNTER")
    session = hall.post("/till-sessions/open", till_code="BS-1", float_fen=0)
    assert hall.get("/accounts/1003/desk-standing")["owed_fen"] == 88_88
    take = {"client_key": "k", "account_number": "1003", "amount_fen": 88_88, "tender": "CASH", "purpose": "FULL"}
    first = hall.post(f"/till-sessions/{session}/take", **take, tendered_fen=100_00)
    assert (first["change_fen"], first["is_repeat"]) == (11_12, False)
    assert hall.post(f"/till-sessions/{session}/take", **take)["is_repeat"]
    assert Payment.objects.count() == 1
    refused = hall.post(f"/till-sessions/{session}/take", 422, **take | {"client_key": "k2"})
    assert refused["code"] == "CASH_DESK_NOT_AS_CHOSEN"
    number = first["receipt_number"]
    shown = hall.get(f"/receipts/{number}")
    assert hall.get(f"/receipts/{number}/verify", code=shown["check_code"]) is True
    assert hall.get(f"/receipts/{number}/verify", code="0") is False
    drawer = [{"face_fen": 5_000, "pieces": 1}]
    counted = {"drawer": drawer, "deposit_fen": 50_00, "deposit_number": "J", "reason": "少了"}
    assert hall.post(f"/till-sessions/{session}/count", **counted) == "COUNTED"
    hall.post(f"/till-sessions/{session}/confirm", 403, reason="看过")
    second.post(f"/till-sessions/{session}/confirm", reason="复点属实")
    assert second.get(f"/till-sessions/{session}")["facts"]["state"] == "CLOSED"
    assert make.balance("OVER_SHORT") == 38_88
