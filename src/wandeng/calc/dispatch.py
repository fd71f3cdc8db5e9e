"""Which crew goes to a fault (派工建议): way, skill and what it has in hand, as a ranking that gives its reasons.

Pure: nothing is chosen here, a dispatcher does. Distances are great-circle metres on a sphere, whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from wandeng.kernel.errors import InvalidInput

EARTH_RADIUS_M = 6_371_008
"""Mean radius of the earth (IUGG R1), metres."""
E6 = 1_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """A position, degrees × 10⁶."""

    longitude_e6: int
    latitude_e6: int

    def __post_init__(self) -> None:
        if abs(self.longitude_e6) > 180 * E6 or abs(self.latitude_e6) > 90 * E6:
            raise InvalidInput("a position lies within 180 degrees of longitude and 90 of latitude")


@dataclass(frozen=True, slots=True)
class CrewStanding:
    """A crew on duty: where it was ``placed_minutes`` ago (``spot`` ``None``: nobody knows), what it can do, and how many
    things it has in hand."""

    code: str
    spot: Spot | None
    placed_minutes: int
    skills: frozenset[str]
    in_hand: int


@dataclass(frozen=True, slots=True)
class Fault:
    """What is to be repaired: where (``None``: not known), and what it takes."""

    spot: Spot | None
    skill: str


@dataclass(frozen=True, slots=True)
class Pacing:
    """Metres a minute as the crow flies; minutes for each thing in hand, and for a way that nobody can measure; after how many
    minutes a place is called old."""

    metres_a_minute: int
    minutes_a_job: int
    minutes_unplaced: int
    place_holds_minutes: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A crew's place in the ranking, 1 the first. ``minutes`` until it can be there; ``travel_m`` the way, ``None`` unknown.

    ``reasons`` in order: ("SKILL_MISSING", 0) when it lacks the skill, ("TRAVEL", metres) or ("UNPLACED", 0),
    ("PLACE_OLD", minutes) when its place is old, ("IN_HAND", things) when there are any.
    """

    code: str
    place: int
    minutes: int
    travel_m: int | None
    is_able: bool
    reasons: tuple[tuple[str, int], ...]


def rank(fault: Fault, crews: Iterable[CrewStanding], pacing: Pacing) -> tuple[Ranked, ...]:
    """All crews, those that can do it first, the soonest there first among them; of equals the one with less in hand, then the
    nearer, then by code. Nobody is left out: a storm may need the second best.

    Raises :class:`InvalidInput` for a pace of zero.
    """
    if pacing.metres_a_minute <= 0:
        raise InvalidInput("a pace is above zero")
    found = sorted((_measured(fault, crew, pacing) for crew in crews), key=_order)
    return tuple(
        Ranked(one.code, place, one.minutes, one.travel_m, one.is_able, one.reasons)
        for place, (one, _in_hand) in enumerate(found, start=1)
    )


def distance_m(a: Spot, b: Spot) -> int:
    """Great-circle distance, whole metres (haversine).

    >>> distance_m(Spot(0, 0), Spot(1_000_000, 0))  # one degree of the equator: 6371008 × π / 180
    111195
    """
    low, high = math.radians(a.latitude_e6 / E6), math.radians(b.latitude_e6 / E6)
    across = math.radians((b.longitude_e6 - a.longitude_e6) / E6)
    chord = math.sin((high - low) / 2) ** 2 + math.cos(low) * math.cos(high) * math.sin(across / 2) ** 2
    return round(2 * EARTH_RADIUS_M * math.asin(math.sqrt(min(1.0, chord))))


def _measured(fault: Fault, crew: CrewStanding, pacing: Pacing) -> tuple[Ranked, int]:
    is_able = fault.skill in crew.skills
    reasons: list[tuple[str, int]] = [] if is_able else [("SKILL_MISSING", 0)]
    travel = distance_m(fault.spot, crew.spot) if fault.spot and crew.spot else None
    if travel is None:
        way = pacing.minutes_unplaced
        reasons.append(("UNPLACED", 0))
    else:
        way = -(-travel // pacing.metres_a_minute)
        reasons.append(("TRAVEL", travel))
        if crew.placed_minutes > pacing.place_holds_minutes:
            reasons.append(("PLACE_OLD", crew.placed_minutes))
    if crew.in_hand:
        reasons.append(("IN_HAND", crew.in_hand))
    minutes = way + crew.in_hand * pacing.minutes_a_job
    return Ranked(crew.code, 0, minutes, travel, is_able, tuple(reasons)), crew.in_hand


def _order(found: tuple[Ranked, int]) -> tuple[bool, int, int, bool, int, str]:
    one, in_hand = found
    return not one.is_able, one.minutes, in_hand, one.travel_m is None, one.travel_m or 0, one.code
