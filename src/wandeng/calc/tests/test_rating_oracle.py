"""The column pricer against the slow one, on customers made to be awkward."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.oracle import accounts
from wandeng.calc.rating.frames import Rated
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import random_book, random_shard


def rows_of(rated: Rated) -> dict[str, list[dict[str, object]]]:
    return {name: getattr(rated, name).to_pylist() for name in ("findings", "measured", "lines", "heads")}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 2**40))
def test_columns_and_the_slow_pricer_give_the_same_bills(seed: int) -> None:
    rng = Random(seed)
    book = random_book(rng)
    shard = random_shard(rng, accounts=12)
    fast, slow = rows_of(rate(shard, book)), rows_of(accounts.price_shard(shard, book))
    for name in fast:
        assert fast[name] == slow[name], name
