"""Paying at the portal: an order once, the cashier's call-back, what it settled; and nobody else's orders."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from wandeng.domains.customers.queries import places
from wandeng.domains.customers.tests import make as customers
from wandeng.domains.payments.models.online import PaymentOrder
from wandeng.domains.payments.tests import make
from wandeng.domains.residents.tests import make as residents
from wandeng.flows.tests import online_world as world
from wandeng.interfaces.doorway import holding, middleware

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def client(settings, monkeypatch) -> Client:
    settings.SECURE_SSL_REDIRECT = False
    world.county()
    customers.contact(make.HOME, PHONE)
    monkeypatch.setattr(middleware, "now", lambda: world.AT)
    opened = residents.holding(PHONE, make.HOME, at=world.AT)
    found = Client()
    found.cookies[holding.COOKIE] = opened.token
    return found


def test_a_bill_is_paid_in_three_taps(client: Client) -> None:
    home = client.get(reverse("my:account", args=[make.HOME])).content.decode()
    assert "¥120.00" in home
    page = client.get(reverse("my:pay", args=[make.HOME])).content.decode()
    assert 'value="120.00"' in page
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    given = {"key": key, "amount": "120.00", "channel": world.CHANNEL}
    answer = client.post(reverse("my:pay", args=[make.HOME]), given)
    assert client.post(reverse("my:pay", args=[make.HOME]), given).url == answer.url
    order = PaymentOrder.objects.get()
    assert order.opened_by.startswith("resident-")
    waiting = client.get(answer.url).content.decode()
    assert f'href="/channels/cashier/{order.number}/"' in waiting
    world.paid(order.number)
    done = client.get(answer.url).content.decode()
    assert "这笔钱交了什么" in done
    assert "¥120.00" in client.get(reverse("my:payments", args=[make.HOME])).content.decode()
    assert "没有欠费" in client.get(reverse("my:account", args=[make.HOME])).content.decode()


@pytest.mark.parametrize("amount", ["", "abc", "-1", "0", "1.234", "99999999"])
def test_what_is_no_amount_opens_nothing(client: Client, amount: str) -> None:
    given = {"key": "k", "amount": amount, "channel": world.CHANNEL}
    assert client.post(reverse("my:pay", args=[make.HOME]), given).status_code == 422
    assert not PaymentOrder.objects.exists()


def test_orders_of_other_accounts_are_not_there(client: Client) -> None:
    client.post(reverse("my:pay", args=[make.HOME]), {"key": "k", "amount": "1", "channel": world.CHANNEL})
    number = PaymentOrder.objects.get().number
    PaymentOrder.objects.update(account_id=places.account_id_of("1003"))
    assert client.get(reverse("my:order", args=[make.HOME, number])).status_code == 404
    assert client.get(reverse("my:order", args=[make.HOME, "NONE"])).status_code == 404
    for route in ("my:pay", "my:payments"):
        assert client.get(reverse(route, args=["1003"])).status_code == 404
    assert client.post(reverse("my:pay", args=["1003"]), {"key": "q", "amount": "1"}).status_code == 404
