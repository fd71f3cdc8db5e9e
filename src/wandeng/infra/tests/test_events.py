"""Events leave with the transaction, arrive at least once and in order, and a failing subscriber harms nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import transaction

from wandeng.infra import events
from wandeng.infra.models import Delivery, Event

T0 = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
heard: list[tuple[str, int]] = []
broken: set[int] = set()


@dataclass(frozen=True)
class MeterRead:
    NAME: ClassVar[str] = "test.MeterRead"
    meter: str
    number: int
    read_on: date

    @property
    def key(self) -> str:
        return self.meter


def remember(body: events.Body, now: datetime) -> None:
    if body["number"] in broken:
        raise RuntimeError(f"cannot take {body['number']}")
    heard.append((body["meter"], body["number"]))


def count(body: events.Body, now: datetime) -> None:
    heard.append(("count", body["number"]))


TABLE = {"test.MeterRead": (remember, count)}


@pytest.fixture(autouse=True)
def _table(settings: object) -> None:
    settings.WANDENG_SUBSCRIPTIONS = f"{__name__}.TABLE"  # type: ignore[attr-defined]
    heard.clear()
    broken.clear()


def publish(number: int, meter: str = "M1") -> None:
    events.publish(MeterRead(meter, number, date(2026, 3, 1)), at=T0)


@pytest.mark.django_db(transaction=True)
def test_publishing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(events.NotInTransaction):
        publish(1)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_fact_never_happened() -> None:
    def publish_and_fail() -> None:
        publish(1)
        raise ValueError

    with pytest.raises(ValueError), transaction.atomic():  # noqa: PT011
        publish_and_fail()
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.django_db
def test_each_subscriber_hears_each_event_once_and_in_order() -> None:
    for number in (1, 2, 3):
        publish(number)
    assert events.deliver_due(now=T0) == 6
    assert events.deliver_due(now=T0) == 0
    assert [n for name, n in heard if name == "M1"] == [1, 2, 3]
    assert [n for name, n in heard if name == "count"] == [1, 2, 3]


@pytest.mark.django_db
def test_a_failing_delivery_holds_its_own_key_back_and_nobody_else() -> None:
    broken.add(1)
    publish(1)
    publish(2)
    publish(7, meter="M2")
    # M1/1 fails, M1/2 waits behind it; the other subscriber and the other meter go on: 3 counts and M2/7.
    assert events.deliver_due(now=T0) == 4
    assert ("M1", 2) not in heard
    assert ("M2", 7) in heard
    broken.clear()
    later = T0 + timedelta(minutes=1)
    while events.deliver_due(now=later):
        pass
    assert [n for name, n in heard if name == "M1"] == [1, 2]


@pytest.mark.django_db
def test_after_eight_attempts_it_is_parked_with_its_error_and_can_be_retried() -> None:
    broken.add(1)
    publish(1)
    now = T0
    for _ in range(events.MAX_ATTEMPTS):
        events.deliver_due(now=now)
        now = now + timedelta(days=1)
    parked = Delivery.objects.get(state="PARKED")
    assert parked.last_error == "RuntimeError: cannot take 1"
    broken.clear()
    assert events.retry_parked(delivery_id=parked.pk, now=now)
    assert events.deliver_due(now=now) == 1
    assert ("M1", 1) in heard
