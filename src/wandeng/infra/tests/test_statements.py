"""Statements that are written once: what they read and write is what the framework reads and writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from wandeng.infra import statements
from wandeng.infra.models import Delivery, Event, Operation
from wandeng.infra.statements import MOST_LISTED, ListReading, Reading

AT = datetime(2026, 10, 12, 3, 30, 15, 250_000, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(key: str, at: datetime = AT) -> Event:
    return Event(name="cases.opened", key=key, body='{"unit":"c01"}', occurred_at=at)


def columns(row: object) -> dict[str, object]:
    return {name: value for name, value in row.__dict__.items() if not name.startswith("_")}


def test_rows_that_were_inserted_are_read_back_as_the_framework_reads_them_and_know_their_ids() -> None:
    made = [event("case:1"), event("case:2")]
    statements.insert(made)
    stored = list(Event.objects.order_by("pk"))
    assert [one.pk for one in made] == [one.pk for one in stored]
    assert [columns(one) for one in made] == [columns(one) for one in stored]
    assert not made[0]._state.adding


def test_more_rows_than_one_statement_takes_are_all_inserted_in_their_order() -> None:
    statements.insert(event(f"case:{place}") for place in range(450))
    assert list(Event.objects.order_by("pk").values_list("key", flat=True)) == [f"case:{place}" for place in range(450)]


def test_rows_with_ids_of_their_own_replace_those_that_are_there() -> None:
    first = event("case:1")
    statements.insert([first])
    other = Event(pk=first.pk, name="cases.closed", key="case:9", body="{}", occurred_at=AT)
    statements.insert([other, Event(pk=first.pk + 7, name="n", key="k", body="{}", occurred_at=AT)], replacing=True)
    found = list(Event.objects.order_by("pk").values_list("pk", "name", "key"))
    assert found == [(first.pk, "cases.closed", "case:9"), (first.pk + 7, "n", "k")]


def test_a_change_writes_the_attributes_named_and_no_others() -> None:
    statements.insert([one := event("case:1")])
    one.key, one.body = "case:2", "changed"
    statements.change(one, ["key"])
    assert Event.objects.values_list("key", "body").get() == ("case:2", '{"unit":"c01"}')


def test_a_reading_gives_rows_by_its_values_each_time_and_with_what_belongs_to_them(
    django_assert_num_queries: object,
) -> None:
    statements.insert(made := [event("case:1"), event("case:2", AT.replace(hour=5))])
    statements.insert([Delivery(event=made[1], subscriber="one", next_at=AT)])
    by_key = Reading(lambda key, at: Event.objects.filter(key=key, occurred_at__lte=at).order_by("pk"), str, datetime)
    assert [one.pk for one in by_key("case:1", AT)] == [made[0].pk]
    assert by_key("case:2", AT) == []
    assert [columns(one) for one in by_key("case:2", AT.replace(hour=6))] == [columns(Event.objects.get(key="case:2"))]
    with_event = Reading(lambda pk: Delivery.objects.select_related("event").filter(event=pk), int)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert with_event(made[1].pk)[0].event.key == "case:2"


def test_a_reading_of_columns_gives_tuples_and_the_first_of_none_is_nothing() -> None:
    statements.insert([event("case:1")])
    keys = Reading(lambda name: Event.objects.filter(name=name).order_by("pk").values_list("key", "occurred_at"), str)
    assert keys("cases.opened") == [("case:1", AT)]
    assert keys.first("cases.opened") == ("case:1", AT)
    assert keys.first("nothing") is None


def test_what_is_counted_beside_a_row_comes_with_it() -> None:
    statements.insert(made := [event("case:1"), event("case:2")])
    statements.insert(Delivery(event=made[0], subscriber=name, next_at=AT) for name in ("one", "two"))
    counted = Reading(
        lambda name: Event.objects.filter(name=name).annotate(told=Count("deliveries")).order_by("pk"), str
    )
    assert [(one.key, one.told) for one in counted("cases.opened")] == [("case:1", 2), ("case:2", 0)]


def test_a_narrow_column_is_asked_too() -> None:
    statements.insert([one := event("case:1")])
    statements.insert([Delivery(event=one, subscriber="one", next_at=AT, attempts=3)])
    tried = Reading(lambda attempts: Delivery.objects.filter(attempts=attempts), int)
    assert [len(tried(attempts)) for attempts in (2, 3)] == [0, 1]


def test_a_reading_is_written_once() -> None:
    asked = []

    def make(name: str) -> object:
        asked.append(name)
        return Event.objects.filter(name=name)

    reading = Reading(make, str)  # type: ignore[arg-type]
    reading("a"), reading("b"), reading("c")
    assert len(asked) == 1


@pytest.mark.parametrize("count", [0, 1, 3, MOST_LISTED + 5])
def test_a_list_is_read_whatever_its_length_and_each_value_counts_once(count: int) -> None:
    statements.insert(event(f"case:{place}") for place in range(30))
    keys = [f"case:{place}" for place in range(count)]
    listed = ListReading(lambda given: Event.objects.filter(key__in=given).order_by("pk"), str)
    assert [one.key for one in listed([*keys, *keys])] == keys


def test_a_value_that_the_query_changes_before_it_asks_is_refused() -> None:
    with pytest.raises(TypeError, match="does not occur"):
        Reading(lambda name: Event.objects.filter(name__startswith=name), str)("cases")


@pytest.mark.django_db(transaction=True)
def test_rows_are_locked_inside_a_transaction_only() -> None:
    locked = Reading(lambda pk: Event.objects.select_for_update().filter(pk=pk), int)
    statements.insert([one := event("case:1")])
    with pytest.raises(transaction.TransactionManagementError):
        locked(one.pk)
    with transaction.atomic():
        assert locked(one.pk)[0].key == "case:1"


def test_what_only_grows_also_only_grows_by_these_statements() -> None:
    line = Operation(at=AT, actor="a", action="b", subject_type="c", subject_code="d", facts="{}")
    statements.insert([line])
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        statements.change(line, ["reason"])


def test_nothing_to_insert_asks_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        statements.insert([])
    assert len(asked) == 0
