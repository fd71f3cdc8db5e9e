"""What a batch publishes on its column connection is delivered like everything else, and only if the batch stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest

from wandeng.infra import events
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Delivery, Event

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
heard: list[events.Body] = []


@dataclass(frozen=True)
class BatchTaken:
    NAME: ClassVar[str] = "test.BatchTaken"
    rows: int
    on: date

    @property
    def key(self) -> str:
        return "batch"


def remember(body: events.Body, now: datetime) -> None:
    heard.append(body)


def remember_too(body: events.Body, now: datetime) -> None:
    heard.append(body)


TABLE = {"test.BatchTaken": (remember, remember_too)}


@pytest.fixture(autouse=True)
def _table(settings: Any) -> None:
    settings.WANDENG_SUBSCRIPTIONS = f"{__name__}.TABLE"
    heard.clear()


def publish(*numbers: int, fail: bool = False) -> None:
    with ColumnStore() as store, store.transaction():
        for number in numbers:
            events.publish_columns(store, BatchTaken(number, date(2026, 3, 1)), at=AT)
        if fail:
            raise ZeroDivisionError


def test_every_subscriber_hears_each_event_once_and_in_order() -> None:
    publish(1, 2)
    assert events.deliver_due(now=AT) >= 2
    events.deliver_due(now=AT)
    assert sorted(body["rows"] for body in heard) == [1, 1, 2, 2]
    assert heard[0] == {"rows": 1, "on": "2026-03-01"}
    assert set(Delivery.objects.values_list("state", flat=True)) == {"DONE"}
    assert Event.objects.get(pk=Event.objects.order_by("pk")[0].pk).occurred_at == AT


def test_a_batch_that_falls_takes_its_news_with_it() -> None:
    with pytest.raises(ZeroDivisionError):
        publish(1, fail=True)
    assert (Event.objects.count(), Delivery.objects.count()) == (0, 0)


def test_an_event_nobody_hears_is_still_a_fact(settings: Any) -> None:
    settings.WANDENG_SUBSCRIPTIONS = f"{__name__}.NOBODY"
    publish(1)
    assert (Event.objects.count(), Delivery.objects.count()) == (1, 0)


NOBODY: dict[str, tuple[events.Subscriber, ...]] = {}
