"""Many facts of an area, one answer: the careful one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.supply_status import ANSWERS, FACTS, merged

NOW = datetime(2026, 10, 12, 13, 0, tzinfo=UTC)
AHEAD = timedelta(days=8)


def after(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def fact(area: int, event: str, kind: str, since: float, until: float | None = None, *, source: str = "",
         confidence: str = "", stage: str = "", reason: str = "") -> tuple[object, ...]:  # fmt: skip
    ends = None if until is None else after(until)
    return area, event, kind, after(since), ends, source, confidence, stage, reason


def answer(*facts: tuple[object, ...]) -> dict[str, object]:
    (found,) = merged(pl.DataFrame(facts, schema=FACTS, orient="row"), now=NOW, ahead=AHEAD).to_dicts()
    return found


def test_nothing_known_is_no_row() -> None:
    found = merged(pl.DataFrame(schema=FACTS), now=NOW, ahead=AHEAD)
    assert (found.height, found.schema) == (0, ANSWERS)


def test_the_crew_at_the_place_knows_better_than_the_desk_and_the_model() -> None:
    found = answer(
        fact(1, "i", "FAULT", -2, 5, source="STATISTICS", confidence="LOW"),
        fact(1, "i", "FAULT", -1, 3, source="CREW", confidence="HIGH", stage="ON_SITE"),
        fact(1, "i", "FAULT", -3),
        fact(1, "i", "FAULT", -1, 2, source="DISPATCHER", confidence="MEDIUM", stage="SENT"),
    )
    assert (found["until"], found["source"], found["confidence"]) == (after(3), "CREW", "HIGH")
    assert (found["standing"], found["since"], found["stage"]) == ("FAULT", after(-3), "ON_SITE")


def test_supply_is_back_when_the_last_event_is_over() -> None:
    fault = fact(1, "i", "FAULT", -2, 3, source="CREW")
    found = answer(fault, fact(1, "p", "PLANNED", -1, 5, source="PLAN", reason="MAINTENANCE"))
    assert (found["standing"], found["until"], found["since"], found["reason"]) == (
        "PLANNED", after(5), after(-2), "MAINTENANCE",
    )  # fmt: skip
    assert answer(fault, fact(1, "p", "PLANNED", -1, 2, source="PLAN"))["standing"] == "FAULT"


def test_nobody_knows_when_as_long_as_one_of_them_has_no_time() -> None:
    found = answer(fact(1, "i", "FAULT", -2), fact(1, "p", "PLANNED", -1, 5, source="PLAN"))
    assert (found["standing"], found["until"], found["source"]) == ("FAULT", None, "")


def test_a_call_counts_where_nothing_else_is_known() -> None:
    calls = fact(1, "c1", "REPORT", -1), fact(1, "c2", "REPORT", -2)
    found = answer(*calls)
    assert (found["standing"], found["since"], found["until"]) == ("REPORTED", after(-2), None)
    assert answer(*calls, fact(1, "i", "FAULT", -1, 4, source="CREW"))["standing"] == "FAULT"


def test_a_plan_to_come_is_told_beside_and_a_far_one_is_not() -> None:
    near, nearer = fact(1, "p", "PLANNED", 30, 35), fact(1, "q", "PLANNED", 20, 25, reason="CONSTRUCTION")
    found = answer(near, nearer)
    assert (found["standing"], found["next_from"], found["next_until"]) == ("NONE", after(20), after(25))
    assert (found["next_reason"], found["until"], found["is_late"]) == ("CONSTRUCTION", None, False)
    off = answer(near, fact(1, "i", "FAULT", -1))
    assert (off["standing"], off["next_from"]) == ("FAULT", after(30))
    far = pl.DataFrame([fact(1, "p", "PLANNED", 8 * 24 + 1, 300)], schema=FACTS, orient="row")
    assert merged(far, now=NOW, ahead=AHEAD).height == 0


@pytest.mark.parametrize(("until", "is_late"), [(-0.1, True), (0, True), (0.1, False), (None, False)])
def test_a_time_that_has_passed_is_late(until: float | None, is_late: bool) -> None:
    assert answer(fact(1, "i", "FAULT", -1, until, source="CREW"))["is_late"] is is_late


_HOURS = st.integers(-5, 300)
_FACT = st.builds(
    lambda area, event, kind, since, last, source: fact(
        area, f"{kind}{event}", kind, since, None if kind == "REPORT" or last is None else since + last,
        source=source if last is not None and kind != "REPORT" else "",
    ),
    st.integers(1, 3), st.integers(1, 2), st.sampled_from(["FAULT", "PLANNED", "REPORT"]), _HOURS,
    st.none() | st.integers(1, 20), st.sampled_from(["STATISTICS", "PLAN", "DISPATCHER", "CREW"]),
)  # fmt: skip


@given(st.lists(_FACT, max_size=12))
def test_it_is_what_a_slow_reader_of_the_same_facts_would_say(facts: list[tuple[object, ...]]) -> None:
    found = merged(pl.DataFrame(facts, schema=FACTS, orient="row"), now=NOW, ahead=AHEAD)
    told = {row["area"]: (row["standing"], row["until"], row["next_from"]) for row in found.to_dicts()}
    assert told == {area: said for area in (1, 2, 3) if (said := _slowly([one for one in facts if one[0] == area]))}


def _slowly(facts: list[tuple[object, ...]]) -> tuple[object, object, object] | None:
    """One area, by hand."""
    rank = ["", "STATISTICS", "PLAN", "DISPATCHER", "CREW"]
    events: dict[object, list[tuple[object, ...]]] = {}
    for one in facts:
        if one[2] != "REPORT" and one[3] <= NOW:
            events.setdefault(one[1], []).append(one)
    ends = []
    for same in events.values():
        timed = [one for one in same if one[4] is not None]
        best = max(timed, key=lambda one: (rank.index(one[5]), one[4]))[4] if timed else None
        ends.append((best is None, best, same[0][2] == "FAULT"))
    begins = [one[3] for one in facts if one[2] == "PLANNED" and NOW < one[3] <= NOW + AHEAD]
    soon = min(begins, default=None)
    if ends:
        endless, until, is_fault = max(ends, key=lambda one: (one[0], one[1] or NOW, one[2]))
        return "FAULT" if is_fault else "PLANNED", None if endless else until, soon
    if any(one[2] == "REPORT" for one in facts):
        return "REPORTED", None, soon
    return ("NONE", None, soon) if soon else None
