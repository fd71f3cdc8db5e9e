"""Component prices as price rows: periods, funds, two-part prices, and what happens when a part is missing."""

import pickle
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from wandeng.calc.rating.frames import PRICES, Book, Kind, Measure
from wandeng.domains.tariffs import frames as tariffs
from wandeng.domains.tariffs.frames.charges import PERIOD_MEASURES, scaled_price_e8
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.components import AgentPurchase, Funds, Transmission
from wandeng.infra.effective.topics.time_of_use import TimeOfUse
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import price_e8

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


@pytest.fixture(scope="module")
def june(library: RuleLibrary) -> Book:
    return tariffs.book(library, territory="demo", from_on=JUNE, to_on=JULY)


def rows(book: Book, code: str, item: str = "") -> list[dict]:
    frame = pl.DataFrame(pl.from_arrow(book.prices)).filter(structure_id=book.structures.index(code))
    if item:
        frame = frame.filter(item_id=next(entry.item_id for entry in book.items if entry.code == item))
    return frame.to_dicts()


def items(book: Book, code: str) -> set[str]:
    return {book.items[row["item_id"]].code for row in rows(book, code)}


def test_a_book_has_the_agreed_columns_and_survives_pickling(june):
    assert june.prices.schema == PRICES
    again = pickle.loads(pickle.dumps(june))
    assert again.prices.equals(june.prices)
    assert (again.items, again.versions, again.structures) == (june.items, june.versions, june.structures)


def test_item_ids_are_places_in_the_list_and_version_ids_too(june):
    assert [item.item_id for item in june.items] == list(range(len(june.items)))
    assert [version.version_id for version in june.versions] == list(range(len(june.versions)))
    used = set(june.prices.column("version_id").to_pylist())
    assert used <= set(range(len(june.versions)))


def test_a_commercial_bill_has_the_groups_of_2023_526(june):
    funds = {"rural_grid_loan", "water_conservancy", "reservoir_resettlement", "local_reservoir", "renewable_energy"}
    system = {"ancillary_services", "pumped_storage", "coal_capacity", "system_deviation"}
    energy = {"agent_purchase", "feed_in_loss", "transmission_energy"}
    assert items(june, "demo.commercial.lv") == energy | system | funds | {"power_factor"}
    assert items(june, "demo.two_part.10kv") == energy | system | funds | {
        "power_factor",
        "capacity_charge",
        "demand_charge",
    }


def test_factors_multiply_the_items_the_schedule_names_and_no_other(june, library):
    purchase = library.version(AgentPurchase, on=JUNE, territory="demo").body
    price = {component.item: component.price for component in purchase.components}
    factors = library.version(TimeOfUse, on=JUNE, territory="demo").body.schedules[0].factors
    by_period = {row["measure"]: row["price_e8"] for row in rows(june, "demo.two_part.10kv", "agent_purchase")}
    assert by_period == {
        measure: price_e8(price["agent_purchase"] * getattr(factors, name)) for name, measure in PERIOD_MEASURES.items()
    }
    deviation = rows(june, "demo.two_part.10kv", "system_deviation")
    assert [(row["measure"], row["price_e8"]) for row in deviation] == [
        (Measure.TOTAL, price_e8(price["system_deviation"]))
    ]
    assert [row["measure"] for row in rows(june, "demo.two_part.10kv.flat", "agent_purchase")] == [Measure.TOTAL]


def test_a_compiled_price_is_rounded_half_up_at_the_decimals_of_the_rule():
    # 0.60886875 × 1.7 = 1.035076875 → 1.03507688; × 0.38 = 0.231370125 → 0.23137013; negative halves away from zero.
    assert scaled_price_e8(Decimal("0.60886875"), Decimal("1.7"), 8) == 103_507_688
    assert scaled_price_e8(Decimal("0.60886875"), Decimal("0.38"), 8) == 23_137_013
    assert scaled_price_e8(Decimal("0.60886875"), Decimal("1.7"), 4) == 103_510_000
    assert scaled_price_e8(Decimal("-0.00000001"), Decimal("0.5"), 8) == -1


def test_both_basic_charges_stand_in_the_book_and_the_contract_chooses(june, library):
    cells = library.version(Transmission, on=JUNE, territory="demo").body.prices
    cell = next(entry for entry in cells if (entry.voltage, entry.billing) == ("10kv", "two_part"))
    for item, kind, measure, price in (
        ("capacity_charge", Kind.CAPACITY, Measure.CAPACITY, cell.capacity),
        ("demand_charge", Kind.DEMAND, Measure.DEMAND, cell.demand),
    ):
        (row,) = rows(june, "demo.two_part.10kv", item)
        assert (row["kind"], row["measure"], row["price_e8"]) == (kind, measure, price_e8(price))


def test_funds_and_feed_in_stay_out_of_the_power_factor_base(june):
    for row in rows(june, "demo.two_part.10kv") + rows(june, "demo.feed_in.pv"):
        outside = row["kind"] in (Kind.FUND, Kind.POWER_FACTOR, Kind.FEED_IN)
        assert row["pf_base"] is not outside


def test_an_all_in_price_is_split_into_energy_and_funds_and_nothing_is_added(june, library):
    # Agriculture below 1 kV: 0.5486 all in, of which 0.0062 reservoir fund; schools: 0.604 and the residential funds.
    for code, published, customer_class in (
        ("demo.agriculture", "0.5486", "agriculture"),
        ("demo.school", "0.604", "residential"),
    ):
        funds = library.version(Funds, on=JUNE, territory="demo").body.funds
        expected = [getattr(fund, customer_class) for fund in funds if getattr(fund, customer_class)]
        found = rows(june, code)
        assert [row["price_e8"] for row in found if row["kind"] == Kind.FUND] == [price_e8(price) for price in expected]
        paid = [row["price_e8"] for row in found if row["kind"] in (Kind.ENERGY, Kind.FUND)]
        assert sum(paid) == price_e8(published)


def test_feed_in_is_owed_by_the_utility_on_exported_energy(june):
    (row,) = rows(june, "demo.feed_in.pv", "feed_in")
    assert (row["kind"], row["measure"], row["price_e8"]) == (Kind.FEED_IN, Measure.EXPORT, -45_000_000)


def test_a_window_over_two_months_has_both_purchase_prices_side_by_side(library):
    book = tariffs.book(
        library,
        territory="demo",
        from_on=date(2026, 5, 16),
        to_on=date(2026, 6, 16),
        price_codes=["demo.commercial.lv"],
    )
    found = rows(book, "demo.commercial.lv", "agent_purchase")
    assert [(row["valid_from"], row["valid_to"]) for row in found] == [
        (date(2026, 5, 16), JUNE),
        (JUNE, date(2026, 6, 16)),
    ]
    assert [book.versions[row["version_id"]].path for row in found] == [
        "demo/agent_purchase/2026-05-01.toml",
        "demo/agent_purchase/2026-06-01.toml",
    ]
    # The funds did not change, so they are one row and cut no bill line.
    assert len(rows(book, "demo.commercial.lv", "renewable_energy")) == 1


def test_a_price_made_of_two_files_names_both(june):
    (row, *_) = rows(june, "demo.two_part.10kv", "agent_purchase")
    version = june.versions[row["version_id"]]
    assert version.path == "demo/agent_purchase/2026-06-01.toml + demo/time_of_use/2025-01-01.toml"
    assert len(version.content_hash) == 64
    assert version.status == "demonstration"


def test_a_month_without_a_published_purchase_price_has_no_rows_at_all(library):
    book = tariffs.book(
        library,
        territory="demo",
        from_on=date(2026, 12, 16),
        to_on=date(2027, 1, 16),
        price_codes=["demo.commercial.lv", "demo.agriculture"],
    )
    assert {row["valid_to"] for row in rows(book, "demo.commercial.lv")} == {date(2027, 1, 1)}
    assert {row["valid_to"] for row in rows(book, "demo.agriculture")} == {date(2027, 1, 16)}


def test_a_code_wholly_without_rules_is_listed_with_no_rows(library):
    book = tariffs.book(
        library, territory="demo", from_on=date(2027, 3, 1), to_on=date(2027, 4, 1), price_codes=["demo.commercial.lv"]
    )
    assert book.structures == ("demo.commercial.lv",)
    assert book.prices.num_rows == 0


def planted_change(tmp_path: Path) -> RuleLibrary:
    """The shipped rules, with the demonstration county's tier-1 price raised on 16 March 2026."""
    root = tmp_path / "rules"
    shutil.copytree(default_root(), root)
    old = root / "demo" / "residential" / "2025-01-01.toml"
    text = old.read_text(encoding="utf-8")
    start = "effective_from = 2025-01-01\n"
    new = text.replace(start, "effective_from = 2026-03-16\n").replace('tiers = ["0.588"', 'tiers = ["0.598"', 1)
    assert new.count("0.598") == 1
    (root / "demo" / "residential" / "2026-03-16.toml").write_text(new, encoding="utf-8")
    old.write_text(text.replace(start, start + "effective_to = 2026-03-16\n"), encoding="utf-8")
    return RuleLibrary.load(root)


def test_a_price_change_inside_the_month_gives_two_versions(tmp_path):
    book = tariffs.book(
        planted_change(tmp_path),
        territory="demo",
        from_on=date(2026, 3, 1),
        to_on=date(2026, 4, 1),
        price_codes=["demo.residential"],
    )
    first = [row for row in rows(book, "demo.residential") if row["tier"] == 1 and row["month_mask"] & 0b100]
    assert [(row["valid_from"].day, row["valid_to"].day, row["price_e8"]) for row in first] == [
        (1, 16, 58_800_000),
        (16, 1, 59_800_000),
    ]
    assert len({row["version_id"] for row in first}) == 2


def test_an_empty_window_is_refused(library):
    with pytest.raises(InvalidInput):
        tariffs.book(library, territory="demo", from_on=JUNE, to_on=JUNE)


def test_no_two_rows_of_a_charge_hold_on_the_same_day_and_none_is_missing_in_two_years(library):
    book = tariffs.book(library, territory="demo", from_on=date(2025, 1, 1), to_on=date(2027, 1, 1))
    frame = pl.DataFrame(pl.from_arrow(book.prices)).with_columns(month=pl.lit([1 << month for month in range(12)]))
    frame = frame.explode("month").filter((pl.col("month_mask").cast(pl.Int64) // pl.col("month")) % 2 == 1)
    charge = ["structure_id", "month", "month_basis", "item_id", "kind", "measure", "tier"]
    days = frame.with_columns(days=(pl.col("valid_to") - pl.col("valid_from")).dt.total_days())
    ordered = days.sort(*charge, "valid_from").with_columns(before=pl.col("valid_to").shift(1).over(charge))
    assert ordered.filter(pl.col("before").is_not_null(), pl.col("before") != pl.col("valid_from")).is_empty()
    per_charge = days.group_by(charge).agg(pl.col("days").sum())
    assert per_charge["days"].unique().to_list() == [730]
    # Three of the tiers of one season and the free quota: the smallest of the 22 codes still has rows in every month.
    assert per_charge.group_by("structure_id").agg(pl.col("month").n_unique())["month"].unique().to_list() == [12]
    assert per_charge["structure_id"].n_unique() == len(book.structures) == 22
