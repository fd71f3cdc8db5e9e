"""Webhooks and the doctor as administrators see them: registered, tried, replayed, turned off; every gap with its remedy."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.flows.subscriptions import EVENT_KINDS
from wandeng.infra import webhook_delivery, webhooks
from wandeng.infra.models import Operation
from wandeng.infra.outgoing import Answer
from wandeng.infra.webhook_models import WebhookDelivery, WebhookEndpoint
from wandeng.interfaces.doorway.words import integrations as words
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/wandeng"
MOST_QUERIES = 15


@pytest.fixture(autouse=True)
def _county(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    settings.WANDENG_OUTGOING = "hooks.example.com"
    make.county()
    for code, unit, role in (
        ("adm", "BS", Role.ADMINISTRATOR),
        ("adm-w", "BS-W", Role.ADMINISTRATOR),
        ("head", "BS", Role.COUNTY_MANAGER),
    ):
        actions.add_person(code=code, name=f"人员{code}", unit_code=unit, actor=SYSTEM, at=make.AT)
        actions.appoint(person_code=code, unit_code=unit, role=role, from_on=date(2026, 1, 1), actor=SYSTEM, at=make.AT)


def client(code: str = "adm") -> Client:
    known = Client()
    known.force_login(queries.login_user(code))
    return known


def url(name: str, *args: object) -> str:
    return reverse(f"console:integrations-{name}", args=args)


def now() -> datetime:
    return datetime.now(UTC)


def endpoint(name: str = "gis", unit_path: str = "") -> int:
    return webhooks.register(name=name, url=URL, kinds=(), unit_path=unit_path, actor=SYSTEM, at=now())[0]


def text_of(address: str, who: str = "adm") -> str:
    known = client(who)
    with CaptureQueriesContext(connection) as asked:
        answer = known.get(address)
    assert answer.status_code == 200, answer.content.decode()[:1000]
    assert len(asked) <= MOST_QUERIES, "\n".join(one["sql"][:160] for one in asked.captured_queries)
    return answer.content.decode()


def deliver(status: int = 200) -> None:
    webhook_delivery.deliver_due(clock=now, post=lambda *_, **__: Answer(status, b"<b>ok</b>", 7))


def test_an_endpoint_is_registered_and_its_secret_shown_once() -> None:
    assert "还没有推送地址" in text_of(url("list"))
    answer = client().post(url("new"), {"name": "GIS", "url": URL, "unit": "", "kinds": ["network.switch_operated"]})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "whsec_" in page
    secret = page.partition("whsec_")[2].partition('"')[0]
    row = WebhookEndpoint.objects.get()
    assert webhooks.opened(row.secret) == f"whsec_{secret}"
    detail = text_of(url("detail", row.pk))
    assert "whsec_" not in detail
    assert "开关已操作" in detail
    assert "GIS" in text_of(url("list"))


def test_an_address_that_may_not_be_called_is_refused_on_the_form() -> None:
    answer = client().post(url("new"), {"name": "x", "url": "http://169.254.169.254/", "unit": ""})
    assert answer.status_code == 422
    assert "不在允许外呼的范围内" in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_an_endpoint_is_changed() -> None:
    number = endpoint()
    assert 'value="gis"' in text_of(url("change", number))
    form = {"name": "gis 2", "url": URL + "/2", "unit": "BS-W", "kinds": []}
    assert client().post(url("change", number), form).status_code == 302
    row = WebhookEndpoint.objects.get()
    assert (row.name, row.url, row.unit_path) == ("gis 2", URL + "/2", "BS/BS-W/")


def test_a_test_event_is_sent_and_its_answer_shown_as_text() -> None:
    number = endpoint()
    answer = client().post(url("ping", number))
    delivery = WebhookDelivery.objects.get()
    assert answer["Location"] == url("delivery", delivery.pk)
    assert "还没有发送" in text_of(url("delivery", delivery.pk))
    deliver()
    page = text_of(url("delivery", delivery.pk))
    assert "已送达" in page
    assert "&lt;b&gt;ok&lt;/b&gt;" in page
    assert "200" in text_of(url("detail", number))
    assert "测试" in text_of(url("deliveries"))


def test_deliveries_are_sent_again_one_by_one_in_bulk_and_by_time() -> None:
    number = endpoint()
    client().post(url("ping", number))
    delivery = WebhookDelivery.objects.get()

    def states() -> list[str]:
        return list(WebhookDelivery.objects.values_list("state", flat=True))

    for again in (
        lambda: client().post(url("replay", delivery.pk)),
        lambda: client().post(url("deliveries"), {"bulk": "replay", "keys": [str(delivery.pk)]}),
        lambda: client().post(
            url("replay-range", number), {"made_from": "2026-01-01T00:00", "made_to": "2099-01-01T00:00"}
        ),
    ):
        deliver()
        assert states() == ["DONE"]
        assert again().status_code == 302
        assert states() == ["PENDING"]


def test_a_stretch_of_time_that_ends_before_it_starts_is_refused() -> None:
    number = endpoint()
    form = {"made_from": "2026-02-01T00:00", "made_to": "2026-01-01T00:00"}
    answer = client().post(url("replay-range", number), form)
    assert answer.status_code == 422
    assert "终止时间应晚于起始时间" in answer.content.decode()


def test_an_endpoint_is_turned_off_for_a_reason_and_on_again() -> None:
    number = endpoint()
    assert client().post(url("switch", number), {"active": "0", "reason": ""}).status_code == 422
    assert client().post(url("switch", number), {"active": "0", "reason": "对方维护"}).status_code == 302
    assert "人工停用" in text_of(url("detail", number))
    assert Operation.objects.get(action="webhook.switch").reason == "对方维护"
    assert client().post(url("switch", number), {"active": "1"}).status_code == 302
    assert WebhookEndpoint.objects.get().active


def test_a_new_secret_is_shown_once() -> None:
    number = endpoint()
    page = client().post(url("rotate", number)).content.decode()
    assert "whsec_" in page
    assert "旧密钥在" in page


def test_what_is_the_whole_installations_is_seen_from_the_root_only() -> None:
    whole, office = endpoint("whole"), endpoint("office", "BS/BS-W/")
    assert client("adm-w").get(url("detail", whole)).status_code == 404
    assert client("adm-w").post(url("ping", whole)).status_code == 404
    assert client("adm-w").get(url("detail", office)).status_code == 200
    page = text_of(url("list"), "adm-w")
    assert "office" in page
    assert "whole" not in page
    assert client("adm-w").get(url("doctor")).status_code == 403
    for name in ("list", "doctor"):
        assert client("head").get(url(name)).status_code == 403


def test_the_doctor_shows_gaps_with_remedies_in_the_readers_language() -> None:
    page = client().get(url("doctor")).content.decode()
    assert "没有能登录的系统管理员" in page
    assert "一切正常" not in page
    known = client()
    known.cookies[configured.LANGUAGE_COOKIE_NAME] = "en"
    assert "no administrator can log in" in known.get(url("doctor")).content.decode()


def test_every_event_has_its_word() -> None:
    said = {name: str(word) for name, word in words.EVENTS.items() if name != webhooks.PING}
    assert said == dict(EVENT_KINDS)
