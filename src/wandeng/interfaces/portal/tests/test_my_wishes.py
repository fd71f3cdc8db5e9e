"""Which messages come: chosen by whoever holds the account, the same opt-outs as a short message writes."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.kits import bill_world as world

from wandeng.domains.customers import actions as customers
from wandeng.domains.notices import actions
from wandeng.domains.notices.models import ContactPreference, OptOut
from wandeng.domains.notices.queries import opted_out_of
from wandeng.domains.residents.tests import make as residents
from wandeng.flows.tests.test_voice import AT
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def client(settings, tmp_path, monkeypatch) -> Client:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    pii.create_key()
    world.found()
    for number in ("1", "2"):
        world.add_account(number, total={})
    customers.add_contact(account_number="1", phone=PHONE, actor=SYSTEM, at=world.NOW)
    monkeypatch.setattr(middleware, "now", lambda: AT)
    found = Client(headers={"accept-language": "zh-hans"})
    found.cookies[holding.COOKIE] = residents.holding(PHONE, "1", at=AT).token
    return found


def off() -> tuple[str, ...]:
    return opted_out_of(Scope.everywhere(), "1")


def test_what_is_unticked_is_opted_out_and_what_the_law_wants_stays(client: Client) -> None:
    url = reverse("my:wishes", args=["1"])
    actions.opt_out(account_number="1", purpose="PREPAY", source="REPLY", actor=SYSTEM, at=AT)
    page = client.get(url).content.decode()
    ticked = set(re.findall(r'name="wanted" value="([A-Z]+)" checked', page))
    assert (ticked, set(re.findall(r'name="wanted" value="([A-Z]+)"', page)) - ticked) == ({"BILL", "PAYMENT", "APPOINTMENT"}, {"PREPAY"})  # fmt: skip
    assert "停电前必须通知您" in page
    chosen = {"wanted": ["BILL", "PREPAY"], "channel": "VOICE", "from": "21:00", "to": "07:00"}
    assert client.post(url, chosen).status_code == 302
    assert off() == ("APPOINTMENT", "PAYMENT")
    row = ContactPreference.objects.get()
    assert (row.channel, row.quiet_first, row.quiet_last, row.source) == ("VOICE", 1260, 420, "ONLINE")
    # Sent again nothing is written; the law's cannot be left however it is sent.
    written = OptOut.objects.count()
    assert client.post(url, chosen).status_code == 302
    assert client.post(url, {"wanted": []}).status_code == 302
    assert (written, off()) == (3, ("APPOINTMENT", "BILL", "PAYMENT", "PREPAY"))
    row.refresh_from_db()
    assert (row.channel, row.quiet_first) == ("", None)


@pytest.mark.parametrize("wrong", [{"from": "09:00"}, {"from": "08:00", "to": "07:00"}, {"channel": "WECHAT"}])
def test_what_cannot_be_leaves_everything_as_it_was(client: Client, wrong: dict[str, str]) -> None:
    answer = client.post(reverse("my:wishes", args=["1"]), {"wanted": [], **wrong})
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (422, True)
    assert (off(), ContactPreference.objects.count()) == ((), 0)


def test_an_account_of_others_is_not_there(client: Client) -> None:
    url = reverse("my:wishes", args=["2"])
    assert (client.get(url).status_code, client.post(url, {"wanted": []}).status_code) == (404, 404)
    assert not OptOut.objects.exists()
