"""What speaks for and against a lead: attribution of an area's quarter hours, the neighbours, the days before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from wandeng.calc import loss_leads as calc
from wandeng.domains.losses.frames import odd, series
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.topics.line_loss import LeadTerms, LineLoss
from wandeng.kernel.units import WH_PER_CKWH

MIRRORED = "MIRRORED"
SUDDEN = "SUDDEN"
FEW_METERS = "FEW_METERS"
APART = 4.0
"""Standard errors between the days before and after from which a change counts as sudden."""


@dataclass(frozen=True, slots=True)
class Found:
    """A customer to whom part of an area's loss is attributed. ``tests`` speak against it."""

    transformer_id: int
    usage_point_id: int
    account_id: int
    rank: int
    figures: dict[str, int]
    tests: tuple[str, ...]
    evidence: dict[str, object] = field(default_factory=dict)


def gather(*, unit_path: str, from_on: date, to_on: date, rule: LineLoss) -> list[Found]:
    """Leads of all areas of the unit that were high on a day of the window and have quarter hours, area by area."""
    with ColumnStore() as store:
        days = odd.days(store, unit_path=unit_path, from_on=from_on, to_on=to_on)
        high = days.filter(pl.col("status").is_in(["HIGH", "VERY_HIGH"]))["transformer_id"].unique().sort()
        mirrors = mirror_pairs(days, at_most=float(rule.leads.mirror_correlation))
        found: list[Found] = []
        for area in high.to_list():
            read = series.of_area(store, transformer_id=area, unit_path=unit_path, from_on=from_on, to_on=to_on)
            if read is not None and len(read.days) >= rule.leads.least_days:
                against = [one for one in mirrors if one[0] == area]
                found.extend(_of_area(area, read, against, rule.leads))
    return found


def _of_area(
    area: int, read: series.Series, mirrors: list[tuple[int, int, float, float]], terms: LeadTerms
) -> Iterator[Found]:
    supply, customers, points_a_day = read.supply, read.customers, series.POINTS_A_DAY
    if read.has_roofs:
        supply, customers, points_a_day = calc.of_the_dark(supply), calc.of_the_dark(customers), len(calc.DARK)
    told = calc.attribute(supply, customers, points_a_day=points_a_day)
    by_day = (supply - customers.sum(axis=1)).reshape(-1, points_a_day).sum(axis=1)
    cut, apart = calc.steps_at(by_day)
    tests = [MIRRORED] if mirrors else []
    if abs(apart) >= APART and cut:
        tests.append(SUDDEN)
    if read.left_out:
        tests.append(FEW_METERS)
    common: dict[str, object] = {
        "fit_e4": _e4(told.fit), "lost_ckwh": round(told.lost / WH_PER_CKWH), "technical_ckwh": round(told.technical / WH_PER_CKWH),
        "left_out": read.left_out, "is_dark": read.has_roofs, "changed_on": read.days[cut].isoformat() if SUDDEN in tests else "",
        "changed_by_e4": _e4(apart), "mirrored_by": mirrors[0][1] if mirrors else None,
        "mirror_e4": _e4(mirrors[0][2]) if mirrors else 0,
    }  # fmt: skip
    strong = [one for one in told.leads if _is_lead(one, told.whole_days, terms)]
    for rank, one in enumerate(strong[: terms.at_most], start=1):
        point, account = read.points[one.column]
        figures = {
            "attributed_ckwh": round(one.attributed / WH_PER_CKWH), "coefficient_e4": _e4(one.coefficient),
            "share_e4": _e4(one.share), "explained_e4": _e4(one.explained), "correlation_e4": _e4(one.correlation),
            "days": one.days, "whole_days": told.whole_days,
        }  # fmt: skip
        yield Found(area, point, account, rank, figures, tuple(tests), common)


def _is_lead(one: calc.Lead, whole_days: int, terms: LeadTerms) -> bool:
    return (
        one.share * 100 >= float(terms.least_share_percent)
        and one.coefficient >= float(terms.least_coefficient)
        and one.days * 100 >= float(terms.least_days_percent) * whole_days
    )


def mirror_pairs(days: pl.DataFrame, *, at_most: float) -> list[tuple[int, int, float, float]]:
    """Areas of one feeder of which one loses what the other gains: (loses, gains, correlation, moved 0.01 kWh)."""
    computable = days.drop_nulls("loss_ckwh")
    negative = computable.filter(pl.col("status") == "NEGATIVE")["transformer_id"].unique()
    feeders = computable.filter(pl.col("transformer_id").is_in(negative.implode()))["feeder_id"].unique()
    found = []
    for (_feeder,), part in computable.filter(pl.col("feeder_id").is_in(feeders.implode())).group_by("feeder_id"):
        wide = part.pivot("transformer_id", index="day", values="loss_ckwh").sort("day").drop("day")
        areas = [int(name) for name in wide.columns]
        losses = wide.to_numpy().astype(np.float64)
        gaining = [place for place, area in enumerate(areas) if area in set(negative.to_list())]
        pairs = [(other, gain) for gain in gaining for other in range(len(areas)) if other != gain]
        for one in calc.mirrored(losses, pairs, at_most=at_most):
            found.append((areas[one.loses], areas[one.gains], one.correlation, one.moved))
    return found


def window(on: date, days: int) -> tuple[date, date]:
    """The days up to and including ``on``."""
    return on - timedelta(days=days - 1), on + timedelta(days=1)


def _e4(value: float) -> int:
    return round(value * 10_000)
