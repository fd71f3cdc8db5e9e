"""Quarter-hour curves into registers by period and demand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import curves
from wandeng.calc.rating.frames import Measure
from wandeng.calc.timetable import SCHEDULE, SPECIAL_DAYS, Timetable
from wandeng.kernel.periods import FAR_FUTURE, FAR_PAST

WEDNESDAY, HOLIDAY = date(2026, 7, 1), date(2026, 7, 2)
ALWAYS = 4095


def spans_of(*rows: tuple[int, int, int, int]) -> pa.Table:
    """(month mask, from hour, to hour, period) of schedule 1."""
    fixed = {"schedule": 1, "valid_from": FAR_PAST, "valid_to": FAR_FUTURE}
    return pa.Table.from_pylist(
        [
            fixed | {"month_mask": mask, "start_point": start * 4, "end_point": end * 4, "period": period}
            for mask, start, end, period in rows
        ],
        schema=SCHEDULE,
    )


# Guangdong: valley 0–8, peak 10–12 and 14–19, flat the rest; sharp 11–12 and 15–17 in July to September.
SUMMER = 0b000111000000
GUANGDONG = spans_of(
    *[
        (mask, start, end, period)
        for mask, sharp in ((ALWAYS - SUMMER, Measure.PEAK), (SUMMER, Measure.SHARP))
        for start, end, period in (
            (0, 8, Measure.VALLEY), (8, 10, Measure.FLAT), (10, 11, Measure.PEAK), (11, 12, sharp),
            (12, 14, Measure.FLAT), (14, 15, Measure.PEAK), (15, 17, sharp), (17, 19, Measure.PEAK),
            (19, 24, Measure.FLAT),
        )
    ],
)  # fmt: skip
SPECIAL = pa.Table.from_pylist(
    [{"schedule": 1, "on": HOLIDAY, "start_point": 0, "end_point": 96, "period": Measure.DEEP}], schema=SPECIAL_DAYS
)
TIMETABLE = Timetable(GUANGDONG, SPECIAL)


def curve(day: date, energies: list[int], installation: int = 7) -> list[dict[str, object]]:
    return [
        {"installation_id": installation, "day": day, "point": place, "active_wh": energy}
        for place, energy in enumerate(energies)
    ]


def table(*parts: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist([row for part in parts for row in part], schema=curves.CURVES)


def spans(from_on: date, days: int = 1, *installations: int) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"installation_id": pk, "from_on": from_on, "to_on": from_on + timedelta(days=days)}
            for pk in installations or (7,)
        ],
        schema=curves.SPANS,
    )


def assigned(*installations: int, schedule: int | None = 1) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"installation_id": pk, "valid_from": FAR_PAST, "valid_to": FAR_FUTURE, "schedule": schedule}
            for pk in installations
        ],
        schema=curves.ASSIGNED,
    )


def of_seven(rows: pa.Table, from_on: date, days: int = 1) -> Mapping[str, int | None]:
    (found,) = curves.registers(rows, spans(from_on, days), assigned(7), TIMETABLE).to_pylist()
    return found  # type: ignore[no-any-return]


def test_a_summer_day_of_even_load_falls_into_its_periods() -> None:
    # 1 kWh a quarter hour: sharp 3 h = 12 kWh, peak 4 h, valley 8 h, flat the other 9 h of 96 kWh.
    shown = of_seven(table(curve(WEDNESDAY, [1000] * 96)), WEDNESDAY)
    assert (shown["total"], shown["sharp"], shown["peak"], shown["valley"], shown["deep"]) == (
        9600,
        1200,
        1600,
        3200,
        0,
    )


def test_outside_the_season_the_sharp_hours_are_peak() -> None:
    june = date(2026, 6, 30)
    shown = of_seven(table(curve(june, [1000] * 96)), june)
    assert (shown["sharp"], shown["peak"], shown["valley"]) == (0, 2800, 3200)


def test_a_special_day_has_its_own_schedule() -> None:
    both = of_seven(table(curve(WEDNESDAY, [1000] * 96), curve(HOLIDAY, [500] * 96)), WEDNESDAY, 2)
    assert (both["deep"], both["sharp"], both["total"]) == (4800, 1200, 14400)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 2500), min_size=96, max_size=96))
def test_periods_and_flat_add_up_to_the_rounded_total(load: list[int]) -> None:
    shown = of_seven(table(curve(WEDNESDAY, load)), WEDNESDAY)
    # Half up: a total of …5 Wh is rounded up once, not once per period.
    assert shown["total"] == (sum(load) + 5) // 10
    flat = sum(load[place] for hours in ((8, 10), (12, 14), (19, 24)) for place in range(hours[0] * 4, hours[1] * 4))
    rest = shown["total"] - sum(shown[name] or 0 for name in curves.PERIODS)
    assert flat // 10 <= rest <= flat // 10 + 1  # what rounding leaves to flat is never a whole unit off


def test_the_highest_quarter_hour_is_the_demand() -> None:
    load = [250] * 96
    load[40] = load[60] = 1234
    # 1,234 Wh in a quarter hour = 4.936 kW
    assert of_seven(table(curve(WEDNESDAY, load)), WEDNESDAY)["demand_e4"] == 49_360


def test_a_missing_quarter_hour_an_unruled_day_and_no_schedule_are_three_things() -> None:
    whole = [1000] * 96
    rows = table(*(curve(WEDNESDAY, whole, pk) for pk in (3, 4, 5)), curve(WEDNESDAY, whole[1:], 6))
    ruled = pa.concat_tables([assigned(3, 6), assigned(4, schedule=None)])
    found = curves.registers(rows, spans(WEDNESDAY, 1, 6, 5, 4, 3), ruled, TIMETABLE).to_pylist()
    assert [(row["installation_id"], row["total"], row["peak"], row["demand_e4"]) for row in found] == [
        (6, None, None, None),  # a gap
        (5, 9600, None, 40_000),  # no periods in its price
        (4, None, None, None),  # periods in its price that no rule tells
        (3, 9600, 1600, 40_000),
    ]


def test_hours_that_a_schedule_leaves_out_are_told() -> None:
    until_six = Timetable(spans_of((ALWAYS, 0, 6, Measure.VALLEY)), SPECIAL)
    gaps = curves.uncovered(spans(WEDNESDAY, 2, 7, 8), assigned(7), until_six)
    assert gaps.num_rows == 72
    assert gaps.slice(0, 1).to_pylist() == [{"schedule": 1, "day": WEDNESDAY, "point": 24}]
    assert curves.uncovered(spans(WEDNESDAY, 2), assigned(7), TIMETABLE).num_rows == 0
