"""What was measured per point, for the checks and for the person who asks how a bill came about."""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating.frames import MEASURED
from wandeng.calc.rating.inputs import KEYS

SUMMED = {
    "read": "read_ckwh",
    "transformer_loss": "transformer_loss_ckwh",
    "line_loss": "line_loss_ckwh",
    "deducted": "deducted_ckwh",
    "total": "total_ckwh",
    "sharp": "sharp_ckwh",
    "peak": "peak_ckwh",
    "flat": "flat_ckwh",
    "valley": "valley_ckwh",
    "deep": "deep_ckwh",
    "export": "export_ckwh",
    "reactive": "reactive_ckvarh",
}
POINT_FACTS = ["period_from", "period_to", "previous_ckwh", "contract_capacity_ckva", "accepted"]


def by_point(pieces: pl.DataFrame, grouped: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """One row per point that could be measured: the MEASURED columns with ``point_ix`` and the point's facts.

    ``pf_hundredths`` is that of the point's last part when a change split it; the lines have each part's rate.
    """
    renamed = pieces.select("point_ix", *[pl.col(old).alias(new) for old, new in SUMMED.items()],
                            demand_ckw="demand_ckw")  # fmt: skip
    if pieces["point_ix"].is_unique().all():
        summed = renamed.sort("point_ix")
    else:
        summed = renamed.group_by("point_ix").agg(
            pl.col(*SUMMED.values()).sum(), pl.col("demand_ckw").max()
        ).sort("point_ix")  # fmt: skip
    facts = points.select("point_ix", *KEYS, *POINT_FACTS)
    facts = facts if summed.height == points.height else facts.join(summed, on="point_ix", how="semi")
    factors = grouped.group_by("point_ix", maintain_order=True).agg(pl.col("pf_hundredths").last())
    return pl.concat([facts, summed.drop("point_ix")], how="horizontal").join(
        factors, on="point_ix", how="left", maintain_order="left"
    )


def table(by_point: pl.DataFrame) -> pl.DataFrame:
    """The MEASURED table."""
    return by_point.select(MEASURED.names)
