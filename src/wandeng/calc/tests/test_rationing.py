"""Rationing: never the protected, the gap covered or the lack told, burdens that stay together, energy held against like days."""

from __future__ import annotations

import random
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc import rationing
from wandeng.calc.rationing import LIKE_DAYS, LOADS, PARTICIPANTS, WINDOWS, Why

MEASURES = ("STAGGER", "AVOID", "LIMIT", "CUT")
DAY = date(2026, 7, 15)

people = st.lists(
    st.tuples(
        st.sampled_from(MEASURES), st.integers(0, 3), st.integers(0, 900), st.integers(0, 50_000),
        st.sampled_from(("", "", "", "HOSPITAL")), st.sampled_from(("", "", "", "XD1")),
        st.lists(st.integers(1, 8), max_size=3, unique=True),
    ),
    max_size=12,
)  # fmt: skip


def frame(rows: list[tuple[str, int, int, int, str, str, list[int]]]) -> pl.DataFrame:
    told = [(number, f"C{number:02d}", *row) for number, row in enumerate(rows, start=1)]
    return pl.DataFrame(told, PARTICIPANTS, orient="row")


@given(people, st.integers(0, 4000))
def test_the_gap_is_covered_by_nobody_protected_or_the_lack_is_told(rows: list, gap: int) -> None:  # type: ignore[type-arg]
    found = rationing.select(frame(rows), gap_kw=gap, measures=MEASURES)
    chosen = set(found.rows.filter("is_chosen")["participant_id"])
    assert all(not rows[one - 1][4] and not rows[one - 1][5] for one in chosen)
    assert found.shed_kw == sum(rows[one - 1][2] for one in chosen)
    assert found.short_kw == max(0, gap - found.shed_kw)
    dark = [area for one in chosen for area in rows[one - 1][6]]
    assert len(dark) == len(set(dark))
    if found.short_kw:
        assert Why.NOT_NEEDED not in set(found.rows["why"])
    last = found.rows.filter("is_chosen")["participant_id"].to_list()[-1:]
    assert all(found.shed_kw - rows[one - 1][2] < gap for one in last)
    assert found.rows["participant_id"].n_unique() == len(rows)


@given(people, st.integers(0, 4000), st.randoms(use_true_random=False))
def test_the_order_in_which_they_are_told_does_not_matter(rows: list, gap: int, shuffle: random.Random) -> None:  # type: ignore[type-arg]
    told = frame(rows)
    places = list(range(told.height))
    shuffle.shuffle(places)
    other = rationing.select(told[places], gap_kw=gap, measures=MEASURES)
    assert other.rows.equals(rationing.select(told, gap_kw=gap, measures=MEASURES).rows)


@given(
    st.lists(st.integers(1, 500), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 2500), st.integers(1, 12)), max_size=40),
)
def test_burdens_of_a_measure_stay_within_the_longest_window(kw: list[int], rounds: list[tuple[int, int]]) -> None:
    burden = dict.fromkeys(range(1, len(kw) + 1), 0)
    for gap, hours in rounds:
        rows = [("LIMIT", 0, one, burden[number], "", "", []) for number, one in enumerate(kw, start=1)]
        found = rationing.select(frame(rows), gap_kw=gap, measures=MEASURES)
        for one in found.rows.filter("is_chosen")["participant_id"]:
            burden[one] += hours * 3600
    longest = max((hours for _, hours in rounds), default=0) * 3600
    assert max(burden.values()) - min(burden.values()) <= longest


def test_measures_in_their_order_and_the_least_burdened_first() -> None:
    rows: list[tuple[str, int, int, int, str, str, list[int]]] = [
        ("CUT", 0, 500, 0, "", "", [1]), ("STAGGER", 0, 100, 7200, "", "", []), ("STAGGER", 0, 100, 3600, "", "", []),
        ("LIMIT", 0, 300, 0, "HOSPITAL", "", []), ("CUT", 1, 200, 0, "", "", [1, 2]), ("AVOID", 0, 0, 0, "", "", []),
    ]  # fmt: skip
    found = rationing.select(frame(rows), gap_kw=900, measures=MEASURES)
    assert [(one["participant_id"], one["why"]) for one in found.rows.iter_rows(named=True)] == [
        (3, "NEEDED"), (2, "NEEDED"), (6, "NOTHING_TO_SHED"), (4, "PROTECTED"), (1, "NEEDED"), (5, "OFF_ALREADY"),
    ]  # fmt: skip
    assert (found.shed_kw, found.short_kw) == (700, 200)
    one = rationing.select(frame(rows), gap_kw=100, measures=MEASURES)
    assert one.rows.filter("is_chosen")["participant_id"].to_list() == [3]
    with pytest.raises(ValueError, match="STAGGER"):
        rationing.select(frame(rows), gap_kw=1, measures=("AVOID", "LIMIT", "CUT"))


def test_equivalent_hours() -> None:
    assert rationing.equivalent_seconds(4 * 3600, allowed_kw=600, before_kw=800) == 3600
    assert rationing.equivalent_seconds(3600, allowed_kw=0, before_kw=800) == 3600
    assert rationing.equivalent_seconds(3600, allowed_kw=900, before_kw=800) == 0
    assert rationing.equivalent_seconds(1, allowed_kw=1, before_kw=2) == 1  # half away from zero
    with pytest.raises(ValueError, match="above zero"):
        rationing.equivalent_seconds(1, allowed_kw=0, before_kw=0)


def loads(*told: tuple[int, int, int]) -> pl.DataFrame:
    """Days before :data:`DAY`, slots, Wh of participant 1."""
    return pl.DataFrame([(1, DAY - timedelta(days=back), slot, wh) for back, slot, wh in told], LOADS, orient="row")


def likes(*backs: int) -> pl.DataFrame:
    rows = [(1, DAY, DAY - timedelta(days=back), rank) for rank, back in enumerate(backs)]
    return pl.DataFrame(rows, LIKE_DAYS, orient="row")


def test_what_was_saved_is_held_against_whole_like_days() -> None:
    windows = pl.DataFrame([(1, DAY, 40), (1, DAY, 41)], WINDOWS, orient="row")
    read = loads(
        (0, 40, 100),
        (0, 41, 150),
        (1, 40, 300),
        (2, 40, 300),
        (2, 41, 301),
        (3, 40, 400),
        (3, 41, 400),
        (4, 40, 9),
        (4, 41, 9),
    )
    found = rationing.saved(windows, likes(1, 2, 3, 4), read, most_days=2, least_days=2).row(0, named=True)
    # Day 1 lacks a quarter hour: days 2 and 3 count, (601 + 800) / 2 = 700.5, half away from zero.
    assert (found["baseline_wh"], found["actual_wh"], found["saved_wh"], found["like_days"]) == (701, 250, 451, 2)
    few = rationing.saved(windows, likes(1, 2), read, most_days=5, least_days=2).row(0, named=True)
    assert (few["why"], few["saved_wh"]) == ("FEW_LIKE_DAYS", None)
    gone = read.filter(~((pl.col("day") == DAY) & (pl.col("slot") == 41)))
    assert rationing.saved(windows, likes(2, 3), gone, most_days=5, least_days=1)["why"].to_list() == [
        "MISSING_READINGS"
    ]
