from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction

from wandeng.infra import quotas
from wandeng.infra.models import Quota
from wandeng.infra.quotas import Allowance

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
PHONE = "13900000001"


@pytest.mark.django_db
def test_the_limit_holds_until_the_window_ends_and_begins_anew() -> None:
    assert [quotas.spend("code", PHONE, 2, MINUTE, NOW) for _ in range(3)] == [True, True, False]
    assert not quotas.spend("code", PHONE, 2, MINUTE, NOW + MINUTE - timedelta(microseconds=1))
    assert [quotas.spend("code", PHONE, 2, MINUTE, NOW + MINUTE) for _ in range(3)] == [True, True, False]


@pytest.mark.django_db
def test_kinds_and_keys_count_by_themselves() -> None:
    assert quotas.spend("code", PHONE, 1, MINUTE, NOW)
    assert quotas.spend("code", "13900000002", 1, MINUTE, NOW)
    assert quotas.spend("fault", PHONE, 1, MINUTE, NOW)
    assert not quotas.spend("code", PHONE, 1, MINUTE, NOW)


@pytest.mark.django_db
def test_what_was_refused_is_not_counted() -> None:
    for _ in range(4):
        quotas.spend("code", PHONE, 2, DAY, NOW)
    assert quotas.spend("code", PHONE, 3, DAY, NOW)


@pytest.mark.django_db
def test_together_all_are_spent_or_none() -> None:
    phone, everybody = Allowance("phone", PHONE, 1, DAY), Allowance("everybody", "", 2, DAY)
    assert quotas.spend_together([phone, everybody], NOW) is None
    assert quotas.spend_together([phone, everybody], NOW) == phone
    assert quotas.spend("everybody", "", 2, DAY, NOW), "the refused one took nothing of the budget"
    assert quotas.spend_together([Allowance("phone", "13900000002", 1, DAY), everybody], NOW) == everybody
    assert quotas.spend("phone", "13900000002", 1, DAY, NOW)


@pytest.mark.django_db
def test_no_key_stands_in_the_table() -> None:
    quotas.spend("code", PHONE, 1, DAY, NOW)
    assert PHONE not in Quota.objects.get().key


@pytest.mark.django_db
def test_counters_whose_window_is_over_go() -> None:
    quotas.spend("code", PHONE, 1, MINUTE, NOW)
    quotas.spend("day", PHONE, 1, DAY, NOW)
    assert quotas.forget_old(now=NOW + MINUTE) == 1
    assert Quota.objects.get().kind == "day"


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "window"), [(0, MINUTE), (-1, MINUTE), (1, timedelta(0))])
def test_a_limit_that_allows_nothing_is_a_mistake(limit: int, window: timedelta) -> None:
    with pytest.raises(ValueError, match="allows nothing"):
        quotas.spend("code", PHONE, limit, window, NOW)


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_was_not_spent() -> None:
    with transaction.atomic():
        assert quotas.spend("code", PHONE, 1, DAY, NOW)
        transaction.set_rollback(True)
    assert quotas.spend("code", PHONE, 1, DAY, NOW)


@pytest.mark.django_db(transaction=True)
def test_connections_that_spend_at_once_have_the_limit_between_them() -> None:
    """Each thread has a connection of its own, as a process has."""
    together = Barrier(4)

    def spend_ten() -> int:
        try:
            together.wait()
            return sum(quotas.spend("code", PHONE, 15, DAY, NOW) for _ in range(10))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        had = [future.result() for future in [threads.submit(spend_ten) for _ in range(4)]]
    assert sum(had) == 15
    assert Quota.objects.get().used == 15
