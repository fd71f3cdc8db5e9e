"""Bills whose answer is published, or worked out by hand from a published rule (``rules.md`` 4), to the fen."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from wandeng.calc.rating.frames import BasicMethod, Book, Kind, LossMethod, Measure, MonthBasis, Rated
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import JUL, JUN, Row, book, kwh, point, price, read, shard, term, tiers

AUG_25, SEP_15, SEP_25 = date(2026, 8, 25), date(2026, 9, 15), date(2026, 9, 25)
BASIC = {"kind": Kind.CAPACITY, "measure": Measure.CAPACITY}


def bill(points: list[Row], terms: list[Row], reads: list[Row], prices: Book) -> Rated:
    rated = rate(shard(points, terms, reads), prices)
    assert rated.findings.num_rows == 0, rated.findings.to_pylist()
    return rated


def amounts(rated: Rated) -> list[int]:
    return rated.lines["amount_fen"].to_pylist()


def total(rated: Rated) -> int:
    fen: int = rated.heads["amount_fen"].to_pylist()[0]
    return fen


def home(energy: float, prices: Book, **columns: Any) -> Rated:
    return bill([point(**columns)], [term()], [read(end={"total": energy})], prices)


def test_we_02_a_transformer_changed_in_mid_month_with_losses_periods_and_power_factor() -> None:
    part = {"structure_id": 0, "valid_to": SEP_15}
    by_time = {"structure_id": 1, "pf_base": True}
    prices = book(
        price("0.5", **part),
        price("0.8", measure=Measure.PEAK, **by_time),  # 0.5 × 160 %
        price("0.2", measure=Measure.VALLEY, **by_time),  # 0.5 × 40 %
        price("0.5", measure=Measure.FLAT, **by_time),
        price("0", structure_id=1, item=9, kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE),
    )
    period = (AUG_25, SEP_25)
    rated = bill(
        [point(period=period)],
        [
            term(span=(AUG_25, SEP_15), loss_method=LossMethod.AGREED, loss_active_ckwh=kwh(304)),
            term(span=(SEP_15, SEP_25), structure_id=1, pf_standard=90),
        ],
        [
            read(span=(AUG_25, SEP_15), start={"total": 1500}, end={"total": 1800}, multiplier=20),
            read(span=(SEP_15, SEP_25), end={"total": 180, "peak": 40, "valley": 30, "reactive": 81}, multiplier=200),
        ],
        prices,
    )
    # Loss 304 × 20/30 = 202.67 → 203 kWh. (300 × 20 + 203) × 0.5 = 3,101.50. Peak 40 × 200 × 0.8 = 6,400; valley
    # 30 × 200 × 0.2 = 1,200; flat 110 × 200 × 0.5 = 11,000. 81/180 = 0.45 → 0.91 → −0.15 % of 18,600 = −27.90.
    measured = rated.measured.to_pylist()[0]
    assert measured["transformer_loss_ckwh"] == kwh(203)
    assert measured["pf_hundredths"] == 91
    assert amounts(rated) == [310_150, 640_000, 1_100_000, 120_000, -2_790]
    assert rated.lines["seg_from"].to_pylist()[-1] == SEP_15
    assert total(rated) == 2_167_360


def test_we_06_a_larger_transformer_for_the_rest_of_the_month() -> None:
    april, may = date(2026, 4, 24), date(2026, 5, 24)
    prices = book(price("0.5"), price("10", item=2, **BASIC))
    method = {"basic_method": BasicMethod.CAPACITY}
    rated = bill(
        [point(period=(april, may))],
        [
            term(span=(april, date(2026, 5, 12)), running_capacity_ckva=kwh(315), **method),
            term(span=(date(2026, 5, 12), may), running_capacity_ckva=kwh(400), **method),
        ],
        [read(span=(april, may), end={"total": 0})],
        prices,
    )
    # 315 × 18/30 × 10 = 1,890; 400 × 12/30 × 10 = 1,600; together 3,490.
    assert rated.lines["days"].to_pylist() == [18, 12]
    assert amounts(rated) == [189_000, 160_000]


def test_we_05_a_transformer_sealed_in_mid_month_pays_for_the_days_before() -> None:
    prices = book(price("0.5"), price("15", item=2, **BASIC))
    sealed = date(2026, 6, 11)
    method = {"basic_method": BasicMethod.CAPACITY}
    rated = bill(
        [point()],
        [
            term(span=(JUN, sealed), running_capacity_ckva=kwh(560), **method),
            term(span=(sealed, JUL), running_capacity_ckva=kwh(0), **method),
        ],
        [read(end={"total": 0})],
        prices,
    )
    # Sealed on 11 June: 20 days off, 10 days charged. 560 × 15 × 10/30 = 2,800; no line for nothing.
    assert rated.lines["days"].to_pylist() == [10]
    assert amounts(rated) == [280_000]


def test_we_08_sealed_equipment_reopened_pays_from_the_day_it_was_stopped() -> None:
    prices = book(price("0.5"), price("15", item=2, **BASIC))
    months = [date(2002, 5, 1), date(2002, 6, 1), date(2002, 7, 1), date(2002, 8, 1)]
    stopped = date(2002, 5, 10)
    method = {"basic_method": BasicMethod.CAPACITY, "running_capacity_ckva": kwh(2000)}
    billed = []
    for start, end in pairwise(months):
        spans = [(stopped, end)] if start < stopped < end else [(start, end)]
        pieces = [term(span=span, **method) for span in spans]
        if spans[0][0] > start:
            pieces.insert(0, term(span=(start, stopped)))
        period = (start, end)
        billed.append(total(bill([point(period=period)], pieces, [read(span=period, end={"total": 0})], prices)))
    # 2,000 × 15 × 21/30 = 21,000, then two whole months of 30,000: 81,000. July has 31 days and is one month.
    assert billed == [2_100_000, 3_000_000, 3_000_000]


def test_we_18_guangdong_summer_tiers() -> None:
    prices = book(*tiers([260, 600], ["0.64", "0.69", "0.94"], cycle=1))
    # 260 × 0.64 = 166.40; 340 × 0.69 = 234.60; 50 × 0.94 = 47.00.
    assert amounts(home(650, prices)) == [16_640, 23_460, 4_700]


def test_a_large_household_shifts_every_finite_edge() -> None:
    prices = book(*tiers([260, 600], ["0.64", "0.69", "0.94"], cycle=1))
    rated = bill([point()], [term(tier_shift_ckwh=kwh(100))], [read(end={"total": 750})], prices)
    # Guangdong, five persons: 360 and 700. 360 × 0.64 = 230.40; 340 × 0.69 = 234.60; 50 × 0.94 = 47.00.
    assert amounts(rated) == [23_040, 23_460, 4_700]


def test_two_months_read_together_have_twice_the_thresholds() -> None:
    prices = book(*tiers([260, 600], ["0.64", "0.69", "0.94"], cycle=1))
    # 520 × 0.64 = 332.80; 680 × 0.69 = 469.20; 100 × 0.94 = 94.00.
    assert amounts(home(1300, prices, months=2)) == [33_280, 46_920, 9_400]


@pytest.mark.parametrize("reading, expected", [(JUL, [11_760, 15_950, 888]), (JUN, [11_760, 9_570, 9_768])])
def test_hunan_chooses_its_season_by_the_month_of_the_reading(reading: date, expected: list[int]) -> None:
    # Read in July: winter/summer edges 200/450. 200 × 0.588 = 117.60; 250 × 0.638 = 159.50; 10 × 0.888 = 8.88: 285.98.
    # The same 460 kWh read in June: 200/350. 117.60; 150 × 0.638 = 95.70; 110 × 0.888 = 97.68.
    by_reading = {"cycle": 1, "month_basis": MonthBasis.READING_MONTH}
    steps = ["0.588", "0.638", "0.888"]
    summer = sum(1 << month - 1 for month in (1, 2, 3, 7, 8, 9))
    prices = book(
        *tiers([200, 450], steps, month_mask=summer, **by_reading),
        *tiers([200, 350], steps, month_mask=4095 - summer, **by_reading),
    )
    period = (date(2026, reading.month - 1, 1), reading)
    rated = bill([point(period=period)], [term(span=period)], [read(span=period, end={"total": 460})], prices)
    assert amounts(rated) == expected


@pytest.mark.parametrize(
    "edges, steps, expected",
    [
        # Shandong: 2,520 × 0.5469 + 2,280 × 0.5969 + 200 × 0.8469 = 1,378.188 + 1,360.932 + 169.38 = 2,908.50.
        ([2520, 4800], ["0.5469", "0.5969", "0.8469"], 290_850),
        # Zhejiang: 2,760 × 0.538 + 2,040 × 0.588 + 200 × 0.838 = 1,484.88 + 1,199.52 + 167.60 = 2,852.00.
        ([2760, 4800], ["0.538", "0.588", "0.838"], 285_200),
    ],
)
def test_a_year_of_5000_kwh_in_one_bill(edges: list[int], steps: list[str], expected: int) -> None:
    assert total(home(5000, book(*tiers(edges, steps, cycle=12)))) == expected


def test_twelve_monthly_bills_walk_up_the_annual_tiers() -> None:
    prices = book(*tiers([2520, 4800], ["0.5469", "0.5969", "0.8469"], cycle=12))
    monthly = [400] * 12 + [200]  # 5,000 kWh in thirteen readings, the fourth part of a year above each edge
    used, billed, tier_energy = 0, 0, [0, 0, 0]
    for energy in monthly:
        rated = home(energy, prices, tier_base_ckwh=kwh(used))
        used += energy
        billed += total(rated)
        for line in rated.lines.to_pylist():
            tier_energy[line["tier"] - 1] += line["quantity"]
    assert tier_energy == [kwh(2520), kwh(2280), kwh(200)]
    # Rounding each bill moves the year by at most half a fen per line: 2,908.50 ± 0.08.
    assert abs(billed - 290_850) <= 8


def test_a_household_in_force_for_five_months_has_five_twelfths_of_the_year() -> None:
    prices = book(*tiers([2520, 4800], ["0.5469", "0.5969", "0.8469"], cycle=12))
    # Edges 1,050 and 2,000: 50 × 0.5469 = 27.345 → 27.35; 950 × 0.5969 = 567.055 → 567.06; 100 × 0.8469 = 84.69.
    rated = home(1100, prices, tier_base_ckwh=kwh(1000), tier_months=5)
    assert amounts(rated) == [2_735, 56_706, 8_469]


@pytest.mark.parametrize(
    "demand, base, expected",
    [
        (1000, "contract", [3_800_000]),  # below: the contract value
        (1050, "contract", [3_800_000]),  # at 105 %: still the contract value, not the measured one
        (1100, "contract", [3_800_000, 380_000]),  # 38,000 + 2 × 38 × 50 = 41,800
        (1100, "free_share", [3_990_000, 380_000]),  # 38 × 1,050 + 2 × 38 × 50 = 43,700
        (1050, "free_share", [3_800_000]),
    ],
)
def test_contract_demand_may_be_exceeded_by_five_percent(demand: int, base: str, expected: list[int]) -> None:
    prices = book(price("0.5"), price("38", item=2, kind=Kind.DEMAND, measure=Measure.DEMAND), demand_excess_base=base)
    rated = bill(
        [point()],
        [term(basic_method=BasicMethod.CONTRACT_DEMAND, contract_demand_ckw=kwh(1000))],
        [read(end={"total": 0}, demand_e4=demand * 10_000)],
        prices,
    )
    assert amounts(rated) == expected


@pytest.mark.parametrize(
    "energy, share, expected",
    [
        (259_999, 9000, 3_800_000),  # just below 260 kWh per kVA of 1,000 kVA
        (260_000, 9000, 3_420_000),  # 38 × 90 % = 34.2; × 1,000 kW
        (260_000, 10_000, 3_800_000),  # the rule not in force
    ],
)
def test_a_well_used_capacity_pays_ninety_percent_of_the_demand_price(energy: int, share: int, expected: int) -> None:
    prices = book(
        price("0.5", item=1),
        price("38", item=2, kind=Kind.DEMAND, measure=Measure.DEMAND),
        demand_utilization_share_e4=share,
    )
    # The energy of both points counts against the capacity of both.
    rated = bill(
        [point(1, 1, contract_capacity_ckva=kwh(600)), point(1, 2, contract_capacity_ckva=kwh(400))],
        [term(1, 1, basic_method=BasicMethod.ACTUAL_DEMAND), term(1, 2)],
        [
            read(1, 1, end={"total": energy - 60_000}, demand_e4=1000 * 10_000),
            read(1, 2, end={"total": 60_000}),
        ],
        prices,
    )
    assert [line["amount_fen"] for line in rated.lines.to_pylist() if line["item_id"] == 2] == [expected]


def test_zhejiang_tiers_have_their_own_peak_and_valley_prices() -> None:
    by_tier = {"cycle": 12}
    prices = book(
        *tiers([2760, 4800], ["0.568", "0.618", "0.868"], measure=Measure.PEAK, **by_tier),
        *tiers([2760, 4800], ["0.288", "0.338", "0.588"], measure=Measure.VALLEY, item=2, **by_tier),
    )
    rated = bill(
        [point(tier_base_ckwh=kwh(2660))], [term()], [read(end={"total": 400, "peak": 300, "valley": 100})], prices
    )
    # 100 kWh left of tier 1, mixed 3 : 1. Peak 75 × 0.568 = 42.60, 225 × 0.618 = 139.05;
    # valley 25 × 0.288 = 7.20, 75 × 0.338 = 25.35.
    assert rated.lines["quantity"].to_pylist() == [kwh(75), kwh(225), kwh(25), kwh(75)]
    assert amounts(rated) == [4_260, 13_905, 720, 2_535]


def test_shanghai_year_with_peak_and_valley_in_every_tier() -> None:
    edges, by_tier = [3120, 4800], {"cycle": 12}
    prices = book(
        *tiers(edges, ["0.617", "0.677", "0.977"], measure=Measure.PEAK, **by_tier),
        *tiers(edges, ["0.307", "0.337", "0.487"], measure=Measure.VALLEY, item=2, **by_tier),
    )
    rated = bill([point()], [term()], [read(end={"total": 5000, "peak": 3000, "valley": 2000})], prices)
    # Mixed 3 : 2. Peak 1,872 × 0.617 = 1,155.024; 1,008 × 0.677 = 682.416; 120 × 0.977 = 117.24.
    # Valley 1,248 × 0.307 = 383.136; 672 × 0.337 = 226.464; 80 × 0.487 = 38.96.
    assert amounts(rated) == [115_502, 68_242, 11_724, 38_314, 22_646, 3_896]


def test_guangdong_adds_the_tier_step_to_the_period_price() -> None:
    step = {"kind": Kind.SURCHARGE, "item": 2}
    prices = book(
        price("1.00", measure=Measure.PEAK),
        price("0.60", measure=Measure.FLAT),
        price("0.25", measure=Measure.VALLEY),
        *tiers([260, 600], ["0", "0.05", "0.30"], cycle=1, **step),
    )
    rated = bill([point()], [term()], [read(end={"total": 650, "peak": 200, "valley": 150})], prices)
    # 200 × 1.00, 300 × 0.60, 150 × 0.25, then 260 × 0, 340 × 0.05 = 17.00 and 50 × 0.30 = 15.00.
    assert amounts(rated) == [20_000, 18_000, 3_750, 0, 1_700, 1_500]
