"""Indices, lists and the year of a customer from one small history, each figure by hand."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.network.tests.make import WEST
from wandeng.domains.reliability import queries
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import facts, local, off, step
from wandeng.domains.reliability.types import Analysis, By, Cause, Counts, InterruptionKind
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month, Period

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
NOW = local("2026-12-01 10:00")
MARCH, YEAR = Month(2026, 3).period, Period(date(2026, 1, 1), date(2027, 1, 1))
PLANNED = facts(InterruptionKind.PLANNED_OVERHAUL, Cause.OVERHAUL)
OUTSIDE = facts(InterruptionKind.FAULT_EXTERNAL, Cause.UPSTREAM)


@pytest.fixture(autouse=True)
def county() -> None:
    """West: T1 (张三, 李四), T2 (王五, hospital); east: T3 (赵六, 光伏), T4 (hospital, its own transformer)."""
    make.town()


def told(by: By, *, standard: str = "DLT836_MV", period: Period = MARCH, unit: str = "BS") -> Analysis:
    return queries.analysis(EVERYWHERE, unit_code=unit, period=period, standard_code=standard, by=by, now=NOW)


def test_indices_by_standard_and_by_group() -> None:
    off("A", step(["T1", "T2"], "2026-03-05 08:00", "2026-03-05 10:00"))
    outside = make.Facts(InterruptionKind.FAULT_EXTERNAL, Cause.UPSTREAM, "BS-E", is_external=True)
    off("B", step(["T3"], "2026-03-06 08:00", "2026-03-06 08:30"), about=outside)
    off("M", step(["T1"], "2026-03-07 08:00", "2026-03-07 08:03"))  # 3 minutes: momentary by both
    off("F", step(["T1"], "2026-03-08 08:00", "2026-03-08 08:04"))  # 4 minutes: sustained by DL/T 836 only
    off("own", step(["T4"], "2026-03-09 08:00", "2026-03-09 20:00"), about=facts(cause=Cause.OWN_EQUIPMENT_FAULT))
    off("before", step(["T1"], "2025-03-08 08:00", "2025-03-08 12:00"))
    areas = told(By.UNIT)
    # Four areas. Hours: 2 × 2 + 0.5 + 3/60 + 4/60 = 4.6167 h = 16,620 s; / 4 = 1.1542 h; 4 sustained hits, 1 momentary.
    whole = areas.whole
    assert whole is not None
    assert (whole.users, whole.user_seconds, whole.saidi_e4, whole.saifi_e4, whole.maifi_e4) == (
        4, 16_620, 11_542, 10_000, 2_500,
    )  # fmt: skip
    # CAIDI of the sustained ones: 16,440 s / 4 = 1.1417 h. ASAI-1: 1 − 1.1542/744; ASAI-2 without 1,800 s, ASAI-4 without 180 s.
    assert (whole.caidi_e4, whole.interruptions) == (11_417, 4)
    assert (whole.asai_1_e5, whole.asai_2_e5, whole.asai_3_e5, whole.asai_4_e5) == (99_845, 99_862, 99_845, 99_847)
    assert [(row.code, row.users, row.user_seconds) for row in areas.rows] == [
        ("BS-W", 2, 14_820), ("BS-E", 2, 1_800), ("BS", 0, 0),
    ][: len(areas.rows)]  # fmt: skip
    assert areas.year_before is not None
    assert areas.year_before.saidi_e4 == 10_000  # 4 h over four areas
    customers = told(By.KIND, standard="IEEE1366").whole
    # Six customers: 张三, 李四, 王五 two hours, 赵六 and 光伏 half an hour; nobody else: 7 h / 6, 5 hits, 2 × 2 momentary.
    assert customers is not None
    assert (customers.users, customers.user_seconds, customers.saifi_e4, customers.maifi_e4) == (
        6, 25_200, 8_333, 6_667,
    )  # fmt: skip
    kinds = {row.code: row.interruptions for row in told(By.KIND).rows}
    assert kinds == {"FAULT_INTERNAL": 3, "FAULT_EXTERNAL": 1}
    assert [row.code for row in told(By.FEEDER).rows] == ["F1", "F2"]
    assert [(row.code, row.interruptions) for row in told(By.MONTH, period=Period(date(2026, 2, 1), date(2026, 4, 1))).rows] == [
        ("2026-02", 0), ("2026-03", 4),
    ]  # fmt: skip
    west = queries.analysis(
        Scope.of(WEST), unit_code="BS-W", period=MARCH, standard_code="DLT836_LV", by=By.LOCALITY, now=NOW
    ).whole
    assert west is not None
    assert (west.users, west.user_seconds) == (4, 3 * 7_200 + 2 * 180 + 2 * 240)  # the hospital's first supply is T2
    for unknown in ({"standard": "X"}, {"unit": "XX"}):
        with pytest.raises(NotFound):
            told(By.UNIT, **unknown)


def test_days_far_beyond_those_of_earlier_years_are_major() -> None:
    for year in (2023, 2024, 2025):
        for month, minutes in ((1, 10), (2, 20), (3, 15), (4, 12)):
            off(f"{year}-{month}", step(["T1"], f"{year}-0{month}-05 08:00", f"{year}-0{month}-05 08:{minutes}"))
    off("storm", step(["T1", "T2", "T3"], "2026-03-05 08:00", "2026-03-06 08:00"))
    off("day", step(["T1"], "2026-03-20 08:00", "2026-03-20 08:12"))
    found = told(By.UNIT, standard="IEEE1366")
    assert [one.day for one in found.major_days] == [date(2026, 3, 5)]
    # 5 customers × 1,440 minutes / 6 = 1,200 minutes a customer; the limit lies between that and an ordinary day's 4.
    assert found.major_days[0].minutes_e4 == 12_000_000
    assert found.limit_e4 is not None
    assert 40_000 < found.limit_e4 < 12_000_000
    assert found.without is not None
    assert found.without.user_seconds == 2 * 720
    assert told(By.UNIT).limit_e4 is None


def test_who_stands_out_and_what_a_customer_met() -> None:
    for month in range(1, 6):
        about = PLANNED
        off(f"P{month}", step(["T1"], f"2026-0{month}-10 08:00", f"2026-0{month}-10 14:00"), about=about)
    off("Q", step(["T1"], "2026-02-20 08:00", "2026-02-20 08:30"))
    off("L", step([], "2026-06-01 08:00", "2026-06-01 09:00", points=["P1"]))
    off("H1", step(["T2"], "2026-07-01 08:00", "2026-07-01 12:00"))
    off("H2", step(["T4"], "2026-07-01 10:00", "2026-07-01 14:00"))
    off("old", step(["T1"], "2025-03-01 08:00", "2025-03-02 10:00"))
    found = queries.standouts(EVERYWHERE, unit_code="BS", year=2026, now=NOW)
    # 张三: 5 × 6 h + 0.5 h + 1 h = 31.5 h; 李四 30.5 h; both had 26 h in the same months of 2025.
    assert [(one.account_number, one.seconds, one.times, one.seconds_before) for one in found.lasting] == [
        ("1001", 113_400, 7, 93_600), ("1002", 109_800, 6, 93_600),
    ]  # fmt: skip
    assert (found.lasting_count, found.frequent_count, found.repeated_count) == (
        Counts(2, 2),
        Counts(1, 0),
        Counts(1, 0),
    )
    # Within two months from 10 January: 10 January, 10 February and 20 February; 10 March is not inside any more.
    assert [(one.transformer_code, one.planned, one.frequent) for one in found.frequent] == [("T1", 5, 3)]
    assert [one.transformer_code for one in found.repeated] == ["T1"]
    mine = queries.account_history(EVERYWHERE, "1001", year=2026, now=NOW)
    assert (mine.times, mine.seconds, mine.interruptions[0].number) == (7, 113_400, "L")
    hospital = queries.account_history(EVERYWHERE, "1004", year=2026, now=NOW)
    assert [(one.number, one.off_at, one.on_at) for one in hospital.interruptions] == [
        ("H2", local("2026-07-01 10:00"), local("2026-07-01 12:00"))
    ]
    assert queries.account_history(Scope.of(WEST), "1005", year=2026, now=NOW).times == 0
    west = queries.standouts(Scope.of(WEST), unit_code="BS-W", year=2026, now=NOW, limit=1)
    assert (len(west.lasting), west.lasting_count.now) == (1, 2)
