"""Events of supply: told twice, late, in another order or by a loose contact, the same standing comes out."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.supply_events import EVENTS, Believing, standings

AT = 1_000_000
BY = Believing(momentary_seconds=60, dark_hours=24, lit_minutes=60, flaps=4, flap_minutes=30, ahead_seconds=120)
OFF, ON = True, False


def stands(*told: tuple[bool, int], at: int = AT) -> tuple[str, int] | None:
    """Standing and since of one thing from (is off, seconds before ``at``)."""
    rows = pl.DataFrame([(7, off, AT - ago) for off, ago in told], EVENTS, orient="row")
    found = standings(rows, at=at, believing=BY)
    return None if found.is_empty() else (found.item(0, "standing"), AT - found.item(0, "since"))


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([(OFF, 600)], ("DARK", 600)),
        ([(OFF, 30)], ("MOMENTARY", 30)),
        ([(OFF, 600), (ON, 540)], ("LIT", 540)),
        ([(ON, 600), (OFF, 600)], ("LIT", 600)),  # off and on in the same second
        ([(OFF, 900), (OFF, 300)], ("DARK", 900)),  # repeated: since the first
        ([(OFF, 25 * 3600)], ("OLD", 25 * 3600)),
        ([(OFF, 25 * 3600), (OFF, 3600)], ("DARK", 25 * 3600)),  # heard again
        ([(ON, 2 * 3600)], ("OLD", 2 * 3600)),
        ([(OFF, 1000), (ON, 900), (OFF, 800), (ON, 700), (OFF, 600)], ("FLAPPING", 600)),
        ([(OFF, -100)], ("MOMENTARY", -100)),
        ([(OFF, -200)], None),  # a clock that is ahead
    ],
)
def test_one_thing(told: list[tuple[bool, int]], expected: tuple[str, int] | None) -> None:
    assert stands(*told) == expected


@given(
    st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.integers(AT - 5000, AT + 200)), max_size=25), st.randoms()
)
def test_order_and_repetition_change_nothing(told: list[tuple[int, bool, int]], draw) -> None:  # type: ignore[no-untyped-def]
    rows = pl.DataFrame(told, EVENTS, orient="row")
    mixed = [*told, *told[::2]]
    draw.shuffle(mixed)
    again = pl.DataFrame(mixed, EVENTS, orient="row")
    assert standings(rows, at=AT, believing=BY).equals(standings(again, at=AT, believing=BY))
