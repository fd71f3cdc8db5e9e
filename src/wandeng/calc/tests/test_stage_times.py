"""Percentiles of stages against a slow reading of the definition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc import stage_times

BEGUN = datetime(2026, 10, 12, tzinfo=UTC)
STEPS = ("DISPATCH", "ARRIVE", "RESTORE")
MOMENT = pl.Datetime("us", "UTC")


def works(rows: list[tuple[str, list[int]]]) -> pl.DataFrame:
    """A row for each (group, seconds of the stages in order, so many as are done)."""
    made = []
    for group, seconds in rows:
        ends = [BEGUN + timedelta(seconds=sum(seconds[: place + 1])) for place in range(len(seconds))]
        made.append((group, BEGUN, *ends, *[None] * (len(STEPS) - len(ends))))
    schema = pl.Schema({"group": pl.String(), "begun_at": MOMENT, **dict.fromkeys(STEPS, MOMENT)})
    return pl.DataFrame(made, schema, orient="row")


def slow(seconds: list[int], percent: int) -> int:
    """The smallest that at least so many of a hundred do not exceed, found by trying each."""
    return min(one for one in seconds if sum(other <= one for other in seconds) * 100 >= percent * len(seconds))


def test_a_stage_ends_with_its_step_and_the_whole_with_the_last() -> None:
    found = stage_times.spreads(works([("a", [60, 600, 3600]), ("a", [120])]), STEPS)

    assert found.rows() == [
        ("a", "DISPATCH", 2, 60, 120, 120, 120),
        ("a", "ARRIVE", 1, 600, 600, 600, 600),
        ("a", "RESTORE", 1, 3600, 3600, 3600, 3600),
        ("a", "WHOLE", 1, 4260, 4260, 4260, 4260),
    ]


def test_nothing_done_is_no_row() -> None:
    assert stage_times.spreads(works([("a", [])]), STEPS).is_empty()
    assert stage_times.spreads(works([("a", [1])]), ()).is_empty()


def test_a_step_told_before_the_one_it_follows_is_left_out() -> None:
    out_of_order = works([("a", [60, 0, 0])]).with_columns(ARRIVE=pl.lit(BEGUN, MOMENT))

    found = stage_times.spreads(out_of_order, STEPS)

    assert found["stage"].to_list() == ["DISPATCH", "RESTORE", "WHOLE"]


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.lists(st.integers(0, 100_000), min_size=1, max_size=3)),
        min_size=1,
        max_size=60,
    )
)
def test_percentiles_are_what_the_definition_says(rows: list[tuple[str, list[int]]]) -> None:
    found = stage_times.spreads(works(rows), STEPS)

    wanted = {}
    for group in {group for group, _ in rows}:
        for place, step in enumerate(STEPS):
            if own := [seconds[place] for code, seconds in rows if code == group and len(seconds) > place]:
                wanted[group, step] = own
        if whole := [sum(seconds) for code, seconds in rows if code == group and len(seconds) == len(STEPS)]:
            wanted[group, stage_times.WHOLE] = whole
    assert {(row["group"], row["stage"]) for row in found.rows(named=True)} == set(wanted)
    for row in found.rows(named=True):
        own = wanted[row["group"], row["stage"]]
        assert (row["works"], row["longest"]) == (len(own), max(own))
        assert [row[f"p{percent}"] for percent in stage_times.PERCENTS] == [
            slow(own, percent) for percent in stage_times.PERCENTS
        ]
