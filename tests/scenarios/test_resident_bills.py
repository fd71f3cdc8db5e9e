"""A resident reads a bill that was run and published: the page says in plain words what the ledger says, and nobody else's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.kits import bill_world as world

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import runs
from wandeng.domains.customers import actions as customers
from wandeng.domains.residents import actions as residents
from wandeng.domains.residents.tests import make
from wandeng.domains.residents.types import TooManyLooks
from wandeng.flows import bill_run
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, middleware
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
JULY = Month(2026, 7)
MINE, OTHER, PHONE = "430000000001", "430000000002", "13800000001"
NOW = world.NOW + timedelta(hours=2)


def run(month: Month) -> int:
    view = bill_run.run(
        unit_code=world.UNIT, month=month, actor=world.MAKER, at=world.NOW, shop=bill_run.Workshop.default()
    )
    runs.approve(run=RunId(view.run_id), actor=world.CHECKER, at=world.NOW + timedelta(hours=1))
    bill_run.post(RunId(view.run_id), actor=world.MAKER, at=world.NOW)
    return view.run_id


def client_of(phone: str) -> Client:
    client = Client()
    client.cookies[holding.COOKIE] = make.holding(phone, MINE, at=NOW).token
    return client


def test_a_bill_is_told_in_plain_words_once_it_is_published(settings, monkeypatch) -> None:
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    world.found()
    for number in (MINE, OTHER):
        world.add_account(number, total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460})
    customers.add_contact(account_number=MINE, phone=PHONE, is_primary=True, actor=SYSTEM, at=NOW)
    made = run(JULY)
    client = client_of(PHONE)
    mine, other = (queries.explain(Scope.everywhere(), account_number=one, month=JULY).bill_id for one in (MINE, OTHER))
    page = reverse("my:bill", args=[MINE, mine])
    assert client.get(page).status_code == 404, "not published yet"
    assert "还没有电费单" in client.get(reverse("my:bills", args=[MINE])).content.decode()
    bill_run.publish(RunId(made), actor=world.MAKER, at=world.NOW)

    told = client.get(page).content.decode()
    # 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 285.98, on 460 kWh.
    for expected in ("¥285.98", "460.00 kWh", "¥0.6217", "第 1 档", "200.00 kWh", "第 3 档", "10.00 kWh", "¥0.888"):
        assert expected in told, expected
    assert "¥285.98" in client.get(reverse("my:bills", args=[MINE])).content.decode()
    assert "¥285.98" in client.get(reverse("my:account", args=[MINE])).content.decode()
    assert "460.00 kWh" in client.get(reverse("my:usage", args=[MINE])).content.decode()
    document = client.get(reverse("my:bill-pdf", args=[MINE, mine]))
    assert document.content.startswith(b"%PDF")
    for foreign in ((MINE, other), (OTHER, other), (OTHER, mine), (MINE, 10**12)):
        assert client.get(reverse("my:bill", args=foreign)).status_code == 404, foreign
        assert client.get(reverse("my:bill-pdf", args=foreign)).status_code == 404, foreign
    for route in ("my:bills", "my:usage"):
        assert client.get(reverse(route, args=[OTHER])).status_code == 404, route


def test_bills_are_looked_up_sixty_times_a_minute_at_most() -> None:
    for _look in range(60):
        residents.count_look(resident_id=1, at=NOW)
    with pytest.raises(TooManyLooks):
        residents.count_look(resident_id=1, at=NOW)
    residents.count_look(resident_id=2, at=NOW)
    residents.count_look(resident_id=1, at=NOW + timedelta(minutes=1))
