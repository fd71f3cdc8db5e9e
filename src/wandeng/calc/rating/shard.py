"""Rating of a shard: the one entry point of the pricing core.

Readings → energy → pieces of terms → segments of prices → charges → lines and heads. Pure: the same shard and book give
the same bytes, here, in a process pool or inside Spark, whatever the order of the input rows and however accounts are
put together into shards.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.calc import usage
from wandeng.calc.rating import (
    book as prices,
)
from wandeng.calc.rating import (
    checks,
    explanation,
    inputs,
    lines,
    pieces,
    power_factor,
    segments,
)
from wandeng.calc.rating.frames import (
    FINDINGS,
    HEADS,
    LINES,
    MEASURED,
    Book,
    FindingCode,
    Rated,
    Shard,
)


def rate(shard: Shard, book: Book) -> Rated:
    """Price every account of a shard.

    Tables in and out have the columns of ``frames``. Accounts with a blocking finding have findings and nothing else;
    accounts with held findings are priced as well. Raises nothing about the data: what is wrong is a finding.
    """
    ordered = inputs.order(shard)
    if ordered.points.is_empty():
        return Rated(HEADS.empty_table(), LINES.empty_table(), MEASURED.empty_table(), FINDINGS.empty_table())
    plain, general = inputs.split_plain(ordered)
    found = [
        _of_billed(usage.faults(ordered.reads), ordered.points),
        _of_billed(inputs.without_parent(ordered.reads), ordered.points),
        inputs.without_months(ordered.points),
    ]
    if general.points.height:
        found += [inputs.gaps(general), checks.of_formula_terms(general.terms)]
    stopped = _blocked(found)
    plain, general = _without(plain, stopped), _without_any(general, stopped)

    all_pieces, cut, window = _measure(plain, general, ordered.points, book)
    grouped = power_factor.rates(power_factor.groups(all_pieces), book.conventions)
    by_point = explanation.by_point(all_pieces, grouped, ordered.points)
    found += [
        checks.of_pieces(all_pieces, window),
        checks.of_points(by_point, book.conventions),
        checks.of_reactive(all_pieces, by_point),
        checks.of_missing_rates(grouped),
    ]
    priced = lines.price(cut, all_pieces, by_point, grouped, ordered.points, window)
    found.append(priced.overflows)

    blocked = _blocked(found)
    by_point, lined = _without(by_point, blocked), _without(priced.lines, blocked)
    return _rated(
        lines.heads(by_point, lined),
        lined,
        explanation.table(by_point),
        pl.concat(found).unique().sort("account_id", "usage_point_id", "code", "on", "found", "limit"),
    )


def _measure(
    plain: pl.DataFrame, general: inputs.Inputs, points: pl.DataFrame, book: Book
) -> tuple[pl.DataFrame, pl.DataFrame, prices.PriceWindow]:
    """Pieces and segments of all points, plain ones first, and the prices they meet."""
    days = points.select(first=pl.col("period_from").min(), last=pl.col("period_to").max()).row(0)
    together = pieces.of_plain(plain).with_row_index("piece_ix")
    if general.points.is_empty():
        window = prices.open_window(book, together["rate_key"], days)
        return together, segments.of_plain(together, window).with_row_index("seg_ix"), window
    others, intervals = pieces.of_general(general, book.conventions)
    others = others.with_row_index("piece_ix", offset=together.height)
    window = prices.open_window(book, pl.concat([together["rate_key"], others["rate_key"]]), days)
    cut = pl.concat([segments.of_plain(together, window), segments.of_general(others, intervals, window)])
    return pl.concat([together, others.select(together.columns)]), cut.with_row_index("seg_ix"), window


def _of_billed(found: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    return found.join(points.select("account_id"), on="account_id", how="semi") if found.height else found


def _blocked(found: list[pl.DataFrame]) -> pl.Series:
    """Accounts that cannot be priced."""
    blocking = pl.concat(found).filter(pl.col("code").is_in(sorted(FindingCode.BLOCKING)))
    return blocking["account_id"].unique()


def _without(rows: pl.DataFrame, accounts: pl.Series) -> pl.DataFrame:
    return rows if accounts.is_empty() else rows.filter(~pl.col("account_id").is_in(accounts.implode()))


def _without_any(general: inputs.Inputs, accounts: pl.Series) -> inputs.Inputs:
    return inputs.Inputs(
        _without(general.points, accounts), _without(general.terms, accounts), _without(general.reads, accounts)
    )


def _rated(heads: pl.DataFrame, lined: pl.DataFrame, measured: pl.DataFrame, found: pl.DataFrame) -> Rated:
    return Rated(_arrow(heads, HEADS), _arrow(lined, LINES), _arrow(measured, MEASURED), _arrow(found, FINDINGS))


def _arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    """One chunk per column and exactly the contract's types, so that equal results are equal bytes."""
    return frame.select(schema.names).to_arrow().cast(schema).combine_chunks()
