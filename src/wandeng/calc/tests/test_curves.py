"""Quarter-hour curves into periods and demand."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import curves
from wandeng.calc.rating.frames import Measure

WEDNESDAY, HOLIDAY = date(2026, 7, 1), date(2026, 7, 2)
ALWAYS = 4095


def schedule(*rows: tuple[int, int, int, int, int]) -> pa.Table:
    """(month mask, kind of day, from, to, period) of schedule 1."""
    names = ["month_mask", "day_kind", "from_point", "to_point", "period"]
    return pa.Table.from_pylist(
        [{"schedule_id": 1} | dict(zip(names, row, strict=True)) for row in rows], schema=curves.SCHEDULE
    )


# Guangdong: valley 0–8, peak 10–12 and 14–19, flat the rest; sharp 11–12 and 15–17 in July to September.
SUMMER = 0b000111000000
GUANGDONG = schedule(
    *[
        (mask, 0, start * 4, end * 4, period)
        for mask, sharp in ((ALWAYS - SUMMER, Measure.PEAK), (SUMMER, Measure.SHARP))
        for start, end, period in (
            (0, 8, Measure.VALLEY), (8, 10, Measure.FLAT), (10, 11, Measure.PEAK), (11, 12, sharp),
            (12, 14, Measure.FLAT), (14, 15, Measure.PEAK), (15, 17, sharp), (17, 19, Measure.PEAK),
            (19, 24, Measure.FLAT),
        )
    ],
    (ALWAYS, 1, 0, 96, Measure.DEEP),
)  # fmt: skip
ASSIGNED = pa.Table.from_pylist([{"installation_id": 7, "schedule_id": 1}], schema=curves.ASSIGNED)
SPECIAL = pa.Table.from_pylist([{"schedule_id": 1, "day": HOLIDAY, "day_kind": 1}], schema=curves.SPECIAL_DAYS)


def curve(day: date, energies: list[int], installation: int = 7) -> list[dict[str, object]]:
    return [
        {"installation_id": installation, "day": day, "point": place, "energy_wh": energy}
        for place, energy in enumerate(energies)
    ]


def table(*parts: list[dict[str, object]]) -> pa.Table:
    return pa.Table.from_pylist([row for part in parts for row in part], schema=curves.CURVES)


def energies(rows: pa.Table) -> dict[Measure, int]:
    found = curves.period_energies(rows, ASSIGNED, GUANGDONG, SPECIAL).to_pylist()
    return {Measure(row["period"]): row["energy_ckwh"] for row in found}


def test_a_summer_day_of_even_load_falls_into_its_periods() -> None:
    # 1 kWh a quarter hour: sharp 3 h = 12 kWh, peak 4 h, valley 8 h, flat 9 h.
    assert energies(table(curve(WEDNESDAY, [1000] * 96))) == {
        Measure.SHARP: 1200, Measure.PEAK: 1600, Measure.FLAT: 3600, Measure.VALLEY: 3200,
    }  # fmt: skip


def test_outside_the_season_the_sharp_hours_are_peak() -> None:
    june = energies(table(curve(date(2026, 6, 30), [1000] * 96)))
    assert june == {Measure.PEAK: 2800, Measure.FLAT: 3600, Measure.VALLEY: 3200}


def test_a_special_day_has_its_own_schedule() -> None:
    both = table(curve(WEDNESDAY, [1000] * 96), curve(HOLIDAY, [500] * 96))
    assert energies(both)[Measure.DEEP] == 4800
    assert energies(both)[Measure.SHARP] == 1200


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 2500), min_size=96, max_size=96))
def test_periods_add_up_to_the_rounded_total(load: list[int]) -> None:
    # Half up: a total of …5 Wh is rounded up once, not once per period.
    assert sum(energies(table(curve(WEDNESDAY, load))).values()) == (sum(load) + 5) // 10


def test_the_highest_quarter_hour_is_the_demand_and_its_first_time_counts() -> None:
    load = [250] * 96
    load[40] = load[60] = 1234
    rows = table(curve(WEDNESDAY, load), curve(HOLIDAY, load), curve(WEDNESDAY, [1, 2], installation=3))
    # 1,234 Wh in a quarter hour = 4.936 kW → 4.94; 2 Wh = 0.008 kW → 0.01.
    assert curves.maximum_demand(rows).to_pylist() == [
        {"installation_id": 3, "demand_ckw": 1, "day": WEDNESDAY, "point": 1},
        {"installation_id": 7, "demand_ckw": 494, "day": WEDNESDAY, "point": 40},
    ]


def test_missing_intervals_and_uncovered_hours_are_told() -> None:
    rows = table(curve(WEDNESDAY, [1] * 90), curve(HOLIDAY, [1] * 96), curve(HOLIDAY, [1] * 96, installation=8))
    assert curves.incomplete_days(rows).to_pylist() == [{"installation_id": 7, "day": WEDNESDAY, "intervals": 90}]
    until_six = schedule((ALWAYS, 0, 0, 24, Measure.VALLEY), (ALWAYS, 1, 0, 96, Measure.DEEP))
    assert curves.uncovered(rows, ASSIGNED, until_six, SPECIAL).to_pylist() == [
        {"installation_id": 7, "day": WEDNESDAY, "intervals": 66},  # points 24 … 89
        {"installation_id": 8, "day": HOLIDAY, "intervals": 96},  # no schedule assigned
    ]
