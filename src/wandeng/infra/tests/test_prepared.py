"""Questions that are planned once: they answer as the framework does, and see every change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from wandeng.infra import prepared
from wandeng.infra.models import Event
from wandeng.infra.statements import Reading

AT = datetime(2026, 10, 12, 3, 30, 15, 250_000, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def event(key: str, at: datetime = AT) -> Event:
    return Event.objects.create(name="100 %s", key=key, body="{}", occurred_at=at)


BY_KEY: Reading[Event] = Reading(
    lambda key, at: Event.objects.filter(name="100 %s", key=key, occurred_at__lte=at).exclude(body="it's").order_by("pk"),
    str, datetime, planned_once=True,
)  # fmt: skip


def test_the_rows_are_those_of_the_framework_each_time_also_beside_constants_with_signs_of_their_own() -> None:
    first, _other = event("a"), event("b")
    assert BY_KEY("a", AT) == [first]
    assert BY_KEY("c", AT) == []
    second = event("a")
    assert BY_KEY("a", AT) == [first, second]
    first.delete()
    assert BY_KEY("a", AT) == [second]
    assert BY_KEY("a", AT)[0].occurred_at == AT


def test_such_a_question_is_counted_among_those_of_a_page() -> None:
    with CaptureQueriesContext(connection) as seen:
        BY_KEY("a", AT)
        prepared.answer("SELECT COUNT(*) FROM infra_event WHERE key = %s", ["a"])
    assert len(seen) == 2


def test_a_transaction_that_is_taken_back_leaves_the_question_askable() -> None:
    event("a")
    with transaction.atomic():
        assert len(BY_KEY("a", AT)) == 1
        event("a")
        transaction.set_rollback(True)
    assert len(BY_KEY("a", AT)) == 1


def test_postgresql_keeps_one_statement_for_all_values_and_the_embedded_database_none() -> None:
    for key in ("a", "b", "c"):
        BY_KEY(key, AT)
    if connection.vendor != "postgresql":
        assert type(prepared.cursor(connection)) is type(connection.cursor())
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_prepared_statements WHERE statement LIKE %s", ["%infra_event%it''s%"])
        assert cursor.fetchone() == (1,)
