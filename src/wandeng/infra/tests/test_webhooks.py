"""Webhooks: written with the event, sent signed, again and again with pauses, parked, sent again on demand, given up."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction

from wandeng.infra import events, outgoing, webhook_delivery, webhook_log, webhooks
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Operation
from wandeng.infra.outgoing import Answer, CallFailed, CallNotAllowed
from wandeng.infra.scope import Scope
from wandeng.infra.webhook_models import WebhookDelivery, WebhookEndpoint
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.ids import PersonId

T0 = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
URL = "https://hooks.example.com/wandeng"
COUNTY = Actor("adm-2", PersonId(2), "hn/cz/", frozenset({"ADMINISTRATOR"}))
CLERK = Actor("clerk", PersonId(3), "hn/", frozenset({"BILLING_CLERK"}))

KINDS = {"test.MeterRead": "抄表", "test.Moved": "迁移"}
UNITS: dict[str, webhooks.UnitOf] = {"test.MeterRead": lambda body: body["meter"]}
NOBODY: dict[str, tuple[events.Subscriber, ...]] = {}


@dataclass(frozen=True)
class MeterRead:
    NAME: ClassVar[str] = "test.MeterRead"
    meter: str
    read_on: date

    @property
    def key(self) -> str:
        return self.meter


@dataclass
class Away:
    """Another system: answers with what it was told to, and remembers what it heard."""

    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def post(self, url: str, *, body: bytes, headers: dict[str, str], allowed: outgoing.Allowed) -> Answer:
        self.heard.append((url, headers, body))
        status = self.answers.pop(0) if self.answers else 200
        if status == 0:
            raise CallFailed("no answer within 3 seconds", 3000)
        return Answer(status, b"thanks\x00" + b"!" * 900, 12)


@pytest.fixture(autouse=True)
def _tables(settings: Any) -> None:
    settings.WANDENG_EVENT_KINDS = f"{__name__}.KINDS"
    settings.WANDENG_EVENT_UNITS = f"{__name__}.UNITS"
    settings.WANDENG_SUBSCRIPTIONS = f"{__name__}.NOBODY"
    settings.WANDENG_OUTGOING = "hooks.example.com"


def endpoint(name: str = "gis", *, kinds: tuple[str, ...] = (), unit_path: str = "", url: str = URL) -> int:
    return webhooks.register(name=name, url=url, kinds=kinds, unit_path=unit_path, actor=SYSTEM, at=T0)[0]


def publish(meter: str = "hn/cz/M1", at: datetime = T0) -> None:
    with transaction.atomic():
        events.publish(MeterRead(meter, date(2026, 3, 1)), at=at)


def send(away: Away, at: datetime) -> int:
    return webhook_delivery.deliver_due(clock=lambda: at, post=away.post)


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.get()


@pytest.mark.django_db
def test_an_event_is_sent_signed_to_those_who_hear_it() -> None:
    number, secret = webhooks.register(name="gis", url=URL, kinds=(), unit_path="", actor=SYSTEM, at=T0)
    publish()
    away = Away()
    assert send(away, T0) == 1
    url, headers, body = away.heard[0]
    assert url == URL
    assert json.loads(body) == {
        "type": "test.MeterRead",
        "timestamp": "2026-03-01T08:00:00+00:00",
        "data": {"meter": "hn/cz/M1", "read_on": "2026-03-01"},
    }
    stamp = int(T0.timestamp())
    assert headers["webhook-timestamp"] == str(stamp)
    assert headers["webhook-signature"] == webhook_delivery.signature(
        secret, headers["webhook-id"], stamp, body.decode()
    )
    facts = webhook_log.delivery(Scope.everywhere(), only().pk)
    assert (facts.state, facts.endpoint_id, facts.tries[0].status, facts.tries[0].milliseconds) == (
        "DONE", number, 200, 12,
    )  # fmt: skip
    assert len(facts.tries[0].excerpt) == webhook_delivery.EXCERPT
    assert "\x00" not in facts.tries[0].excerpt


def test_the_published_example_of_standard_webhooks_has_its_signature() -> None:
    found = webhook_delivery.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.django_db
def test_kinds_and_units_decide_who_hears() -> None:
    everything = endpoint("all")
    endpoint("moves", kinds=("test.Moved",))
    county = endpoint("county", unit_path="hn/cz/")
    endpoint("other county", unit_path="hn/hy/")
    publish("hn/cz/M1")
    assert set(WebhookDelivery.objects.values_list("endpoint_id", flat=True)) == {everything, county}


@pytest.mark.django_db
def test_nothing_is_written_for_an_endpoint_that_is_off() -> None:
    number = endpoint()
    webhooks.switch(endpoint_id=number, active=False, actor=SYSTEM, at=T0, reason="maintenance")
    publish()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_is_rolled_back_is_told_to_nobody() -> None:
    endpoint()
    with transaction.atomic():
        publish()
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_events_of_batches_are_told_from_the_column_connection() -> None:
    endpoint("all")
    endpoint("moves", kinds=("test.Moved",))
    with ColumnStore() as store, store.transaction():
        events.publish_columns(store, MeterRead("hn/cz/M1", date(2026, 3, 1)), at=T0)
    assert json.loads(only().body)["data"]["meter"] == "hn/cz/M1"
    assert send(Away(), T0) == 1


@pytest.mark.django_db
def test_failures_are_tried_again_with_growing_pauses_and_parked_at_last() -> None:
    endpoint()
    publish()
    away, at = Away(answers=[500] * 20), T0
    for pause in webhook_delivery.PAUSES:
        assert send(away, at) == 0
        assert only().next_at == at + pause
        assert send(away, at + pause - timedelta(seconds=1)) == 0
        at += pause
    send(away, at)
    assert only().state == "PARKED"
    assert len(away.heard) == len(webhook_delivery.PAUSES) + 1
    assert len({headers["webhook-id"] for _, headers, _ in away.heard}) == 1
    assert len({body for _, _, body in away.heard}) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("status", [0, 199, 301, 404, 503])
def test_only_2xx_is_success(status: int) -> None:
    endpoint()
    publish()
    assert send(Away(answers=[status]), T0) == 0
    assert only().state == "PENDING"


@pytest.mark.django_db
def test_a_call_that_is_no_longer_allowed_fails_like_any_other(settings: Any) -> None:
    endpoint()
    publish()
    settings.WANDENG_OUTGOING = ""
    webhook_delivery.deliver_due(clock=lambda: T0)
    tried = webhook_log.delivery(Scope.everywhere(), only().pk).tries[0]
    assert "WANDENG_OUTGOING" in tried.error


@pytest.mark.django_db
def test_an_endpoint_that_took_nothing_for_days_is_turned_off_and_the_log_says_so() -> None:
    number = endpoint()
    publish()
    send(Away(answers=[500]), T0)
    publish(at=T0 + timedelta(days=6))
    send(Away(answers=[500, 500]), T0 + timedelta(days=6))
    facts = webhook_log.endpoint(Scope.everywhere(), number)
    assert (facts.active, facts.disabled_why) == (False, "FAILING")
    assert Operation.objects.filter(action="webhook.give_up", subject_code=str(number)).exists()


@pytest.mark.django_db
def test_one_success_in_between_keeps_an_endpoint_on() -> None:
    number = endpoint()
    publish()
    send(Away(answers=[500]), T0)
    send(Away(), T0 + timedelta(seconds=5))
    publish(at=T0 + timedelta(days=6))
    send(Away(answers=[500]), T0 + timedelta(days=6))
    assert webhook_log.endpoint(Scope.everywhere(), number).active


@pytest.mark.django_db
def test_a_receiver_that_is_gone_for_good_is_turned_off_at_once() -> None:
    number = endpoint()
    publish()
    send(Away(answers=[410]), T0)
    assert webhook_log.endpoint(Scope.everywhere(), number).disabled_why == "GONE"


@pytest.mark.django_db
def test_one_slow_receiver_keeps_nobody_waiting() -> None:
    endpoint("slow")
    for _ in range(20):
        publish()
    endpoint("quick", url="https://hooks.example.com/quick")
    publish(at=T0 + timedelta(seconds=1))
    away = Away(answers=[])
    send(away, T0 + timedelta(seconds=2))
    assert sorted(url for url, _, _ in away.heard) == [f"{URL.rpartition('/')[0]}/quick", URL, URL]


@pytest.mark.django_db
def test_what_a_killed_worker_held_is_sent_again_after_its_lease() -> None:
    endpoint()
    publish()

    def killed(*_: object, **__: object) -> Answer:
        raise SystemExit

    with pytest.raises(SystemExit):
        webhook_delivery.deliver_due(clock=lambda: T0, post=killed)
    away = Away()
    assert send(away, T0 + timedelta(seconds=59)) == 0
    assert send(away, T0 + timedelta(seconds=60)) == 1


@pytest.mark.django_db
def test_replay_sends_the_same_message_again() -> None:
    number = endpoint()
    publish()
    away = Away()
    send(away, T0)
    webhooks.replay(delivery_id=only().pk, actor=SYSTEM, at=T0 + timedelta(hours=1))
    send(away, T0 + timedelta(hours=1))
    first, second = away.heard
    assert (first[1]["webhook-id"], first[2]) == (second[1]["webhook-id"], second[2])
    assert first[1]["webhook-signature"] != second[1]["webhook-signature"]
    again = webhooks.replay_range(
        endpoint_id=number, made_from=T0, made_to=T0 + timedelta(hours=1), only_parked=False, actor=SYSTEM, at=T0
    )
    assert again == 1
    assert webhooks.replay_range(
        endpoint_id=number, made_from=T0, made_to=T0 + timedelta(hours=1), only_parked=True, actor=SYSTEM, at=T0
    ) == 0  # fmt: skip


@pytest.mark.django_db
def test_after_a_change_of_secret_both_sign_for_a_day() -> None:
    number, old = webhooks.register(name="gis", url=URL, kinds=(), unit_path="", actor=SYSTEM, at=T0)
    new = webhooks.rotate(endpoint_id=number, actor=SYSTEM, at=T0)
    assert old != new
    publish()
    away = Away()
    send(away, T0)
    publish()
    send(away, T0 + timedelta(hours=24))
    assert [len(headers["webhook-signature"].split()) for _, headers, _ in away.heard] == [2, 1]
    stored = WebhookEndpoint.objects.get()
    assert new not in stored.secret
    assert old not in stored.previous_secret


@pytest.mark.django_db
def test_a_ping_goes_to_one_endpoint_only() -> None:
    number = endpoint()
    endpoint("other")
    delivery = webhooks.ping(endpoint_id=number, actor=SYSTEM, at=T0)
    away = Away()
    send(away, T0)
    assert json.loads(away.heard[0][2])["type"] == webhooks.PING
    assert only().pk == delivery


@pytest.mark.django_db
def test_only_administrators_of_the_unit_manage_its_endpoints() -> None:
    whole = endpoint("whole")
    county = webhooks.register(name="c", url=URL, kinds=(), unit_path="hn/cz/", actor=COUNTY, at=T0)[0]
    with pytest.raises(NotAllowed):
        webhooks.register(name="x", url=URL, kinds=(), unit_path="", actor=COUNTY, at=T0)
    with pytest.raises(NotFound):
        webhooks.register(name="x", url=URL, kinds=(), unit_path="hn/hy/", actor=COUNTY, at=T0)
    with pytest.raises(NotFound):
        webhooks.ping(endpoint_id=whole, actor=COUNTY, at=T0)
    with pytest.raises(NotAllowed):
        webhooks.rotate(endpoint_id=whole, actor=CLERK, at=T0)
    assert [row["id"] for row in webhook_log.endpoint_rows(Scope.of(COUNTY))] == [county]
    assert [row["id"] for row in webhook_log.endpoint_rows(Scope.of(CLERK))] == [whole, county]


@pytest.mark.django_db
def test_the_log_of_a_unit_holds_only_its_deliveries() -> None:
    endpoint("whole")
    county = endpoint("county", unit_path="hn/cz/")
    publish()
    rows = list(webhook_log.delivery_rows(Scope.of(COUNTY)))
    assert [row["endpoint_id"] for row in rows] == [county]
    foreign = WebhookDelivery.objects.exclude(endpoint_id=county).get()
    with pytest.raises(NotFound):
        webhook_log.delivery(Scope.of(COUNTY), foreign.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"url": "http://10.0.0.1/"}, CallNotAllowed),
        ({"kinds": ("test.Unknown",)}, InvalidInput),
        ({"name": " "}, InvalidInput),
        ({"name": "gis"}, Conflict),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, Any], refusal: type[Exception]) -> None:
    endpoint("gis")
    asked = {"name": "erp", "url": URL, "kinds": (), "unit_path": "", "actor": SYSTEM, "at": T0} | change
    with pytest.raises(refusal):
        webhooks.register(**asked)


@pytest.mark.django_db
def test_changing_an_endpoint_changes_where_its_news_goes() -> None:
    number = endpoint()
    publish()
    other = "https://hooks.example.com/other"
    webhooks.change(
        endpoint_id=number, name="gis 2", url=other, kinds=["test.Moved"], unit_path="", actor=SYSTEM, at=T0
    )
    publish()
    away = Away()
    send(away, T0)
    assert [url for url, _, _ in away.heard] == [other]
    assert webhook_log.endpoint(Scope.everywhere(), number).kinds == ("test.Moved",)
