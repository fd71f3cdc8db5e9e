"""Which usage points are billed in a month, and over which period (抄表例日)."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import polars as pl
import pyarrow as pa

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import registers
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import FAR_PAST, Month

POINT_PERIODS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("kind", pa.string()),  # LOAD, SUBMETER or FEED_IN; SUPPLY points are never billed
        ("transformer_id", pa.int64()),
        ("period_from", pa.date32()),
        ("period_to", pa.date32()),
        ("months", pa.int16()),
        ("contract_capacity_ckva", pa.int64()),
        ("begins_on", pa.date32()),  # first day the point is connected and the account open
        ("ends_on", pa.date32()),  # the day after the last such; null: none in sight
    ]
)
"""What metering knows of ``calc.rating.frames.POINTS``; billing adds what earlier bills decide."""

_POINTS_READ = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("kind", pa.string()),
        ("transformer_id", pa.int64()),
        ("contract_capacity_ckva", pa.int64()),
        ("connected_on", pa.date32()),
        ("disconnected_on", pa.date32()),
        ("opened_on", pa.date32()),
        ("closed_on", pa.date32()),
    ]
)
_ROUTES_READ = pa.schema([("route_id", pa.int64()), ("reading_day", pa.int16()), ("route_months", pa.int16())])


def period_edges(month: Month, reading_day: int, months: int) -> list[date] | None:
    """Edges of the months that a route's bill of ``month`` covers, ``months`` + 1 dates; ``None``: no bill this month.

    Reading day 1 is the frozen reading of midnight: the bill of a month is that natural month. Any other day closes
    the bill of its own month. A two-monthly route bills in even months, a ``k``-monthly one every ``k`` months so
    that December of a year divisible by ``k`` … is one of them (months since year 0, divisible by ``k``).

    >>> period_edges(Month(2026, 9), 25, 1)
    [datetime.date(2026, 8, 25), datetime.date(2026, 9, 25)]
    >>> period_edges(Month(2026, 9), 1, 2) is None, period_edges(Month(2026, 10), 1, 2)[0]
    (True, datetime.date(2026, 9, 1))
    """
    if (month.index + 1) % months:
        return None
    last = month.next() if reading_day == 1 else month
    return [date(m.year, m.number, reading_day) for m in (last.plus(back) for back in range(-months, 1))]


def periods(store: ColumnStore, *, accounts: AccountSet, month: Month) -> pa.Table:
    """Billing period of each usage point in ``month``: (usage_point_id, period_from, period_to, months)."""
    return points(store, accounts=accounts, month=month).select(
        ["usage_point_id", "period_from", "period_to", "months"]
    )


def points(store: ColumnStore, *, accounts: AccountSet, month: Month) -> pa.Table:
    """Usage points to bill in ``month``, as :data:`POINT_PERIODS`, sorted by account and point.

    The period is the route's, cut to the days on which the point is connected and the account open; points with no
    day left, and those whose route does not bill this month, are absent. ``months`` counts the route's months that
    the cut period touches. A point without a route is billed by natural month. The route is that of the newest
    installation hung before the month's end.
    """
    return points_and_installations(store, accounts=accounts, month=month)[0]


def points_and_installations(
    store: ColumnStore, *, accounts: AccountSet, month: Month, ends_on: date | None = None
) -> tuple[pa.Table, pa.Table]:
    """:func:`points`, and the installations they were found from: those hung before the month's end, also when they were
    taken down since, also of points that are not billed. :func:`~wandeng.domains.metering.frames.reads` takes them, so
    that they are read once. ``ends_on``: no point is the accounts' any more from that day on (末次电费)."""
    where, params = accounts.where("a", points="p")
    found = store.read(
        "SELECT p.account_id, p.id AS usage_point_id, p.kind, p.transformer_id, p.contract_capacity_ckva, "
        "p.connected_on, p.disconnected_on, a.opened_on, a.closed_on "
        "FROM network_usagepoint p JOIN customers_customeraccount a ON a.id = p.account_id "
        f"WHERE p.kind <> 'SUPPLY' AND {where}",
        params,
        schema=_POINTS_READ,
    )
    known = pl.DataFrame(found)
    hung = registers.installations(
        store, accounts=accounts, from_on=FAR_PAST, to_on=month.next().first, of=known["usage_point_id"]
    )
    routed = known.join(_routes(store, pl.DataFrame(hung)), on="usage_point_id", how="left").with_columns(
        pl.col("reading_day").fill_null(1),
        pl.col("route_months").fill_null(1),
        pl.max_horizontal("connected_on", "opened_on").alias("begins_on"),
        pl.min_horizontal("disconnected_on", "closed_on", pl.lit(ends_on, pl.Date)).alias("ends_on"),
    )
    parts = [
        _cut(group, edges)
        for (day, months), group in routed.group_by("reading_day", "route_months")
        if (edges := period_edges(month, int(str(day)), int(str(months)))) is not None
    ]
    if not parts:
        return POINT_PERIODS.empty_table(), hung
    whole = pl.concat(parts).sort("account_id", "usage_point_id")
    return whole.select(POINT_PERIODS.names).to_arrow().cast(POINT_PERIODS), hung


def _routes(store: ColumnStore, hung: pl.DataFrame) -> pl.DataFrame:
    """Reading day and months of each point's route: the newest installation with a route decides."""
    routed = hung.filter(pl.col("route_id").is_not_null())
    newest = routed.sort("usage_point_id", "installed_on").unique("usage_point_id", keep="last")
    first, last = routed.select(pl.col("route_id").min(), pl.col("route_id").max().alias("last")).row(0)
    routes = store.read(
        "SELECT id AS route_id, reading_day, months AS route_months FROM metering_readingroute "
        "WHERE id >= ? AND id <= ?",
        (first or 0, last or 0),
        schema=_ROUTES_READ,
    )
    return newest.select("usage_point_id", "route_id").join(pl.DataFrame(routes), on="route_id").drop("route_id")


def _cut(group: pl.DataFrame, edges: list[date]) -> pl.DataFrame:
    """Cut one route's period to each point's own days and count the months it still touches."""
    cut = group.with_columns(
        pl.max_horizontal(pl.lit(edges[0]), "begins_on").alias("period_from"),
        pl.min_horizontal(pl.lit(edges[-1]), "ends_on").alias("period_to"),
    ).filter(pl.col("period_from") < pl.col("period_to"))
    touched = [
        ((pl.col("period_from") < later) & (pl.col("period_to") > earlier)).cast(pl.Int16)
        for earlier, later in pairwise(edges)
    ]
    return cut.with_columns(pl.sum_horizontal(touched).alias("months"))
