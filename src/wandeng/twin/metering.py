"""Meters of the synthetic county and two years of what they showed, month by month, consistent to the last digit.

Energy is drawn in 0.01 kWh on the meter's face; registers are running sums, so period registers add up to the total and
a check meter shows what the area's customers used plus the loss.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from wandeng.twin.county import CLASSES, Plan

SEASON = np.array([1.25, 1.15, 0.95, 0.85, 0.85, 1.0, 1.35, 1.40, 1.05, 0.85, 0.85, 1.05])
"""Use by calendar month against the mean: winter heating, summer cooling."""
FLAT_SEASON = 1 + (SEASON - 1) * 0.3
REGISTERS = ("total", "sharp", "peak", "valley", "reactive", "export")


@dataclass(frozen=True)
class Metered:
    """``meters``: one row per installation in the columns of the meters file, with ``point`` (row of the usage points).
    ``faces``: register → array (installations × freezes) of values in 0.01 units, -1 where there is none.
    ``demand_e4``: array (installations × freezes), the highest since the last freeze."""

    meters: pl.DataFrame
    faces: dict[str, np.ndarray]
    demand_e4: np.ndarray


def meters(plan: Plan, points: pl.DataFrame) -> pl.DataFrame:
    """One meter per usage point; CT and PT where the current or voltage asks for them."""
    rng = plan.rng("meters")
    n = points.height
    capacity = pl.col("contract_capacity_kva")
    high = pl.col("metered_side") == "HIGH"
    with_ct = capacity > 60
    ct = pl.when(high).then((capacity // 15 + 1) * 5).otherwise((capacity * 2 // 50 + 1) * 50)
    route = pl.format("R{}-{}", pl.col("unit").str.slice(3), pl.when("late").then(pl.lit("20")).otherwise(pl.lit("01")))
    # Whole areas are read on the 20th, with their check meter; the others are frozen on the 1st.
    late = pl.col("transformer").str.starts_with("T") & (pl.col("transformer").str.slice(-4).cast(pl.Int64) % 20 == 7)
    old = (pl.col("class_name") == "shop") & (pl.col("serial") % 37 == 0)
    multiplier = pl.col("ct").fill_null(5) // 5 * (pl.col("pt").fill_null(100) // 100)
    monthly = pl.col("contract_capacity_kva") * pl.col("hours") * 100 / multiplier
    # Installed in March 2018 or when the account was opened, and used since then about as it is now.
    since = (2024 - pl.max_horizontal(pl.col("opened_on").str.slice(0, 4).cast(pl.Int64), 2018)) * 12 + 5
    wear = (monthly * since * pl.Series(0.8 + 0.4 * rng.random(n))).cast(pl.Int64)
    return points.with_columns(
        ct=pl.when(with_ct).then(ct), pt=pl.when(high).then(10_000), late=late, old=old
    ).select(
        pl.int_range(pl.len()).alias("point"),
        (pl.lit("43300") + pl.int_range(pl.len()).cast(pl.String).str.zfill(9)).alias("asset_number"),
        "usage_point",
        pl.max_horizontal(pl.col("opened_on"), pl.lit("2018-03-01")).alias("installed_on"),
        pl.lit("").alias("removed_on"),
        pl.when("own").then(pl.lit("三相多功能")).otherwise(pl.lit("单相费控")).alias("meter_kind"),
        pl.when("old").then(5).otherwise(6).alias("digits"),
        pl.col("ct").alias("ct_primary_a"),
        pl.when(with_ct).then(5).alias("ct_secondary_a"),
        pl.col("pt").alias("pt_primary_v"),
        pl.when(high).then(100).alias("pt_secondary_v"),
        multiplier.alias("multiplier"),
        pl.lit("REGISTER").alias("source"),
        route.alias("route"),
        pl.when("late").then(20).otherwise(1).alias("reading_day"),
        pl.lit(1).alias("route_months"),
        pl.int_range(1, pl.len() + 1).over("unit").alias("route_position"),
        # A few old shop meters of five digits stand eight months below their roll-over.
        pl.when("old").then(10**7 - (monthly * 8).cast(pl.Int64)).otherwise(wear).alias("start_ckwh"),
        pl.col("class_name"),
        (pl.col("class_name").is_in([c.name for c in CLASSES if c.registers])).alias("registers"),
        "serial",
    )  # fmt: skip


def run(plan: Plan, points: pl.DataFrame, installed: pl.DataFrame) -> Metered:
    """Let two years pass."""
    rng = plan.rng("readings")
    months = len(plan.freezes) - 1
    energy = _monthly_energy(plan, rng, points, installed, months)
    faces: dict[str, np.ndarray] = {}
    start = installed["start_ckwh"].to_numpy()
    exporting = (points["usage_point_kind"] == "FEED_IN").to_numpy()
    registers = installed["registers"].to_numpy()
    shares = _period_shares(rng, len(start))
    modulus = 10 ** (installed["digits"].to_numpy()[:, None] + 2)

    def face(increments: np.ndarray, first: np.ndarray, has: np.ndarray) -> np.ndarray:
        values = (np.concatenate([first[:, None], increments], axis=1).cumsum(axis=1)) % modulus
        return np.where(has[:, None], values, -1)

    everyone = np.ones(len(start), dtype=bool)
    used = np.where(exporting[:, None], 0, energy)
    faces["total"] = face(used, np.where(exporting, 0, start), everyone)
    for name, share in shares.items():
        part = (used * share[:, None]).astype(np.int64)
        faces[name] = face(part, (start * share).astype(np.int64), registers)
    tangent = 0.30 + 0.35 * rng.random(len(start))
    faces["reactive"] = face((used * tangent[:, None]).astype(np.int64), start // 3, registers)
    faces["export"] = face(np.where(exporting[:, None], energy, 0), start // 9, exporting)
    capacity_kw = points["contract_capacity_kva"].to_numpy() / installed["multiplier"].to_numpy()
    peak = (capacity_kw[:, None] * (0.55 + 0.42 * rng.random((len(start), months + 1))) * 10_000).astype(np.int64)
    return Metered(installed, faces, np.where(registers[:, None], peak, -1))


def _monthly_energy(
    plan: Plan, rng: np.random.Generator, points: pl.DataFrame, installed: pl.DataFrame, months: int
) -> np.ndarray:
    """Energy of each installation and month on the meter's face, in 0.01 kWh."""
    capacity = points["contract_capacity_kva"].to_numpy()
    hours = points["hours"].to_numpy()
    mean_ckwh = capacity * hours * 100 / installed["multiplier"].to_numpy()
    home = (points["customer_class"] == "RESIDENTIAL").to_numpy()
    calendar = np.array([(day.month - 1) for day in plan.freezes[:-1]])
    season = np.where(home[:, None], SEASON[calendar][None, :], FLAT_SEASON[calendar][None, :])
    noise = rng.lognormal(0, 0.18, (len(capacity), months))
    energy: np.ndarray = (mean_ckwh[:, None] * season * noise).astype(np.int64)
    empty = rng.random(len(capacity)) < 0.03
    energy[empty & home] = 0
    # A few homes stand empty for some months: the first zero after use is what a biller looks at.
    left = np.flatnonzero(home & (rng.random(len(capacity)) < 0.01))
    away = rng.integers(0, months, len(left))
    for offset in range(3):
        energy[left, np.minimum(away + offset, months - 1)] = 0
    checks = np.flatnonzero((points["usage_point_kind"] == "SUPPLY").to_numpy())
    if len(checks):
        energy[checks] = _supplied(rng, points, installed, energy, checks)
    return energy


def _supplied(
    rng: np.random.Generator, points: pl.DataFrame, installed: pl.DataFrame, energy: np.ndarray, checks: np.ndarray
) -> np.ndarray:
    """What the check meter of an area shows: its customers' use and three to six per cent of loss on top."""
    areas = {code: place for place, code in enumerate(points["transformer"].gather(checks.tolist()).to_list())}
    place = np.array([areas.get(code, -1) for code in points["transformer"].to_list()])
    load = (points["usage_point_kind"] == "LOAD").to_numpy() & (place >= 0)
    multiplier = installed["multiplier"].to_numpy()
    sums = np.zeros((len(checks), energy.shape[1]))
    np.add.at(sums, place[load], energy[load] * multiplier[load][:, None])
    loss = 1.03 + 0.03 * rng.random((len(checks), 1))
    supplied: np.ndarray = (sums * loss / multiplier[checks][:, None]).astype(np.int64)
    return supplied


def _period_shares(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Shares of sharp, peak and valley use; flat is the rest and stays positive."""
    valley = 0.25 + 0.20 * rng.random(n)
    peak = 0.25 + 0.10 * rng.random(n)
    return {"sharp": 0.04 * rng.random(n), "peak": peak, "valley": valley}
