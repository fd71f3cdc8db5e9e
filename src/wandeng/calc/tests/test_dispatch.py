"""Which crew is proposed: the way, the skill, what is in hand, and the reasons given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.dispatch import CrewStanding, Fault, Pacing, Ranked, Spot, distance_m, rank
from wandeng.kernel.errors import InvalidInput

PACING = Pacing(metres_a_minute=400, minutes_a_job=60, minutes_unplaced=60, place_holds_minutes=30)
LOW = frozenset({"LOW_VOLTAGE"})
HERE = Spot(112_000_000, 26_000_000)


def crew(
    code: str, north_e6: int = 0, *, in_hand: int = 0, skills: frozenset[str] = LOW, minutes: int = 0
) -> CrewStanding:
    return CrewStanding(code, Spot(112_000_000, 26_000_000 + north_e6), minutes, skills, in_hand)


def test_a_degree_along_a_meridian_is_the_circumference_by_360() -> None:
    # 6371008 m × π / 180 = 111195.06 m.
    assert distance_m(Spot(112_000_000, 26_000_000), Spot(112_000_000, 27_000_000)) == 111_195
    # Along the parallel of 60 degrees about half of that: cos 60° = 0.5, the great circle a little shorter.
    assert 55_500 < distance_m(Spot(10_000_000, 60_000_000), Spot(11_000_000, 60_000_000)) < 55_598


def test_the_nearest_crew_that_can_do_it_comes_first_and_says_why() -> None:
    far, near = crew("far", 36_000), crew("near", 9_000)

    found = rank(Fault(HERE, "LOW_VOLTAGE"), [far, near], PACING)

    # 0.009° = 1000.76 m → 1001 m, ⌈1001 / 400⌉ = 3 minutes; 0.036° = 4003.02 m → 4003 m, ⌈4003 / 400⌉ = 11 minutes.
    assert found == (
        Ranked("near", 1, 3, 1_001, True, (("TRAVEL", 1_001),)),
        Ranked("far", 2, 11, 4_003, True, (("TRAVEL", 4_003),)),
    )


def test_what_is_in_hand_weighs_more_than_a_short_way() -> None:
    found = rank(Fault(HERE, "LOW_VOLTAGE"), [crew("busy", 9_000, in_hand=1), crew("free", 36_000)], PACING)

    assert [(one.code, one.minutes) for one in found] == [("free", 11), ("busy", 63)]
    assert found[1].reasons == (("TRAVEL", 1_001), ("IN_HAND", 1))


def test_a_crew_without_the_skill_stands_behind_all_that_have_it() -> None:
    able = crew("able", 90_000, in_hand=2, skills=frozenset({"HIGH_VOLTAGE"}))

    found = rank(Fault(HERE, "HIGH_VOLTAGE"), [crew("near"), able], PACING)

    assert [(one.code, one.is_able) for one in found] == [("able", True), ("near", False)]
    assert found[1].reasons[0] == ("SKILL_MISSING", 0)


def test_a_crew_or_a_fault_without_a_place_counts_the_minutes_of_the_rule() -> None:
    lost = CrewStanding("lost", None, 0, LOW, 0)

    assert rank(Fault(HERE, "LOW_VOLTAGE"), [lost], PACING)[0] == Ranked("lost", 1, 60, None, True, (("UNPLACED", 0),))
    assert rank(Fault(None, "LOW_VOLTAGE"), [crew("near")], PACING)[0].minutes == 60


def test_an_old_place_is_said_to_be_old_and_still_counts() -> None:
    fresh, old = (rank(Fault(HERE, "LOW_VOLTAGE"), [crew("a", 9_000, minutes=m)], PACING)[0] for m in (30, 31))

    assert fresh.reasons == (("TRAVEL", 1_001),)
    assert old.reasons == (("TRAVEL", 1_001), ("PLACE_OLD", 31))


def test_equals_are_told_apart_by_their_code() -> None:
    assert [one.code for one in rank(Fault(HERE, "LOW_VOLTAGE"), [crew("b"), crew("a")], PACING)] == ["a", "b"]


def test_a_pace_of_nothing_and_a_place_off_the_earth_are_refused() -> None:
    with pytest.raises(InvalidInput):
        rank(Fault(HERE, "LOW_VOLTAGE"), [crew("a")], Pacing(0, 60, 60, 30))
    with pytest.raises(InvalidInput):
        Spot(0, 90_000_001)


SPOTS = st.builds(Spot, st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
CREWS = st.lists(
    st.builds(
        CrewStanding, st.text("abcdef", min_size=1, max_size=4), st.none() | SPOTS, st.integers(0, 500),
        st.frozensets(st.sampled_from(["LOW_VOLTAGE", "HIGH_VOLTAGE", "METERING"]), min_size=1), st.integers(0, 5),
    ),
    max_size=8, unique_by=lambda one: one.code,
)  # fmt: skip


@settings(deadline=None, derandomize=True, max_examples=100)
@given(SPOTS, SPOTS)
def test_a_way_is_as_long_there_as_back_and_never_more_than_half_around(a: Spot, b: Spot) -> None:
    assert distance_m(a, b) == distance_m(b, a)
    assert 0 <= distance_m(a, b) <= 20_015_112  # π × 6371008 m
    assert distance_m(a, a) == 0


@settings(deadline=None, derandomize=True, max_examples=100)
@given(CREWS, st.none() | SPOTS, st.randoms(use_true_random=False))
def test_the_ranking_names_every_crew_once_whatever_the_order_they_were_given_in(crews, spot, chance) -> None:
    fault = Fault(spot, "LOW_VOLTAGE")
    found = rank(fault, crews, PACING)
    shuffled = list(crews)
    chance.shuffle(shuffled)

    assert rank(fault, shuffled, PACING) == found
    assert [one.place for one in found] == list(range(1, len(crews) + 1))
    assert sorted(one.code for one in found) == sorted(one.code for one in crews)
    able = [one.minutes for one in found if one.is_able]
    assert able == sorted(able)
    assert all(one.is_able for one in found[: len(able)])
