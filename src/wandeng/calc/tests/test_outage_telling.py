"""Who is told what, against somebody who keeps a card for every customer."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc.outage_telling import EXPECTING, TOLD, Telling, by_phone, to_tell

Step = tuple[str, frozenset[int], str]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["PLAN", "PLAN", "CALL_OFF", "OVER"]), st.frozensets(st.integers(1, 8)), st.sampled_from("abc")
    ),
    max_size=8,
)


def accounts(found: frozenset[int]) -> pl.DataFrame:
    return pl.DataFrame({"account_id": sorted(found)}, schema={"account_id": pl.Int64})


def frame(cards: dict[int, tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame([(one, *card) for one, card in cards.items()], TOLD, orient="row")


@given(STEPS)
def test_everybody_hears_what_a_patient_clerk_would_tell(steps: list[Step]) -> None:
    cards: dict[int, tuple[str, str]] = {}
    for what, hit, facts in steps:
        now = hit if what == "PLAN" else frozenset()
        told = dict(to_tell(frame(cards), accounts(now), facts=facts, is_over=what == "OVER").iter_rows())
        wanted: dict[int, str] = {}
        for one in range(1, 9):
            kind, knows = cards.get(one, ("", ""))
            waits = kind in EXPECTING
            if what == "OVER":
                if waits:
                    wanted[one] = Telling.RESTORATION
            elif one in now and not waits:
                wanted[one] = Telling.ANNOUNCEMENT
            elif one in now and knows != facts:
                wanted[one] = Telling.CORRECTION
            elif one not in now and waits:
                wanted[one] = Telling.CANCELLATION
        assert told == wanted
        cards |= {one: (kind, facts) for one, kind in told.items()}
        # The same again tells nobody anything.
        assert to_tell(frame(cards), accounts(now), facts=facts, is_over=what == "OVER").is_empty()


def test_one_message_a_phone() -> None:
    told = by_phone(
        pl.DataFrame(
            {"account_id": [7, 5, 9, 3], "phone": ["x", "x", None, None]}, schema_overrides={"phone": pl.String}
        )
    )
    assert told.sort("account_id").rows() == [(3, 3, 1), (5, 5, 2), (7, 5, 2), (9, 9, 1)]
