"""Losses of a natural month by registers at both its ends, taken apart as days are: the same arithmetic, bands and reasons."""

from __future__ import annotations

import polars as pl

from wandeng.domains.losses.frames import computing
from wandeng.domains.losses.queries.summing import By
from wandeng.domains.losses.types import Sums
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.periods import Month
from wandeng.kernel.units import E4_PER_ONE

_KEYS = {By.UNIT: "unit_id", By.FEEDER: "feeder_id", By.AREA: "transformer_id"}


def month_sums(
    scope: Scope, *, unit_code: str, month: Month, by: By = By.UNIT, feeder_code: str = "",
    library: RuleLibrary | None = None,
) -> tuple[Sums, ...]:  # fmt: skip
    """A month of a unit (and a feeder of it), the highest rate first, without a rate last; ``days`` and ``without`` count areas that
    are computable and that are not, an area itself says its status and reason. Computed anew each time: the work grows with the
    unit's meters. Raises :class:`NotFound`, ``NoRuleInForce``."""
    unit = organization.unit(scope, unit_code)
    with ColumnStore() as store:
        areas = computing.month_losses(store, unit_path=unit.path, month=month, library=library)
    feeders = {
        pk: (code, name)
        for pk, code, name in network.feeders_rows(scope).filter(id__in=areas["feeder_id"].unique().to_list())
        .values_list("id", "code", "name")
    }  # fmt: skip
    if feeder_code:
        areas = areas.filter(
            pl.col("feeder_id").is_in([pk for pk, (code, _) in feeders.items() if code == feeder_code])
        )
    names = feeders if by is By.FEEDER else _names(scope, by, areas)
    rows = _summed(areas, _KEYS[by]).to_dicts()
    found = [_sums(row, *names.get(row["key"], ("", "")), is_area=by is By.AREA) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.rate_e4 is None, -(one.rate_e4 or 0), one.code)))


def _names(scope: Scope, by: By, areas: pl.DataFrame) -> dict[int, tuple[str, str]]:
    """Code and name of units or areas by their ids."""
    if by is By.UNIT:
        return {int(one.unit_id): (one.code, one.name) for one in organization.unit_tree(scope)}
    return network.transformer_names(scope, areas["transformer_id"].to_list())


def _summed(areas: pl.DataFrame, key: str) -> pl.DataFrame:
    is_told = pl.col("status") != "NOT_COMPUTABLE"
    return areas.group_by(pl.col(key).alias("key")).agg(
        pl.col("supplied_ckwh").filter(is_told).sum().alias("supplied"),
        pl.col("sold_ckwh").filter(is_told).sum().alias("sold"),
        pl.col("loss_ckwh").filter(is_told).sum().alias("lost"),
        is_told.sum().cast(pl.Int64).alias("days"),
        (~is_told).sum().cast(pl.Int64).alias("without"),
        pl.col("status").is_in(["HIGH", "VERY_HIGH"]).sum().cast(pl.Int64).alias("high"),
        (pl.col("status") == "NEGATIVE").sum().cast(pl.Int64).alias("negative"),
        pl.col("status").first(),
        pl.col("reason").first(),
    )


def _sums(row: dict[str, object], code: str, name: str, *, is_area: bool) -> Sums:
    number = {key: value for key, value in row.items() if isinstance(value, int)}
    supplied, lost = number["supplied"], number["lost"]
    return Sums(
        code, name, supplied, number["sold"], lost, divide_half_up(lost * E4_PER_ONE, supplied) if supplied else None,
        number["days"], number["without"], number["high"], number["negative"],
        str(row["status"]) if is_area else "", str(row["reason"]) if is_area else "",
    )  # fmt: skip
