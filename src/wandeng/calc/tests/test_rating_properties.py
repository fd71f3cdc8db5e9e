"""Properties that every bill has (M3, M4): one kWh more never costs less, parts add up, nothing depends on company."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from random import Random

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wandeng.calc.rating import exact, inputs, pool, power_factor
from wandeng.calc.rating.frames import Book, Kind, Measure, Rated, Shard
from wandeng.calc.rating.shard import rate
from wandeng.calc.tests.rating_cases import (
    JUL,
    JUN,
    book,
    conventions,
    kwh,
    point,
    price,
    random_book,
    random_shard,
    read,
    shard,
    term,
    tiers,
)
from wandeng.calc.tests.test_rating_published import amounts
from wandeng.kernel import money, periods

few = settings(max_examples=20, deadline=None, derandomize=True)
many = settings(max_examples=150, deadline=None, derandomize=True)
MID = date(2026, 6, 16)

STEPS = st.lists(st.integers(1, 99), min_size=3, max_size=3).map(sorted)
EDGES = st.lists(st.integers(10, 900), min_size=2, max_size=2, unique=True).map(sorted)
CYCLE = st.sampled_from([1, 12])


def homes(energies: list[int], prices: Book, **columns: int) -> Rated:
    """One account per energy, in 0.01 kWh."""
    rows = range(len(energies))
    return rate(
        shard(
            [point(n, n, **columns) for n in rows],
            [term(n, n) for n in rows],
            [read(n, n, total_start=0, total_end=energies[n]) for n in rows],
        ),
        prices,
    )


def in_yuan(cents: int) -> str:
    return str(Decimal(cents).scaleb(-2))


@few
@given(EDGES, STEPS, CYCLE, st.lists(st.integers(0, 200_000), min_size=2, max_size=20).map(sorted))
def test_more_energy_never_costs_less(edges: list[int], cents: list[int], cycle: int, energies: list[int]) -> None:
    prices = book(*tiers(edges, [in_yuan(c) for c in cents], cycle=cycle), price("0.01", item=2, kind=Kind.FUND))
    bills = homes(energies, prices).heads["amount_fen"].to_pylist()
    # Two tiers that meet inside a fen may each round up: the sum may fall by one fen and no more.
    assert all(later >= earlier - 1 for earlier, later in pairwise(bills))


@few
@given(EDGES, STEPS, CYCLE)
def test_the_kilowatt_hour_at_an_edge_costs_one_of_the_two_prices(
    edges: list[int], cents: list[int], cycle: int
) -> None:
    prices = book(*tiers(edges, [in_yuan(c) for c in cents], cycle=cycle))
    around = [kwh(edge + step) for edge in edges for step in (-1, 0, 1)]
    bills = homes(around, prices).heads["amount_fen"].to_pylist()
    below_first, first, above_first, below_second, second, above_second = bills
    if edges[1] - edges[0] > 1:
        assert [first - below_first, above_first - first] == cents[:2]
        assert [second - below_second, above_second - second] == cents[1:]


@few
@given(st.integers(0, 2**40))
def test_heads_are_the_sum_of_their_lines_and_energy_lines_of_their_energy(seed: int) -> None:
    rng = Random(seed)
    rated = rate(random_shard(rng, 15), random_book(rng))
    lines = pl.DataFrame(pl.from_arrow(rated.lines))
    heads = pl.DataFrame(pl.from_arrow(rated.heads))
    sums = lines.group_by("account_id").agg(pl.col("amount_fen").sum(), pl.len().alias("lines"))
    beside = heads.join(sums, on="account_id", how="left").fill_null(0)
    assert (beside["amount_fen"] == beside["amount_fen_right"]).all()
    assert (beside["line_count"] == beside["lines"]).all()
    measured = pl.DataFrame(pl.from_arrow(rated.measured))
    parts = measured.select(pl.sum_horizontal(f"{name}_ckwh" for name in exact.PERIODS)).to_series()
    assert (parts == measured["total_ckwh"]).all()
    # Every 0.01 kWh carries the fund of 0.01968125 once, whatever was cut: item 4 sums to the billed energy.
    funded = lines.filter(pl.col("item_id") == 4).group_by("account_id").agg(pl.col("quantity").sum())
    billed = heads.join(funded, on="account_id", how="left").fill_null(0)
    assert (billed["quantity"] == billed["energy_ckwh"]).all()


@few
@given(st.integers(0, 100_000), st.integers(1, 29), EDGES)
def test_a_price_change_splits_the_energy_and_nothing_else(energy: int, day: int, edges: list[int]) -> None:
    cut = JUN + timedelta(days=day)
    steps = ["0.5", "0.6", "0.9"]
    whole = homes([energy], book(*tiers(edges, steps, cycle=1)))
    split = homes(
        [energy], book(*tiers(edges, steps, cycle=1, valid_to=cut), *tiers(edges, steps, cycle=1, valid_from=cut))
    )

    def by_tier(rated: Rated) -> dict[int, int]:
        sums: dict[int, int] = {}
        for line in rated.lines.to_pylist():
            sums[line["tier"]] = sums.get(line["tier"], 0) + line["quantity"]
        return sums

    assert by_tier(whole) == by_tier(split)
    # The same price before and after: only the roundings of at most three more lines differ.
    assert abs(sum(amounts(whole)) - sum(amounts(split))) <= 2


@few
@given(st.integers(0, 10**6), st.integers(0, 29))
def test_a_reading_on_the_day_of_the_change_prices_each_side_by_itself(energy: int, day: int) -> None:
    cut = JUN + timedelta(days=day or 1)
    before, after = price("0.537", valid_to=cut), price("0.8119", valid_from=cut)
    other = energy // 3
    rows = [
        read(span=(JUN, cut), total_start=0, total_end=energy),
        read(span=(cut, JUL), total_start=0, total_end=other, installation_id=2),
    ]
    rated = rate(shard([point()], [term()], rows), book(before, after))
    alone = [
        money.divide_half_up(energy * before["price_e8"], 10**8),
        money.divide_half_up(other * after["price_e8"], 10**8),
    ]
    assert amounts(rated) == [fen for fen, used in zip(alone, (energy, other), strict=True) if used]


@few
@given(st.integers(0, 2**40))
def test_an_account_is_priced_alone_as_in_company(seed: int) -> None:
    rng = Random(seed)
    prices, together = random_book(rng), random_shard(rng, 6)
    rated = rate(together, prices)
    account = rng.randint(1, 6)
    alone = rate(Shard(*(_of(table, account) for table in (together.points, together.terms, together.reads))), prices)
    for name in ("heads", "lines", "measured", "findings"):
        assert getattr(alone, name).equals(_of(getattr(rated, name), account)), name


def _of(table: pa.Table, account: int) -> pa.Table:
    return table.filter(pc.equal(table["account_id"], account)).combine_chunks()


@few
@given(st.integers(0, 2**40))
def test_plain_points_are_priced_the_same_on_the_general_path(seed: int) -> None:
    rng = Random(seed)
    prices, mixed = random_book(rng), random_shard(rng, 12)
    straight = rate(mixed, prices)
    with pytest.MonkeyPatch.context() as patch:
        split = inputs.split_plain
        patch.setattr(inputs, "split_plain", lambda ordered: (split(ordered)[0].head(0), ordered))
        roundabout = rate(mixed, prices)
    assert straight == roundabout


@few
@given(st.integers(0, 2**40))
def test_equal_input_gives_equal_bytes_in_any_order_of_rows(seed: int) -> None:
    rng = Random(seed)
    prices, mixed = random_book(rng), random_shard(rng, 8)
    shuffled = Shard(*(_shuffled(rng, table) for table in (mixed.points, mixed.terms, mixed.reads)))
    assert _bytes(rate(mixed, prices)) == _bytes(rate(shuffled, prices))


def _shuffled(rng: Random, table: pa.Table) -> pa.Table:
    return table.take(pa.array(rng.sample(range(table.num_rows), table.num_rows), pa.int64()))


def _bytes(rated: Rated) -> bytes:
    sink = pa.BufferOutputStream()
    for table in (rated.heads, rated.lines, rated.measured, rated.findings):
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    return bytes(sink.getvalue())


def test_a_pool_yields_shards_in_order_and_the_same_bytes() -> None:
    rng = Random(7)
    prices, shards = random_book(rng), [random_shard(rng, 3) for _ in range(5)]
    here = [_bytes(rated) for rated in pool.rate_shards(shards, prices, workers=1)]
    assert here == [_bytes(rated) for rated in pool.rate_shards(iter(shards), prices, workers=2)]
    assert here == [_bytes(rate(each, prices)) for each in shards]


@many
@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_columns_round_as_the_kernel_does(numerator: int, denominator: int) -> None:
    rounded = pl.select(exact.half_up(pl.lit(numerator, pl.Int64), denominator)).item()
    assert rounded == money.divide_half_up(numerator, denominator)


@many
@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_columns_count_thirty_day_months_as_the_kernel_does(start: date, end: date) -> None:
    assert pl.select(exact.days_30(pl.lit(start), pl.lit(end))).item() == periods.days_30(start, end)


@many
@example(30, 1, [], 1)  # 31 January to 28 February: 28 days that are one whole month
@example(27, 1, [15], 2)
@given(st.integers(0, 28), st.integers(1, 3), st.lists(st.integers(0, 95), max_size=4), st.sampled_from(range(1, 13)))
def test_part_months_of_whole_months_add_up_to_thirty_days_each(
    day: int, months: int, cuts: list[int], month: int
) -> None:
    start = date(2026, month, 1) + timedelta(days=day)
    after = periods.Month.of(start).plus(months)
    end = after.first.replace(day=min(start.day, after.days))
    inside = sorted({start, end, *[start + timedelta(days=cut) for cut in cuts if start + timedelta(days=cut) < end]})
    frame = pl.DataFrame({"day": inside}).with_columns(start=pl.lit(start), end=pl.lit(end), months=pl.lit(months))
    passed = frame.select(
        exact.charged_days_until(pl.col("start"), pl.col("end"), pl.col("months"), pl.col("day"), 30)
    ).to_series()
    assert passed[0] == 0
    assert passed[-1] == 30 * months
    assert (passed.diff().drop_nulls() >= 0).all()


@many
@given(st.integers(0, 10**13), st.lists(st.integers(0, 10**13), min_size=5, max_size=5))
def test_shares_are_never_negative_and_add_up(amount: int, weights: list[int]) -> None:
    columns = [pl.lit(weight, pl.Int64) for weight in weights]
    parts = pl.select(p.alias(str(n)) for n, p in enumerate(exact.split_over(pl.lit(amount, pl.Int64), columns))).row(0)
    assert sum(parts) == amount
    assert min(parts) >= 0
    mass = sum(weights)
    if mass:
        # Each of the four roundings moves a part by at most half a unit.
        assert all(abs(part - Fraction(amount * w, mass)) <= 2 for part, w in zip(parts, weights, strict=True))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(0, 10**13), st.integers(0, 10**13))
def test_the_power_factor_is_exact(active: int, reactive: int) -> None:
    assert _hundredths([(active, reactive)]) == [_by_root(active, reactive)]


def test_the_power_factor_is_exact_next_to_every_half_hundredth() -> None:
    """The two whole reactive energies around each bound, for an active energy of every size."""
    pairs = []
    for active in (1, 7, 100, 10**6 + 1, 10**11 + 3, 10**13):
        for hundredth in range(1, 101):
            edge = 2 * hundredth - 1
            with localcontext() as context:
                context.prec = 60
                bound = int(Decimal(active) * (Decimal(40_000 - edge * edge).sqrt()) / edge)
            pairs += [(active, bound), (active, bound + 1)]
    assert _hundredths(pairs) == [_by_root(p, q) for p, q in pairs]


def _hundredths(pairs: list[tuple[int, int]]) -> list[int | None]:
    active, reactive = (pl.Series(column, dtype=pl.Int64) for column in zip(*pairs, strict=True))
    return power_factor.hundredths(active, reactive).to_list()


def _by_root(active: int, reactive: int) -> int | None:
    """cos φ from a square root to 80 digits; a tie cannot occur but at whole ratios, which 80 digits decide."""
    if not active and not reactive:
        return None
    with localcontext() as context:
        context.prec = 80
        cosine = Decimal(active) / (Decimal(active) ** 2 + Decimal(reactive) ** 2).sqrt()
        return int((cosine * 100 + Decimal("0.5")) // 1)


def test_every_cell_of_the_power_factor_table_is_reached_through_a_bill() -> None:
    table = conventions().power_factor.to_pylist()
    prices = book(price("1", pf_base=True), price("0", item=9, kind=Kind.POWER_FACTOR, measure=Measure.PF_BASE))
    prices = replace(prices, conventions=conventions())
    rows = [row for row in table if row["pf_hundredths"] > 0]
    points, terms, reads = [], [], []
    for number, row in enumerate(rows):
        factor = row["pf_hundredths"]
        with localcontext() as context:
            context.prec = 40
            reactive = int(Decimal(10**8) * Decimal(10_000 - factor * factor).sqrt() / factor)
        points.append(point(number, number))
        terms.append(term(number, number, pf_standard=row["standard"]))
        reads.append(
            read(number, number, total_start=0, total_end=10**8, reactive_start=0, reactive_end=reactive,
                 modulus_ckwh=10**12)
        )  # fmt: skip
    rated = rate(shard(points, terms, reads), prices)
    adjusted = [line for line in rated.lines.to_pylist() if line["kind"] == Kind.POWER_FACTOR]
    assert [line["price_e8"] for line in adjusted] == [row["rate_e8"] for row in rows]
