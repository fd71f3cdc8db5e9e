"""The rule files that ship: complete, and answering every day with one version or a clear refusal."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.problems import TerritoryUnknown
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.effective.topics.arrears import BackBilling, BreachAndTheft, LateFee
from wandeng.infra.effective.topics.components import AgentPurchase
from wandeng.infra.effective.topics.conventions import TwoPart
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.topics.time_of_use import TimeOfUse
from wandeng.infra.effective.values import Group
from wandeng.kernel.errors import NoRuleInForce

PROVINCES = ("guangdong", "hunan", "shandong", "zhejiang", "yunnan", "jiangsu", "beijing", "shanghai")


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def test_every_day_of_two_years_has_one_version_or_none_of_each_topic(library):
    days = [date(2025, 1, 1) + timedelta(days=offset) for offset in range(730)]
    for territory in library.territories:
        for model in TOPICS.values():
            versions = library.versions(model, territory)
            for day in days:
                covering = [version for version in versions if version.covers(day)]
                assert len(covering) <= 1, (territory, model.topic_name, day)
                if covering:
                    assert library.version(model, on=day, territory=territory) is covering[0]
                else:
                    with pytest.raises(NoRuleInForce) as refusal:
                        library.version(model, on=day, territory=territory)
                    assert refusal.value.facts == {
                        "topic": model.topic_name,
                        "on": day.isoformat(),
                        "territory": territory,
                    }


def test_every_province_has_residential_tiers_on_every_day_of_two_years(library):
    for territory in PROVINCES:
        for offset in range(730):
            day = date(2025, 1, 1) + timedelta(days=offset)
            assert library.version(Residential, on=day, territory=territory).territory == territory


def test_the_demonstration_month_prices_end_with_2026(library):
    assert len(library.versions(AgentPurchase, "demo")) == 24
    with pytest.raises(NoRuleInForce):
        library.version(AgentPurchase, on=date(2027, 1, 1), territory="demo")
    with pytest.raises(NoRuleInForce):
        library.version(AgentPurchase, on=date(2024, 12, 31), territory="demo")


def test_a_territory_inherits_only_the_topics_it_names(library):
    assert library.home("power_factor", "demo") == "national"
    assert library.home("residential", "demo") == "demo"
    # Hunan has its own schedule, which the demonstration county does not name among what it inherits.
    assert library.home("time_of_use", "demo") == "demo"
    assert library.home("agent_purchase", "hunan") == ""
    assert library.chain("demo") == ("demo", "hunan", "national")


def test_an_unknown_territory_is_refused_by_name(library):
    with pytest.raises(TerritoryUnknown, match="atlantis"):
        library.version(Residential, on=date(2026, 1, 1), territory="atlantis")


def test_demonstration_values_are_marked_in_every_group_of_the_demonstration_county(library):
    def statuses(value):
        if isinstance(value, Group):
            yield value.status
        if hasattr(value, "__pydantic_fields__"):
            for name in type(value).model_fields:
                yield from statuses(getattr(value, name))
        elif isinstance(value, tuple):
            for entry in value:
                yield from statuses(entry)

    for (territory, topic), versions in library.shelf.items():
        found = {status for version in versions for status in statuses(version.body)}
        assert found
        assert ("demonstration" in found) == (territory == "demo"), (territory, topic)
        assert territory != "demo" or found == {"demonstration"}


def test_the_published_cells_of_the_power_factor_tables(library):
    body = library.version(PowerFactor, on=date(2026, 1, 1), territory="national").body
    tables = {table.standard: table for table in body.tables}
    # WE-01: 0.80 → +5 %, 0.71 → +9.5 %; other published cells: 0.91 → −0.15 %, 0.84 → +3 %; 0.85 standard 0.84 → +0.5 %.
    published = {
        (90, 80): "5",
        (90, 71): "9.5",
        (90, 91): "-0.15",
        (90, 84): "3",
        (85, 84): "0.5",
        (90, 100): "-0.75",
        (90, 64): "17",
        (85, 94): "-1.10",
        (85, 59): "17",
        (80, 92): "-1.30",
        (80, 54): "17",
        (80, 85): "-0.50",
        (90, 0): "145",  # 15 + 2 × 65
    }
    for (standard, pf), percent in published.items():
        assert tables[standard].percent(pf) == Decimal(percent), (standard, pf)


def test_below_the_standard_the_tables_equal_their_closed_form(library):
    # d = standard − PF in hundredths: d ≤ 20 → 0.5 d; 20 < d ≤ 25 → 10 + (d − 20); d > 25 → 15 + 2 (d − 25).
    body = library.version(PowerFactor, on=date(2026, 1, 1), territory="national").body
    for table in body.tables:
        for d in range(table.standard + 1):
            expected = Decimal(d) / 2 if d <= 20 else Decimal(10 + d - 20) if d <= 25 else Decimal(15 + 2 * (d - 25))
            assert table.percent(table.standard - d) == expected, (table.standard, d)


def test_a_power_factor_above_one_has_no_rate(library):
    table = library.version(PowerFactor, on=date(2026, 1, 1), territory="national").body.tables[0]
    with pytest.raises(ValueError, match="0 to 100"):
        table.percent(101)


@pytest.mark.parametrize(
    ("on", "formula", "kwh_per_kva", "share"),
    [
        (date(2016, 6, 30), "band", 0, "1"),
        (date(2016, 7, 1), "over_share", 0, "1"),
        (date(2023, 5, 31), "over_share", 0, "1"),
        (date(2023, 6, 1), "over_share", 260, "0.9"),
    ],
)
def test_the_two_part_rule_changes_on_its_days(library, on, formula, kwh_per_kva, share):
    body = library.version(TwoPart, on=on, territory="national").body
    assert (body.contract_demand.formula, body.utilization.kwh_per_kva) == (formula, kwh_per_kva)
    assert body.utilization.share == Decimal(share)


def test_the_late_fee_rates_and_the_three_published_ways_over_the_year_end(library):
    body = library.version(LateFee, on=date(2020, 1, 18), territory="hunan").body
    rates = body.rates
    assert (rates.residential, rates.other, rates.carried_over) == (
        Decimal("0.001"),
        Decimal("0.002"),
        Decimal("0.003"),
    )
    assert (body.agreed.least, body.agreed.most) == (Decimal("0.001"), Decimal("0.003"))
    assert body.cross_year.method == "split_at_year_end"  # the 190-yuan answer of WE-14
    assert len(body.cross_year.published) == 3
    assert body.minimum.yuan == 1


def test_theft_and_breach_figures(library):
    body = library.version(BreachAndTheft, on=date(2010, 1, 1), territory="national").body
    # WE-10: 180 days at 12 hours, three times the energy charge.
    assert (body.theft.unknown_days, body.theft.power_hours_per_day, body.theft.penalty_multiple) == (180, 12, 3)
    assert (body.class_misuse.unknown_months, body.class_misuse.penalty_multiple) == (3, 2)
    assert body.over_capacity.other_yuan_per_kw == 50
    newer = library.version(BreachAndTheft, on=date(2024, 6, 1), territory="national").body
    assert newer.multiples_are_maximum
    assert newer.over_capacity.two_part_counts == "days"


def test_a_tolerance_error_is_corrected_over_half_the_time(library):
    body = library.version(BackBilling, on=date(2026, 1, 1), territory="national").body
    shares = {case.code: case.time_share for case in body.cases}
    assert shares["out_of_tolerance"] == Decimal("0.5")
    assert shares["wrong_wiring"] == 1


def test_the_guangdong_factors_and_the_sharp_months(library):
    schedule = library.version(TimeOfUse, on=date(2026, 8, 1), territory="guangdong").body.schedules[0]
    factors = schedule.factors
    assert factors is not None
    assert factors.sharp == factors.peak * Decimal("1.25") == Decimal("2.125")
    assert factors.valley == Decimal("0.38")
    sharp_months = {
        month for day in schedule.days for month in day.months if any(span.period == "sharp" for span in day.spans)
    }
    assert sharp_months == {7, 8, 9}
    with pytest.raises(NoRuleInForce):
        library.version(TimeOfUse, on=date(2021, 9, 30), territory="guangdong")
