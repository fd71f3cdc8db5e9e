from __future__ import annotations

import pytest

from wandeng.flows import bill_pool

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def worker(monkeypatch):
    """As in a worker process; what it keeps is closed afterwards."""
    monkeypatch.setattr(bill_pool._kept, "is_worker", True)
    yield
    if bill_pool._kept.store is not None:
        bill_pool._kept.store.close()
        bill_pool._kept.store = None


def test_a_worker_keeps_its_connection_from_step_to_step(worker) -> None:
    with bill_pool.column_store() as first:
        assert first.scalar("SELECT 1") == 1
    with bill_pool.column_store() as second:
        assert second is first
        assert second.scalar("SELECT 1") == 1


def test_a_connection_that_saw_an_error_is_not_used_again(worker) -> None:
    with pytest.raises(RuntimeError), bill_pool.column_store() as first, first.transaction():
        raise RuntimeError
    with bill_pool.column_store() as second:
        assert second is not first
        assert second.scalar("SELECT 1") == 1


def test_elsewhere_every_step_has_its_own(worker, monkeypatch) -> None:
    monkeypatch.setattr(bill_pool._kept, "is_worker", False)
    with bill_pool.column_store() as first:
        assert first.scalar("SELECT 1") == 1
    assert bill_pool._kept.store is None
    with bill_pool.column_store() as second:
        assert second is not first
