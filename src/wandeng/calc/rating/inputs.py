"""The three tables of a shard, put in order and tied together by ``point_ix``, a point's place in the shard.

Nearly every point of a utility has one reading and one set of terms, both over its whole period, and no losses. These
*plain* points are told apart here, because for them every step is column arithmetic without a join; the others take
the general path. Both give the same pieces (``test_rating_paths`` prices everything by both).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from wandeng.calc import usage
from wandeng.calc.rating import book
from wandeng.calc.rating.exact import elapsed
from wandeng.calc.rating.frames import FindingCode, Shard

KEYS = ["account_id", "usage_point_id"]
NULLABLE_TERMS = (
    "basic_method", "pf_standard", "tier_shift_ckwh", "free_ckwh", "loss_method", "loss_active_ckwh",
    "loss_reactive_ckvarh", "loss_p0_w", "loss_pk_w", "loss_sn_ckva", "loss_i0_e4", "loss_uk_e4", "loss_k_e2",
    "line_loss_e4",
)  # fmt: skip
"""Terms whose absence means none of it. A missing capacity or contract demand is a finding instead."""


@dataclass(frozen=True)
class Inputs:
    """``points`` by account and point with ``point_ix`` and ``season``; ``terms`` and ``reads`` with their
    ``point_ix`` in that order, reads also with ``parent_ix`` (the point a sub-meter reduces)."""

    points: pl.DataFrame
    terms: pl.DataFrame
    reads: pl.DataFrame


def order(shard: Shard) -> Inputs:
    """Sort the points, measure the reads, and number both by point. Rows of unknown points are left out."""
    points = (
        _sorted(pl.DataFrame(pl.from_arrow(shard.points)))
        .with_row_index("point_ix")
        .with_columns(season=book.season(), months=pl.col("months").cast(pl.Int64),
                      tier_months=pl.col("tier_months").cast(pl.Int64))
    )  # fmt: skip
    terms = _numbered(pl.DataFrame(pl.from_arrow(shard.terms)), points).filter(pl.col("point_ix").is_not_null())
    terms = _in_order(terms, "point_ix", "valid_from").with_columns(
        pl.col(name).cast(pl.Int64).fill_null(0) for name in NULLABLE_TERMS
    )
    reads = _numbered(usage.energies(pl.DataFrame(pl.from_arrow(shard.reads))), points)
    reads = _with_parents(reads, points)
    return Inputs(points, terms, _in_order(reads, "point_ix", "from_on", "installation_id"))


def split_plain(inputs: Inputs) -> tuple[pl.DataFrame, Inputs]:
    """The plain points, each beside its one reading and its one set of terms, and what remains for the general path."""
    size = inputs.points.height
    own = inputs.reads.filter(pl.col("point_ix").is_not_null()) if _has_orphans(inputs.reads) else inputs.reads
    single = (_count(own["point_ix"], size) == 1) & (_count(inputs.terms["point_ix"], size) == 1)
    parents = inputs.reads["parent_ix"].drop_nulls().unique()
    single[parents.to_numpy()] = False
    beside = pl.concat(
        [
            _of(inputs.points, single),
            _of(inputs.terms, single).drop(*KEYS, "point_ix"),
            _of(own, single).drop(*KEYS, "point_ix", "parent_ix"),
        ],
        how="horizontal",
    )
    whole = beside.select(
        (pl.col("from_on") == pl.col("period_from"))
        & (pl.col("to_on") == pl.col("period_to"))
        & (pl.col("valid_from") == pl.col("period_from"))
        & (pl.col("valid_to") == pl.col("period_to"))
        & (pl.col("loss_method") == 0)
        & (pl.col("line_loss_e4") == 0)
        & pl.col("structure_id").is_not_null()
    ).to_series()
    plain = beside if whole.all() else beside.filter(whole)
    is_plain = np.zeros(size, dtype=bool)
    is_plain[plain["point_ix"].to_numpy()] = True
    points, terms = _of(inputs.points, ~is_plain), _of(inputs.terms, ~is_plain)
    reads = inputs.reads.filter(
        pl.col("point_ix").is_in(points["point_ix"].implode()) | pl.col("parent_ix").is_not_null()
    )
    return plain, Inputs(points, terms, reads)


def gaps(inputs: Inputs) -> pl.DataFrame:
    """Findings about periods that readings or terms do not cover, and sub-meters read outside their parent's."""
    points = inputs.points
    read = _covered(points, inputs.reads, "from_on", "to_on").select(
        *KEYS, code=pl.lit(FindingCode.MISSING_READING), found="days", limit="period_days", on="period_to"
    )
    agreed = _covered(points, inputs.terms.filter(pl.col("structure_id").is_not_null()), "valid_from", "valid_to")
    agreed = agreed.select(*KEYS, code=pl.lit(FindingCode.NO_TERMS), found="days", limit="period_days",
                           on="period_from")  # fmt: skip
    parents = points.select(parent_ix="point_ix", period_from="period_from", period_to="period_to")
    outside = (
        inputs.reads.join(parents, on="parent_ix")
        .filter((pl.col("from_on") < pl.col("period_from")) | (pl.col("to_on") > pl.col("period_to")))
        .select(*KEYS, code=pl.lit(FindingCode.MISSING_READING), found=pl.lit(None, pl.Int64),
                limit=pl.lit(None, pl.Int64), on="to_on")
    )  # fmt: skip
    return pl.concat([read, agreed, outside])


def without_months(points: pl.DataFrame) -> pl.DataFrame:
    """Findings about points that do not say how many months they cover, or where they stand on the tiers."""
    counted = (pl.col("months") >= 1) & (pl.col("tier_months") >= 1) & pl.col("tier_base_ckwh").is_not_null()
    return points.filter(~counted.fill_null(False)).select(
        *KEYS,
        code=pl.lit(FindingCode.NO_TERMS),
        found="months",
        limit=pl.lit(None, pl.Int64),
        on="period_from",
    )


def without_parent(reads: pl.DataFrame) -> pl.DataFrame:
    """Findings about sub-meters that reduce a point their account does not have."""
    lost = reads.filter(pl.col("deducts_from_point").is_not_null() & pl.col("parent_ix").is_null())
    return lost.select(
        *KEYS,
        code=pl.lit(FindingCode.PARENT_MISSING),
        found="deducts_from_point",
        limit=pl.lit(None, pl.Int64),
        on="from_on",
    )


def _covered(points: pl.DataFrame, rows: pl.DataFrame, start: str, end: str) -> pl.DataFrame:
    """Points whose rows do not cover exactly their period: days covered against days of the period."""
    by_point = rows.group_by("point_ix").agg(
        pl.col(start).min().alias("first"),
        pl.col(end).max().alias("last"),
        elapsed(pl.col(start), pl.col(end)).sum().alias("days"),
    )
    return (
        points.join(by_point, on="point_ix", how="left", maintain_order="left")
        .with_columns(pl.col("days").fill_null(0), period_days=elapsed(pl.col("period_from"), pl.col("period_to")))
        .filter(
            pl.col("first").ne_missing(pl.col("period_from"))
            | pl.col("last").ne_missing(pl.col("period_to"))
            | (pl.col("days") < pl.col("period_days"))
        )
    )


def _sorted(points: pl.DataFrame) -> pl.DataFrame:
    account, point = points["account_id"], points["usage_point_id"]
    later = (account > account.shift(1)) | ((account == account.shift(1)) & (point > point.shift(1)))
    return points if later.slice(1).all() else points.sort(KEYS)


def _numbered(rows: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """Rows with the ``point_ix`` of their account and point, null where the shard does not bill it."""
    if rows.height == points.height and all(rows[key].equals(points[key], null_equal=False) for key in KEYS):
        return rows.with_columns(points["point_ix"])
    return rows.join(points.select(*KEYS, "point_ix"), on=KEYS, how="left", maintain_order="left")


def _with_parents(reads: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    if reads["deducts_from_point"].null_count() == reads.height:
        return reads.with_columns(parent_ix=pl.lit(None, pl.UInt32))
    parents = points.select(account_id="account_id", deducts_from_point="usage_point_id", parent_ix="point_ix")
    return reads.join(parents, on=["account_id", "deducts_from_point"], how="left", maintain_order="left")


def _has_orphans(reads: pl.DataFrame) -> bool:
    return reads["point_ix"].null_count() > 0


def _in_order(rows: pl.DataFrame, first: str, *others: str) -> pl.DataFrame:
    """Sorted, at no cost where each point has one row and they came in order."""
    ascending = rows[first].null_count() == 0 and bool((rows[first] > rows[first].shift(1)).slice(1).all())
    return rows if ascending else rows.sort(first, *others, maintain_order=True)


def _count(point_ix: pl.Series, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.bincount(point_ix.to_numpy(), minlength=size)


def _of(rows: pl.DataFrame, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pl.DataFrame:
    """Rows of the chosen points."""
    if chosen.all():
        return rows
    return rows.filter(pl.Series(chosen[rows["point_ix"].to_numpy()]))
