"""Readers of the price rules: the codes a territory may use, their facts, conventions and schedules."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from wandeng.calc.rating.frames import Measure
from wandeng.domains.tariffs import frames as tariffs
from wandeng.domains.tariffs import rules
from wandeng.domains.tariffs.types import DemandFormulaNotInBook, PriceCodeUnknown
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.errors import InvalidInput, NoRuleInForce

ON = date(2026, 6, 1)


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def test_the_demonstration_county_may_use_its_own_codes_and_hunans_residential_ones(library):
    codes = [entry.code for entry in rules.price_codes(library, "demo", ON)]
    assert codes == sorted(codes)
    assert {"hunan.residential", "hunan.residential.shared", "demo.residential.tou", "demo.irrigation"} <= set(codes)
    assert not [code for code in codes if code.startswith(("national.", "guangdong."))]
    assert [entry.code for entry in rules.price_codes(library, "hunan", ON)] == [
        "hunan.residential",
        "hunan.residential.shared",
    ]


def test_a_code_is_shown_with_its_territory_and_status(library):
    by_code = {entry.code: entry for entry in rules.price_codes(library, "demo", ON)}
    assert by_code["demo.commercial.lv"].name_zh == "演示县 工商业用电 单一制 不满1千伏"
    assert by_code["demo.commercial.lv"].status == "demonstration"
    assert by_code["hunan.residential"].status == "L"


def test_before_a_territory_has_rules_it_has_no_codes(library):
    assert rules.price_codes(library, "hunan", date(2012, 6, 30)) == ()


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        ("hunan.residential", {"tier_cycle": 1, "reading_month_season": True, "schedule": "", "two_part": False}),
        ("hunan.residential.shared", {"tiered": False, "tier_cycle": 0, "reading_month_season": False}),
        ("zhejiang.residential.tou", {"tier_cycle": 12, "schedule": "residential", "needs_period_registers": True}),
        ("demo.two_part.10kv", {"two_part": True, "may_adjust_power_factor": True, "schedule": "industrial"}),
        ("demo.street_lighting", {"two_part": False, "may_adjust_power_factor": False, "schedule": ""}),
        ("demo.feed_in.hydropower", {"feed_in": True, "customer_class": "commercial"}),
        ("demo.school", {"customer_class": "residential", "tiered": False}),
    ],
)
def test_the_facts_of_a_price_code(library, code, facts):
    found = rules.structure_facts(library, code, ON)
    assert {name: getattr(found, name) for name in facts} == facts


def test_facts_of_an_unknown_code_or_an_early_day_are_refused(library):
    for code in ("demo.nonsense", "nonsense", "beijing.residential.shared", ""):
        with pytest.raises(PriceCodeUnknown):
            rules.structure_facts(library, code, ON)
    with pytest.raises(NoRuleInForce):
        rules.structure_facts(library, "demo.school", date(2024, 12, 31))


def test_the_power_factor_table_has_every_hundredth_of_every_standard(library):
    book = tariffs.book(library, territory="hunan", from_on=ON, to_on=date(2026, 7, 1))
    table = pl.DataFrame(pl.from_arrow(book.conventions.power_factor))
    assert table.height == 3 * 101
    rate = {(row[0], row[1]): row[2] for row in table.iter_rows()}
    # WE-01: 0.80 → +5 % = 5 × 10⁶ in 10⁻⁸ of the base; 0.71 → +9.5 %; 0.91 → −0.15 %; 0.85 standard 0.84 → +0.5 %.
    assert rate[90, 80] == 5_000_000
    assert rate[90, 71] == 9_500_000
    assert rate[90, 91] == -150_000
    assert rate[85, 84] == 500_000
    decided_by = book.versions[book.conventions.power_factor_version_id]
    assert decided_by.path == "national/power_factor/1983-12-02.toml"


def test_the_conventions_say_which_files_decided(library):
    conventions = tariffs.book(library, territory="demo", from_on=ON, to_on=date(2026, 7, 1)).conventions
    assert (conventions.demand_free_share_e4, conventions.demand_excess_factor) == (10_500, 2)
    assert (conventions.demand_utilization_ckwh, conventions.demand_utilization_share_e4) == (26_000, 9_000)
    assert (conventions.month_days, conventions.jump_factor_e4, conventions.jump_floor_ckwh) == (30, 50_000, 50_000)
    book = tariffs.book(library, territory="demo", from_on=ON, to_on=date(2026, 7, 1))
    path = book.versions[book.conventions.conventions_version_id].path
    assert "two_part/2023-06-01" in path
    assert "bill_checks/2012-07-01" in path


def test_the_conventions_are_those_of_the_last_day_of_the_window(library):
    def share(to_on):
        book = tariffs.book(library, territory="hunan", from_on=date(2023, 5, 1), to_on=to_on)
        return book.conventions.demand_utilization_share_e4

    assert share(date(2023, 6, 1)) == 10_000
    assert share(date(2023, 6, 2)) == 9_000


def test_the_band_formula_of_before_2016_is_no_price_book(library):
    with pytest.raises(DemandFormulaNotInBook, match="1996-10-08"):
        tariffs.book(library, territory="hunan", from_on=date(2015, 1, 1), to_on=date(2015, 2, 1))


def grid(spans: pl.DataFrame, month: int) -> np.ndarray:
    """The 96 periods of an ordinary day of a month; 0 where nothing holds, 99 where two spans overlap."""
    points = np.zeros(96, dtype=np.int64)
    for row in spans.filter(pl.col("month_mask") // 2 ** (month - 1) % 2 == 1).iter_rows(named=True):
        part = points[row["start_point"] : row["end_point"]]
        points[row["start_point"] : row["end_point"]] = np.where(part == 0, row["period"], 99)
    return points


@pytest.mark.parametrize(
    ("territory", "schedule"),
    [
        ("guangdong", "industrial"),
        ("yunnan", "industrial"),
        ("shandong", "industrial"),
        ("hunan", "industrial"),
        ("demo", "industrial"),
        ("demo", "residential"),
        ("zhejiang", "residential"),
        ("shanghai", "residential"),
        ("jiangsu", "residential"),
    ],
)
def test_every_quarter_hour_of_every_month_has_one_period(library, territory, schedule):
    found = tariffs.tou_schedule(
        library, territory, schedule=schedule, from_on=date(2026, 1, 1), to_on=date(2027, 1, 1)
    )
    spans = pl.DataFrame(pl.from_arrow(found.spans)).with_columns(pl.col("month_mask").cast(pl.Int64))
    first = spans.filter(valid_from=date(2026, 1, 1))
    for month in range(1, 13):
        assert set(grid(first, month).tolist()) <= {
            Measure.SHARP,
            Measure.PEAK,
            Measure.FLAT,
            Measure.VALLEY,
            Measure.DEEP,
        }


def test_guangdong_has_its_sharp_hours_in_july_and_not_in_june(library):
    found = tariffs.tou_schedule(
        library, "guangdong", schedule="industrial", from_on=date(2026, 6, 1), to_on=date(2026, 8, 1)
    )
    spans = pl.DataFrame(pl.from_arrow(found.spans)).with_columns(pl.col("month_mask").cast(pl.Int64))
    july, june = grid(spans, 7), grid(spans, 6)
    assert np.flatnonzero(july == Measure.SHARP).tolist() == [*range(44, 48), *range(60, 68)]  # 11–12 and 15–17
    assert not (june == Measure.SHARP).any()
    assert (june[44:48] == Measure.PEAK).all()
    # The list of hot days is not known here, and the schedule says so instead of pretending there were none.
    assert not found.special_days_complete


def test_declared_sharp_days_replace_the_whole_of_their_day(library):
    found = tariffs.tou_schedule(library, "demo", schedule="industrial", from_on=ON, to_on=date(2026, 7, 1))
    special = pl.DataFrame(pl.from_arrow(found.special_days))
    assert special["on"].unique().sort().to_list() == [date(2026, 6, 17), date(2026, 6, 18), date(2026, 6, 29)]
    per_day = special.group_by("on").agg((pl.col("end_point") - pl.col("start_point")).sum().alias("points"))
    assert per_day["points"].unique().to_list() == [96]
    assert found.special_days_complete


def test_a_schedule_over_the_new_year_uses_both_day_calendars(library):
    found = tariffs.tou_schedule(
        library, "demo", schedule="industrial", from_on=date(2025, 6, 20), to_on=date(2026, 6, 18)
    )
    days = pl.DataFrame(pl.from_arrow(found.special_days))["on"].unique().sort().to_list()
    assert (days[0], days[-1], len(days)) == (date(2025, 6, 24), date(2026, 6, 17), 6)
    assert found.sources == (
        "demo/time_of_use/2025-01-01.toml",
        "demo/sharp_days/2025-01-01.toml",
        "demo/sharp_days/2026-01-01.toml",
    )


def test_a_schedule_that_is_not_there_is_refused(library):
    with pytest.raises(NoRuleInForce, match="moonlight"):
        tariffs.tou_schedule(library, "demo", schedule="moonlight", from_on=ON, to_on=date(2026, 7, 1))
    with pytest.raises(NoRuleInForce):
        tariffs.tou_schedule(library, "yunnan", schedule="industrial", from_on=date(2025, 6, 1), to_on=date(2025, 7, 1))
    with pytest.raises(InvalidInput):
        tariffs.tou_schedule(library, "demo", schedule="industrial", from_on=ON, to_on=ON)
