"""Residential rule files as price rows: every province's published table, exactly."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from wandeng.calc.rating.frames import Book, Kind, Measure, MonthBasis
from wandeng.domains.tariffs import frames as tariffs
from wandeng.domains.tariffs.types import PriceCodeUnknown, TierMannersMixed
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import AMOUNT_DIVISOR, UNBOUNDED_CKWH

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
EVERY_MONTH = 4095
SUMMER = sum(1 << (month - 1) for month in range(5, 11))


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def compiled(library: RuleLibrary, *codes: str, from_on: date = MARCH, to_on: date = APRIL) -> Book:
    return tariffs.book(library, territory=codes[0].split(".")[0], from_on=from_on, to_on=to_on, price_codes=codes)


def rows(book: Book, **conditions: int) -> list[dict]:
    return pl.DataFrame(pl.from_arrow(book.prices)).filter(**conditions).to_dicts()


def tier_table(book: Book) -> dict[int, list[tuple[int, int | None, str]]]:
    """month mask → [(over kWh, up to kWh, price)] of the tiered energy rows."""
    table: dict[int, list[tuple[int, int | None, str]]] = {}
    for row in rows(book, kind=Kind.ENERGY, measure=Measure.TOTAL):
        upper = None if row["tier_hi_ckwh"] == UNBOUNDED_CKWH else row["tier_hi_ckwh"] // 100
        price = str(Decimal(row["price_e8"]).scaleb(-8).normalize())
        table.setdefault(row["month_mask"], []).append((row["tier_lo_ckwh"] // 100, upper, price))
    return table


HUNAN_SPRING = sum(1 << (month - 1) for month in (4, 5, 6, 10, 11, 12))
HUNAN_WINTER = EVERY_MONTH - HUNAN_SPRING
YUNNAN_WET = sum(1 << (month - 1) for month in range(5, 12))

PUBLISHED = {
    "guangdong.residential": {
        SUMMER: [(0, 260, "0.60886875"), (260, 600, "0.65886875"), (600, None, "0.90886875")],
        EVERY_MONTH - SUMMER: [(0, 200, "0.60886875"), (200, 400, "0.65886875"), (400, None, "0.90886875")],
    },
    "hunan.residential": {
        HUNAN_SPRING: [(0, 200, "0.588"), (200, 350, "0.638"), (350, None, "0.888")],
        HUNAN_WINTER: [(0, 200, "0.588"), (200, 450, "0.638"), (450, None, "0.888")],
    },
    "shandong.residential": {EVERY_MONTH: [(0, 2520, "0.5469"), (2520, 4800, "0.5969"), (4800, None, "0.8469")]},
    "zhejiang.residential": {EVERY_MONTH: [(0, 2760, "0.538"), (2760, 4800, "0.588"), (4800, None, "0.838")]},
    "yunnan.residential": {
        EVERY_MONTH - YUNNAN_WET: [(0, 170, "0.45"), (170, 260, "0.5"), (260, None, "0.8")],
        YUNNAN_WET: [(0, None, "0.45")],
    },
    "jiangsu.residential": {EVERY_MONTH: [(0, 2760, "0.5283"), (2760, 4800, "0.5783"), (4800, None, "0.8283")]},
    "beijing.residential": {EVERY_MONTH: [(0, 2880, "0.4883"), (2880, 4800, "0.5383"), (4800, None, "0.7883")]},
    "shanghai.residential": {EVERY_MONTH: [(0, 3120, "0.617"), (3120, 4800, "0.677"), (4800, None, "0.977")]},
}


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_published_tier_table_becomes_these_rows(library, code):
    assert tier_table(compiled(library, code)) == PUBLISHED[code]


def test_hunan_had_180_kwh_in_the_first_tier_before_the_change(library):
    book = compiled(library, "hunan.residential", from_on=date(2020, 3, 1), to_on=date(2020, 4, 1))
    assert tier_table(book)[HUNAN_SPRING][0] == (0, 180, "0.588")
    assert tier_table(book)[HUNAN_WINTER][1] == (180, 450, "0.638")


def test_hunan_follows_the_reading_month_and_guangdong_the_month_of_use(library):
    for code, basis in (("hunan", MonthBasis.READING_MONTH), ("guangdong", MonthBasis.USAGE_MONTH)):
        found = rows(compiled(library, f"{code}.residential"), kind=Kind.ENERGY)
        assert {row["month_basis"] for row in found} == {basis}
        assert {row["tier_cycle"] for row in found} == {1}


def test_annual_tiers_say_so_and_the_wet_season_of_yunnan_has_no_tier(library):
    assert {row["tier_cycle"] for row in rows(compiled(library, "shandong.residential"), kind=Kind.ENERGY)} == {12}
    wet = rows(compiled(library, "yunnan.residential"), kind=Kind.ENERGY, month_mask=YUNNAN_WET)
    assert [(row["tier"], row["tier_cycle"]) for row in wet] == [(0, 0)]


def bill_fen(found: list[dict], ckwh: int) -> int:
    """The energy lines of one bill, each rounded to fen, added up."""
    amounts = [
        divide_half_up((min(ckwh, row["tier_hi_ckwh"]) - row["tier_lo_ckwh"]) * row["price_e8"], AMOUNT_DIVISOR)
        for row in found
        if ckwh > row["tier_lo_ckwh"]
    ]
    return sum(amounts)


@pytest.mark.parametrize(
    ("code", "mask", "kwh", "fen"),
    [
        # 200 × 0.588 + 250 × 0.638 + 10 × 0.888 = 117.60 + 159.50 + 8.88
        ("hunan.residential", HUNAN_WINTER, 460, 28598),
        # 2,520 × 0.5469 + 2,280 × 0.5969 + 200 × 0.8469 = 1,378.188 + 1,360.932 + 169.38, each rounded
        ("shandong.residential", EVERY_MONTH, 5000, 290850),
        # 2,760 × 0.538 + 2,040 × 0.588 + 200 × 0.838 = 1,484.88 + 1,199.52 + 167.60
        ("zhejiang.residential", EVERY_MONTH, 5000, 285200),
    ],
)
def test_the_self_made_bills_come_out_to_the_fen(library, code, mask, kwh, fen):
    found = rows(compiled(library, code), kind=Kind.ENERGY, month_mask=mask)
    assert bill_fen(found, kwh * 100) == fen


def test_zhejiang_periods_carry_the_tier_steps_as_surcharges(library):
    book = compiled(library, "zhejiang.residential.tou")
    assert book.conventions.tier_split == "surcharge"
    prices = {row["measure"]: row["price_e8"] for row in rows(book, kind=Kind.ENERGY)}
    # The meter that reads only total and valley has its peak energy in flat; all five find a price.
    peak, valley = 56_800_000, 28_800_000
    assert prices == {
        Measure.SHARP: peak,
        Measure.PEAK: peak,
        Measure.FLAT: peak,
        Measure.VALLEY: valley,
        Measure.DEEP: valley,
    }
    steps = [(row["tier"], row["tier_lo_ckwh"], row["price_e8"]) for row in rows(book, kind=Kind.SURCHARGE)]
    # 0.618 − 0.568 = 0.05 over 2,760 kWh, 0.868 − 0.568 = 0.30 over 4,800 kWh
    assert steps == [(2, 276_000, 5_000_000), (3, 480_000, 30_000_000)]


def test_shanghai_periods_have_a_price_in_every_tier(library):
    book = compiled(library, "shanghai.residential.tou")
    assert book.conventions.tier_split == "proportional"
    found = {(row["measure"], row["tier"]): row["price_e8"] for row in rows(book, kind=Kind.ENERGY)}
    assert len(found) == 15
    assert [found[Measure.PEAK, tier] for tier in (1, 2, 3)] == [61_700_000, 67_700_000, 97_700_000]
    assert [found[Measure.VALLEY, tier] for tier in (1, 2, 3)] == [30_700_000, 33_700_000, 48_700_000]
    assert not rows(book, kind=Kind.SURCHARGE)


def test_one_book_refuses_both_ways_of_meeting_tiers_and_periods(library):
    with pytest.raises(TierMannersMixed):
        compiled(library, "zhejiang.residential.tou", "shanghai.residential.tou")


def test_shared_meters_pay_one_price_and_have_no_free_quota(library):
    book = compiled(library, "hunan.residential.shared")
    assert [(row["kind"], row["tier"], row["price_e8"]) for row in rows(book)] == [(Kind.ENERGY, 0, 60_400_000)]


def test_the_free_quota_is_credited_at_the_first_tiers_price(library):
    found = rows(compiled(library, "hunan.residential"), kind=Kind.FREE_QUOTA)
    assert [(row["measure"], row["price_e8"]) for row in found] == [(Measure.FREE, -58_800_000)]


def test_a_province_without_the_plan_does_not_know_the_code(library):
    with pytest.raises(PriceCodeUnknown, match=r"beijing\.residential\.tou"):
        compiled(library, "beijing.residential.tou")
    with pytest.raises(PriceCodeUnknown):
        compiled(library, "atlantis.residential")
