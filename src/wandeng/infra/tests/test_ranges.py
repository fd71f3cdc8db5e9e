from __future__ import annotations

import polars as pl

from wandeng.infra import ranges


def test_ids_side_by_side_are_one_range() -> None:
    assert ranges.dense(pl.Series([12, 10, 11])) == (10, 13)
    assert ranges.dense(pl.Series([10])) == (10, 11)


def test_as_many_others_as_ids_are_still_a_range_and_one_more_is_not() -> None:
    assert ranges.dense(pl.Series([10, 12, 15])) == (10, 16)  # 6 places, 3 ids
    assert ranges.dense(pl.Series([10, 12, 16])) is None  # 7 places, 3 ids


def test_an_id_given_twice_counts_once() -> None:
    assert ranges.dense(pl.Series([10, 13, 13])) == (10, 14)  # 4 places, 2 ids
    assert ranges.dense(pl.Series([10, 16, 16, 16])) is None  # 7 places, 2 ids


def test_no_ids_have_no_range() -> None:
    assert ranges.dense(pl.Series([], dtype=pl.Int64)) is None
    assert ranges.dense(pl.Series([None], dtype=pl.Int64)) is None
