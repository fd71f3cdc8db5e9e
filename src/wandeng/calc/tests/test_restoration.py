"""When supply is probably back, from how long repairs took before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.restoration import Expected, expected

HOUR = 3600
TOOK = [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR, 5 * HOUR]


@pytest.mark.parametrize(
    ("elapsed", "percent", "found"),
    [
        (0, 80, Expected(4 * HOUR, 5)),
        (0, 50, Expected(3 * HOUR, 5)),
        (0, 100, Expected(5 * HOUR, 5)),
        # After two and a half hours only those count that took longer: 3, 4 and 5 hours.
        (9000, 50, Expected(4 * HOUR, 3)),
        (3 * HOUR, 50, None),  # two are too few
    ],
)
def test_by_percentiles_of_those_that_took_longer(elapsed: int, percent: int, found: Expected | None) -> None:
    assert expected(TOOK, elapsed=elapsed, percent=percent, least=3) == found


@given(st.lists(st.integers(60, 10**5), min_size=1, max_size=40), st.integers(0, 10**5), st.integers(1, 100))
def test_it_lies_ahead_and_so_many_were_done_by_then(took: list[int], elapsed: int, percent: int) -> None:
    found = expected(sorted(took), elapsed=elapsed, percent=percent, least=1)
    longer = [one for one in took if one > elapsed]
    assert (found is None) == (not longer)
    if found is not None:
        assert found.seconds > elapsed
        assert found.seconds % 900 == 0
        assert 100 * sum(one <= found.seconds for one in longer) >= percent * len(longer)
