"""Transformer and line losses of customers metered on the low-voltage side (变损, 线损; ``rules.md`` 3.5).

Order of the rule: reading × multiplier, plus transformer loss, plus line loss, minus sub-meters. An agreed loss is a
month's and is shared over part months on 30-day months; the formula works on the hours of the piece. Losses are
reckoned before sub-meters are deducted, because the transformer carries those too.
"""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating.exact import PERIODS, charged_days_until, half_up_positive, split_over
from wandeng.calc.rating.frames import Conventions, LossMethod
from wandeng.kernel.units import CKWH_PER_KWH

HOURS_PER_DAY = 24
FORMULA_GUARDS = {"loss_p0_w": 10**8, "loss_pk_w": 10**8, "loss_sn_ckva": 10**9, "loss_i0_e4": 10**4,
                  "loss_uk_e4": 10**4, "loss_k_e2": 10**3}  # fmt: skip
"""Largest values for which the formula's products fit in 128 bits: a 10 GVA transformer with 100 MW of losses."""


def add_losses(pieces: pl.DataFrame, conventions: Conventions) -> pl.DataFrame:
    """Add losses to pieces of a point's terms, in order.

    Reads ``gross_<period>``, ``gross``, ``reactive`` (0.01 kWh or kvarh of the piece), the period, months and the loss
    terms. Adds ``transformer_loss``, ``line_loss``, ``reactive_loss`` and ``loss_<period>``, where the losses go by
    ``conventions.loss_period``: all to flat, or shared over the periods as their readings.
    """
    unit = CKWH_PER_KWH if conventions.loss_whole_kwh else 1
    until = [
        charged_days_until(pl.col("period_from"), pl.col("period_to"), pl.col("months"), pl.col(day),
                           conventions.month_days)
        for day in ("valid_from", "valid_to")
    ]  # fmt: skip
    with_days = pieces.with_columns(_from=until[0], _to=until[1])
    agreed, formula = pl.col("loss_method") == LossMethod.AGREED, pl.col("loss_method") == LossMethod.FORMULA
    active_w, reactive_w = _formula(unit)

    def month_share(loss: str) -> pl.Expr:
        shares = [half_up_positive(pl.col(loss) * pl.col(day), conventions.month_days * unit) * unit
                  for day in ("_from", "_to")]  # fmt: skip
        return shares[1] - shares[0]

    lossy = with_days.with_columns(
        transformer_loss=pl.when(agreed).then(month_share("loss_active_ckwh")).when(formula).then(active_w).otherwise(0),
        reactive_loss=pl.when(agreed).then(month_share("loss_reactive_ckvarh")).when(formula).then(reactive_w)
        .otherwise(0),
    )  # fmt: skip
    carried = pl.col("gross") + pl.col("transformer_loss")
    passed = carried.cum_sum().over("point_ix")
    line = [half_up_positive(base * pl.col("line_loss_e4"), 10**4 * unit) * unit for base in (passed - carried, passed)]
    return (
        lossy.with_columns(line_loss=line[1] - line[0])
        .with_columns(
            share.alias(f"loss_{name}")
            for name, share in zip(PERIODS, _by_period(conventions.loss_period), strict=True)
        )
        .drop("_from", "_to")
    )


def _formula(unit: int) -> tuple[pl.Expr, pl.Expr]:
    """Active and reactive loss of a piece by the standard formula, in whole units of 0.01 kWh × ``unit``.

    kWh: P0·T + K·Pk·(Wp² + Wq²)/(Sn²·T); kvarh: I0·Sn·T + K·Uk·(Wp² + Wq²)/(Sn·T). In the columns' units the first
    is (100·P0·Sn²·T² + K·Pk·W²) / (1000·Sn²·T) and the second (100·I0·Sn²·T² + K·Uk·W²) / (10⁶·Sn·T).
    """
    wide = {
        name: pl.col(name).cast(pl.Int128)
        for name in ("gross", "reactive", "loss_p0_w", "loss_pk_w", "loss_sn_ckva", "loss_i0_e4", "loss_uk_e4",
                     "loss_k_e2")
    }  # fmt: skip
    hours = (pl.col("_to") - pl.col("_from")).cast(pl.Int128) * HOURS_PER_DAY
    load = wide["gross"] * wide["gross"] + wide["reactive"] * wide["reactive"]
    idle = 100 * wide["loss_sn_ckva"] * wide["loss_sn_ckva"] * hours * hours
    active = half_up_positive(
        wide["loss_p0_w"] * idle + wide["loss_k_e2"] * wide["loss_pk_w"] * load,
        1000 * wide["loss_sn_ckva"] * wide["loss_sn_ckva"] * hours * unit,
    )
    reactive = half_up_positive(
        wide["loss_i0_e4"] * idle + wide["loss_k_e2"] * wide["loss_uk_e4"] * load,
        10**6 * wide["loss_sn_ckva"] * hours * unit,
    )
    return (
        active.cast(pl.Int64, strict=False).fill_null(0) * unit,
        reactive.cast(pl.Int64, strict=False).fill_null(0) * unit,
    )


def _by_period(loss_period: str) -> list[pl.Expr]:
    loss = pl.col("transformer_loss") + pl.col("line_loss")
    if loss_period == "pro_rata":
        return split_over(loss, [pl.col(f"gross_{name}") for name in PERIODS])
    return [loss if name == "flat" else pl.lit(0, pl.Int64) for name in PERIODS]
