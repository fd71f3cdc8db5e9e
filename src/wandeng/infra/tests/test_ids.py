from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event, IdBlock, Job


class Blocks(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.integers(1, 1000), min_size=1, max_size=10))
    def test_blocks_of_one_table_never_overlap(self, counts: list[int]) -> None:
        starts = [ids.reserve(Event, count) for count in counts]
        taken = [number for start, count in zip(starts, counts, strict=True) for number in range(start, start + count)]
        assert len(taken) == len(set(taken))
        assert min(taken) == 1


@pytest.mark.django_db(transaction=True)
def test_both_connections_draw_from_the_same_blocks() -> None:
    assert ids.reserve(Event, 10) == 1
    with ColumnStore() as store, store.transaction():
        assert ids.reserve_columns(store, Event, 5) == 11
        assert ids.reserve_columns(store, Job, 5) == 1
    assert ids.reserve(Event, 1) == 16


def reserve_and_fail(store: ColumnStore) -> None:
    with store.transaction():
        ids.reserve_columns(store, Event, 100)
        raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_block_of_a_rolled_back_batch_is_free_again() -> None:
    with ColumnStore() as store:
        with pytest.raises(ZeroDivisionError):
            reserve_and_fail(store)
        assert not IdBlock.objects.exists()
