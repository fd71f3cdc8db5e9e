"""By which schedule the curves of a price code are counted, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.calc.rating.frames import Measure
from wandeng.domains.tariffs import frames
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root

CODES = ["demo.commercial.lv.tou", "demo.residential", "demo.residential.tou", "demo.two_part.10kv"]
DECEMBER, NEW_YEAR, FEBRUARY = date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def test_codes_with_time_of_use_have_a_schedule_and_days_without_its_calendar_have_none_that_counts(
    library: RuleLibrary,
) -> None:
    book = frames.book(library, territory="demo", from_on=DECEMBER, to_on=FEBRUARY, price_codes=CODES)
    followed = {(row["structure_id"], row["valid_from"]): row["schedule"] for row in book.schedule_of.to_pylist()}
    # The calendar of sharp days ends with 2026, and the industrial schedule cannot be told without it.
    industrial = followed[0, DECEMBER]
    assert industrial is not None
    assert followed == {
        (0, DECEMBER): industrial, (0, NEW_YEAR): None,
        (2, DECEMBER): followed[2, DECEMBER], (2, NEW_YEAR): followed[2, NEW_YEAR],
        (3, DECEMBER): industrial, (3, NEW_YEAR): None,
    }  # fmt: skip
    assert None not in (followed[2, DECEMBER], followed[2, NEW_YEAR])
    sharp = [
        (row["start_point"], row["end_point"])
        for row in book.timetable.spans.to_pylist()
        if row["schedule"] == industrial and row["month_mask"] >> 11 & 1 and row["period"] == Measure.SHARP
    ]
    assert sharp == [(18 * 4, 22 * 4)]
    assert set(book.timetable.special_days["schedule"].to_pylist()) <= {industrial}


def test_sharp_days_come_with_the_schedule_that_refers_to_them(library: RuleLibrary) -> None:
    book = frames.book(library, territory="demo", from_on=date(2026, 9, 1), to_on=date(2026, 10, 1), price_codes=CODES)
    assert set(book.timetable.special_days["on"].to_pylist()) == {date(2026, 9, 8)}
