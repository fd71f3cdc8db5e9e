"""Each shape of a price row and of a usage point, with exact amounts."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.calc.rating.frames import BasicMethod, Kind, LossMethod, Measure
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import JUL, JUN, book, kwh, point, price, read, shard, term, tiers
from wandeng.calc.tests.test_rating_published import amounts, bill, total

MID = date(2026, 6, 16)
BY_TIME = [
    price("1.2", measure=Measure.SHARP),
    price("1.0", measure=Measure.PEAK),
    price("0.6", measure=Measure.FLAT),
    price("0.3", measure=Measure.VALLEY),
    price("0.1", measure=Measure.DEEP),
]


def test_flat_is_what_the_other_periods_leave_of_the_total() -> None:
    end = {"total": 1000, "sharp": 50, "peak": 250, "valley": 400, "deep": 100}
    rated = bill([point()], [term()], [read(end=end)], book(*BY_TIME))
    # 50 × 1.2, 250 × 1.0, 200 × 0.6, 400 × 0.3, 100 × 0.1.
    assert amounts(rated) == [6_000, 25_000, 12_000, 12_000, 1_000]


def test_a_register_that_rolls_over_counts_on() -> None:
    rated = bill(
        [point()],
        [term()],
        [read(start={"total": 999_990}, end={"total": 15}, modulus_ckwh=10**8, multiplier=40)],
        book(price("0.5")),
    )
    # 1,000,000 − 999,990 + 15 = 25; × 40 = 1,000 kWh.
    assert amounts(rated) == [50_000]


def test_a_meter_exchange_adds_both_meters_with_their_own_multipliers() -> None:
    rated = bill(
        [point()],
        [term()],
        [
            read(span=(JUN, MID), start={"total": 1500}, end={"total": 1800}, multiplier=20),
            read(span=(MID, JUL), start={"total": 0}, end={"total": 110}, multiplier=200, installation_id=2),
        ],
        book(price("0.5")),
    )
    # 300 × 20 + 110 × 200 = 28,000 kWh.
    assert amounts(rated) == [1_400_000]


def test_readings_on_the_day_of_a_price_change_give_its_parts_exactly() -> None:
    prices = book(price("0.5", valid_to=MID), price("0.6", valid_from=MID, version_id=2))
    apart = [read(span=(JUN, MID), end={"total": 70}), read(span=(MID, JUL), end={"total": 30}, installation_id=2)]
    rated = bill([point()], [term()], apart, prices)
    assert amounts(rated) == [3_500, 1_800]
    together = bill([point()], [term()], [read(end={"total": 100})], prices)
    # Without a reading on the day: 100 × 15/30 = 50 each side.
    assert amounts(together) == [2_500, 3_000]
    assert together.lines["version_id"].to_pylist() == [1, 2]


def test_tiers_go_on_after_a_price_change() -> None:
    change = [{"valid_to": MID}, {"valid_from": MID}]
    prices = book(
        *tiers([200], ["0.50", "0.60"], cycle=1, **change[0]), *tiers([200], ["0.55", "0.65"], cycle=1, **change[1])
    )
    rated = bill([point()], [term()], [read(end={"total": 300})], prices)
    # 150 kWh before the change, all in tier 1; of the 150 after it, 50 fill tier 1 and 100 are tier 2.
    assert rated.lines["quantity"].to_pylist() == [kwh(150), kwh(50), kwh(100)]
    assert amounts(rated) == [7_500, 2_750, 6_500]


def test_a_change_of_structure_starts_its_own_tiers() -> None:
    prices = book(*tiers([200], ["0.5", "0.6"], cycle=1, structure_id=1), price("0.8"))
    rated = bill(
        [point()],
        [term(span=(JUN, MID)), term(span=(MID, JUL), structure_id=1)],
        [read(span=(JUN, MID), end={"total": 5000}), read(span=(MID, JUL), end={"total": 150}, installation_id=2)],
        prices,
    )
    # The shop's 5,000 kWh do not fill the household's first tier.
    assert sorted(amounts(rated)) == [7_500, 400_000]


def test_the_free_quota_takes_no_more_than_was_used() -> None:
    prices = book(price("0.6"), price("-0.6", item=2, kind=Kind.FREE_QUOTA, measure=Measure.FREE))
    quota = term(free_ckwh=kwh(15))
    assert amounts(bill([point()], [quota], [read(end={"total": 100})], prices)) == [6_000, -900]
    assert amounts(bill([point()], [quota], [read(end={"total": 8})], prices)) == [480, -480]


def test_every_fund_is_a_line_rounded_by_itself() -> None:
    fund = {"kind": Kind.FUND, "measure": Measure.TOTAL}
    prices = book(price("0.5"), price("0.019", item=2, **fund), price("0.0062", item=3, **fund))
    rated = bill([point()], [term()], [read(end={"total": 333.33})], prices)
    # 166.665 → 166.67; 6.33327 → 6.33; 2.066646 → 2.07.
    assert amounts(rated) == [16_667, 633, 207]
    assert total(rated) == 16_667 + 633 + 207


def test_exported_energy_is_a_line_the_utility_owes() -> None:
    prices = book(price("0.6"), price("-0.45", item=2, kind=Kind.FEED_IN, measure=Measure.EXPORT))
    rated = bill([point()], [term()], [read(end={"total": 100, "export": 230.01})], prices)
    # −230.01 × 0.45 = −103.5045 → −103.50; the bill is negative, the energy is not netted.
    assert amounts(rated) == [6_000, -10_350]
    assert rated.heads["energy_ckwh"].to_pylist() == [kwh(100)]


def test_halves_of_negative_amounts_round_away_from_zero() -> None:
    rated = bill([point()], [term()], [read(end={"total": 1})], book(price("-0.005"), price("0.005", item=2)))
    assert amounts(rated) == [-1, 1]


def test_a_seasonal_row_holds_in_the_month_of_the_last_used_day() -> None:
    prices = book(price("0.5", month_mask=1 << 5), price("0.9", month_mask=4095 - (1 << 5)))
    assert amounts(bill([point()], [term()], [read(end={"total": 100})], prices)) == [5_000]
    july = (date(2026, 6, 2), date(2026, 7, 2))
    assert amounts(bill([point(period=july)], [term(span=july)], [read(span=july, end={"total": 100})], prices)) == [
        9_000
    ]


@pytest.mark.parametrize("whole, expected", [(True, 20_300), (False, 20_267)])
def test_an_agreed_loss_is_shared_over_part_months(whole: bool, expected: int) -> None:
    agreed = {"loss_method": LossMethod.AGREED, "loss_active_ckwh": kwh(304)}
    cut = date(2026, 6, 21)
    rated = bill(
        [point()],
        [term(span=(JUN, cut), **agreed), term(span=(cut, JUL), structure_id=1)],
        [read(end={"total": 0})],
        book(price("0.5"), price("0.5", structure_id=1), loss_whole_kwh=whole),
    )
    # 304 × 20/30 = 202.67: whole kWh 203, else 202.67.
    assert rated.measured["transformer_loss_ckwh"].to_pylist() == [expected]


def test_an_agreed_loss_that_goes_on_is_conserved_over_a_cut() -> None:
    agreed = {"loss_method": LossMethod.AGREED, "loss_active_ckwh": kwh(15)}
    rated = bill(
        [point()], [term(span=(JUN, MID), **agreed), term(span=(MID, JUL), **agreed)], [read(end={"total": 0})],
        book(price("1")),
    )  # fmt: skip
    # 7.5 → 8 and the rest, 7: never 16.
    assert rated.measured["transformer_loss_ckwh"].to_pylist() == [kwh(15)]


def test_the_standard_loss_formula() -> None:
    terms = term(
        loss_method=LossMethod.FORMULA, loss_p0_w=190, loss_pk_w=1150, loss_sn_ckva=kwh(50), loss_i0_e4=200,
        loss_uk_e4=400, loss_k_e2=300,
    )  # fmt: skip
    rated = bill([point()], [terms], [read(end={"total": 6000, "reactive": 3000})], book(price("0.5")))
    # Active: 0.19 kW × 720 h = 136.8; 3 × 1.15 × (6000² + 3000²)/(50² × 720) = 3.45 × 25 = 86.25: 223.05 → 223 kWh.
    # Reactive: 2 % × 50 × 720 = 720; 3 × (4 % × 50) × 25 = 150: 870 kvarh.
    measured = rated.measured.to_pylist()[0]
    assert measured["transformer_loss_ckwh"] == kwh(223)
    assert measured["reactive_ckvarh"] == kwh(3870)
    assert amounts(rated) == [311_150]  # 6,223 × 0.5


def test_line_loss_is_a_share_of_reading_and_transformer_loss() -> None:
    terms = term(loss_method=LossMethod.AGREED, loss_active_ckwh=kwh(100), line_loss_e4=250)
    rated = bill([point()], [terms], [read(end={"total": 1000})], book(price("0.5")))
    # 2.5 % of 1,100 = 27.5 → 28 kWh; billed 1,128.
    assert rated.measured["line_loss_ckwh"].to_pylist() == [kwh(28)]
    assert amounts(rated) == [56_400]


@pytest.mark.parametrize(
    "loss_period, expected",
    [
        ("flat", [10_000, 30_000, 12_000]),  # 100 × 1.0, (400 + 100) × 0.6, 400 × 0.3
        # 100 kWh over 100 : 400 : 400: peak 11.11, valley 88.89 / 2 → 44.45, flat the rest, 44.44.
        # 111.11 × 1.0; 444.44 × 0.6 = 266.664; 444.45 × 0.3 = 133.335 → 133.34.
        ("pro_rata", [11_111, 26_666, 13_334]),
    ],
)
def test_losses_go_to_flat_or_are_shared_over_the_periods(loss_period: str, expected: list[int]) -> None:
    terms = term(loss_method=LossMethod.AGREED, loss_active_ckwh=kwh(100))
    rows = [read(end={"total": 900, "peak": 100, "valley": 400})]
    assert amounts(bill([point()], [terms], rows, book(*BY_TIME, loss_period=loss_period))) == expected


def test_a_sub_meter_reduces_its_parent_period_by_period_after_losses() -> None:
    rated = bill(
        [point(1, 1), point(1, 2)],
        [term(1, 1, loss_method=LossMethod.AGREED, loss_active_ckwh=kwh(50)), term(1, 2, structure_id=1)],
        [
            read(1, 1, end={"total": 1000, "peak": 300, "valley": 200}),
            read(1, 2, end={"total": 100, "peak": 40}, deducts_from_point=1),
        ],
        book(*BY_TIME, price("0.5", structure_id=1)),
    )
    parent, sub = rated.measured.to_pylist()
    assert (parent["read_ckwh"], parent["transformer_loss_ckwh"]) == (kwh(1000), kwh(50))
    assert (parent["deducted_ckwh"], parent["total_ckwh"]) == (kwh(100), kwh(950))
    assert sub["total_ckwh"] == kwh(100)
    # Parent: peak 260 × 1.0, flat (500 + 50 − 60) × 0.6 = 294.00, valley 200 × 0.3; sub-meter 100 × 0.5.
    assert amounts(rated) == [26_000, 29_400, 6_000, 5_000]


def test_the_power_factor_sees_the_energy_before_deductions() -> None:
    prices = book(
        price("1", pf_base=True),
        price("0.02", item=2, kind=Kind.FUND),
        price("0", item=9, kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE),
    )
    rated = bill(
        [point()],
        [term(pf_standard=85)],
        [
            read(end={"total": 4000, "reactive": 2900, "reactive_export": 100}),
            read(1, 77, end={"total": 1000}, deducts_from_point=1),
        ],
        prices,
    )
    # 4,000 and 2,900 + 100 kvarh: 0.80, standard 0.85 → +2.5 % of 3,000.00 (the fund is not in the base).
    assert rated.measured["pf_hundredths"].to_pylist() == [80]
    assert amounts(rated) == [300_000, 6_000, 7_500]
    factor = rated.lines.to_pylist()[-1]
    assert (factor["quantity"], factor["price_e8"], factor["version_id"]) == (300_000, 2_500_000, 90)


def test_a_change_of_capacity_does_not_split_the_power_factor() -> None:
    prices = book(
        price("1", pf_base=True),
        price("20", item=2, kind=Kind.CAPACITY, measure=Measure.CAPACITY, pf_base=True),
        price("0", item=9, kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE),
    )
    method = {"basic_method": BasicMethod.CAPACITY, "pf_standard": 90}
    rated = bill(
        [point()],
        [
            term(span=(JUN, MID), running_capacity_ckva=kwh(400), **method),
            term(span=(MID, JUL), running_capacity_ckva=kwh(200), **method),
        ],
        [read(end={"total": 4000, "reactive": 3000})],
        prices,
    )
    # 400 × 20 × 15/30 = 4,000; 200 × 20 × 15/30 = 2,000; base 4,000 + 6,000 = 10,000; 0.80 → +5 % = 500.
    assert amounts(rated) == [200_000, 200_000, 400_000, 200_000, 50_000]


def test_a_change_of_voltage_has_a_power_factor_on_each_side() -> None:
    factor = {"kind": Kind.POWER_FACTOR, "measure": Measure.PF_BASE, "item": 9}
    prices = book(*[row for n in (0, 1) for row in (price("1", pf_base=True, structure_id=n),
                                                    price("0", structure_id=n, **factor))])  # fmt: skip
    rated = bill(
        [point()],
        [term(span=(JUN, MID), pf_standard=90), term(span=(MID, JUL), structure_id=1, pf_standard=90)],
        [
            read(span=(JUN, MID), end={"total": 4000, "reactive": 3000}),
            read(span=(MID, JUL), end={"total": 1000, "reactive": 0}, installation_id=2),
        ],
        prices,
    )
    # 0.80 → +5 % of 4,000.00; 1.00 → −0.75 % of 1,000.00. Together they would be 0.86 and +2 %.
    assert [line["amount_fen"] for line in rated.lines.to_pylist() if line["item_id"] == 9] == [20_000, -750]


@pytest.mark.parametrize("start, end", [((2026, 1, 31), (2026, 2, 28)), ((2026, 2, 28), (2026, 3, 31))])
def test_a_month_between_two_month_ends_pays_one_whole_basic_charge(
    start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    span = (date(*start), date(*end))
    prices = book(price("0.5"), price("20", item=2, kind=Kind.CAPACITY, measure=Measure.CAPACITY))
    terms = term(span=span, basic_method=BasicMethod.CAPACITY, running_capacity_ckva=kwh(100))
    rated = bill([point(period=span)], [terms], [read(span=span, end={"total": 0})], prices)
    assert (rated.lines["days"].to_pylist(), amounts(rated)) == ([0], [200_000])


def test_a_customer_connected_in_mid_month_pays_the_days_since() -> None:
    span = (MID, JUL)
    prices = book(price("0.5"), price("20", item=2, kind=Kind.CAPACITY, measure=Measure.CAPACITY))
    terms = term(span=span, basic_method=BasicMethod.CAPACITY, running_capacity_ckva=kwh(100))
    rated = bill([point(period=span)], [terms], [read(span=span, end={"total": 0})], prices)
    # 16 June to 1 July: 15 days of 30; 100 × 20 × 15/30 = 1,000.
    assert (rated.lines["days"].to_pylist(), amounts(rated)) == ([15], [100_000])


def test_lines_follow_the_items_and_are_numbered_per_account() -> None:
    prices = book(price("0.1", item=5), price("0.2", item=2), *tiers([10], ["0.3", "0.4"], cycle=1, item=3))
    rated = bill(
        [point(2, 9), point(1, 4), point(2, 8)],
        [term(1, 4), term(2, 8), term(2, 9)],
        [read(2, 8, end={"total": 20}), read(1, 4, end={"total": 5}), read(2, 9, end={"total": 1})],
        prices,
    )
    rows = [(r["account_id"], r["line_no"], r["usage_point_id"], r["item_id"]) for r in rated.lines.to_pylist()]
    assert rows == [
        (1, 1, 4, 2), (1, 2, 4, 3), (1, 3, 4, 5),
        (2, 1, 8, 2), (2, 2, 8, 3), (2, 3, 8, 3), (2, 4, 8, 5), (2, 5, 9, 2), (2, 6, 9, 3), (2, 7, 9, 5),
    ]  # fmt: skip
    heads = rated.heads.to_pylist()
    assert [head["line_count"] for head in heads] == [3, 7]
    # Account 2: 4.00 + 3.00 + 4.00 + 2.00 and 0.20 + 0.30 + 0.10.
    assert [head["amount_fen"] for head in heads] == [300, 1_360]


def test_nothing_used_is_a_bill_of_nothing() -> None:
    rated = bill([point()], [term()], [read(end={"total": 0})], book(price("0.5")))
    assert rated.lines.num_rows == 0
    assert rated.heads.to_pylist()[0]["amount_fen"] == 0


def test_an_empty_shard_is_four_empty_tables() -> None:
    rated = rate(shard([], [], []), book(price("0.5")))
    assert [t.num_rows for t in (rated.heads, rated.lines, rated.measured, rated.findings)] == [0, 0, 0, 0]
