"""Who stands out in a year: customers off for long, areas off often; and what one customer met."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl

from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability import rules
from wandeng.domains.reliability.frames import analysis, years
from wandeng.domains.reliability.queries.analysis import calendar_year, year_before
from wandeng.domains.reliability.types import AreaYear, Counts, CustomerYear, Standouts
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Period

SECONDS_PER_HOUR = 3600
AT_MOST = 100


def standouts(
    scope: Scope, *, unit_code: str, year: int, now: datetime, limit: int = AT_MOST, library: RuleLibrary | None = None
) -> Standouts:
    """The lists of a unit and all below it for a calendar year, up to now while it goes on, with the same months of the year
    before. Lists name at most ``limit``; the counts are of all.

    Raises :class:`NotFound` for the unit, ``NoRuleInForce``.
    """
    unit = organization.unit(scope, unit_code)
    nodes = organization.unit_tree(scope.narrowed(unit.path))
    today = now.astimezone(BILLING_ZONE).date()
    whole = calendar_year(year)
    first = whole.from_on
    period = Period(first, max(first + timedelta(1), min(whole.to_on, today + timedelta(1))))
    before = Period(year_before(period.from_on), year_before(period.to_on))
    rule = rules.standards(first, library=library)
    with ColumnStore() as store:
        told = analysis.read(store, from_on=before.from_on, to_on=period.to_on, now=now)
        members = years.members(store)
    here = _places(scope.narrowed(unit.path), now.astimezone(BILLING_ZONE).date())
    names = {int(node.unit_id): node.name for node in nodes}
    both = [years.customers(told, members, period=one, rule=rule) for one in (period, before)]
    customers = _pair(both[0], both[1], ["account", "transformer"], here)
    both = [years.areas(told, period=one, rule=rule) for one in (period, before)]
    areas = _pair(both[0], both[1], ["transformer"], here)
    over = pl.lit(rule.lasting.over_hours * SECONDS_PER_HOUR)
    frequent, repeated = pl.lit(rule.frequent.times), pl.lit(rule.repeated.times)
    lasting = customers.filter(pl.col("seconds") > over).sort("seconds", "account", descending=[True, False])
    often = areas.filter(pl.col("frequent") >= frequent).sort("frequent", "seconds", descending=True)
    planned = areas.filter(pl.col("planned") >= repeated).sort("planned", "seconds", descending=True)
    return Standouts(
        period.from_on, period.to_on, rule.lasting.over_hours, str(rule.goal.change_percent),
        Counts(lasting.height, customers.filter(pl.col("seconds_before") > over).height),
        Counts(often.height, areas.filter(pl.col("frequent_before") >= frequent).height),
        Counts(planned.height, areas.filter(pl.col("planned_before") >= repeated).height),
        _customers(lasting.head(limit), names), _areas(often.head(limit), names), _areas(planned.head(limit), names),
    )  # fmt: skip


def _places(scope: Scope, on: date) -> pl.DataFrame:
    """Areas of the scope: ``transformer``, code, name, unit and feeder."""
    rows = network.transformers_rows(scope, on=on).values_list("pk", "code", "name", "unit_id", "feeder_name")
    schema = {"transformer": pl.Int64, "code": pl.String, "name": pl.String, "unit": pl.Int64, "feeder": pl.String}
    return pl.DataFrame(list(rows), schema, orient="row")


def _pair(now: pl.DataFrame, before: pl.DataFrame, keys: list[str], here: pl.DataFrame) -> pl.DataFrame:
    """Two periods side by side, of areas of the scope, without those that had nothing in either."""
    values = [name for name in now.columns if name not in keys]
    some = [frame.filter(pl.any_horizontal(pl.col(values) > 0)) for frame in (now, before)]
    joined = some[0].join(some[1], on=keys, how="full", coalesce=True, suffix="_before")
    return joined.with_columns(pl.exclude(keys).fill_null(0)).join(here, on="transformer")


def _customers(rows: pl.DataFrame, names: dict[int, str]) -> tuple[CustomerYear, ...]:
    points = network.points_rows(Scope.everywhere()).filter(account_id__in=rows["account"].to_list())
    numbers = dict(points.values_list("account_id", "account__account_number"))
    return tuple(
        CustomerYear(
            numbers.get(row["account"], ""), row["code"], names.get(row["unit"], ""), row["seconds"], row["times"],
            row["seconds_before"],
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip


def _areas(rows: pl.DataFrame, names: dict[int, str]) -> tuple[AreaYear, ...]:
    return tuple(
        AreaYear(
            row["code"], row["name"], names.get(row["unit"], ""), row["feeder"], row["seconds"], row["times"],
            row["planned"], row["frequent"], row["seconds_before"], row["times_before"],
        )
        for row in rows.iter_rows(named=True)
    )  # fmt: skip
