"""Register readings at both ends of a billing period, one row an installation, as rating wants them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.frames import READS, REGISTER_NAMES
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import curves
from wandeng.domains.metering.types import CurveSchedules
from wandeng.infra import ranges
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.units import CKWH_PER_KWH

REGISTER_COLUMNS = {
    name: f"{name}_ckvarh" if name.startswith("reactive") else f"{name}_ckwh" for name in REGISTER_NAMES
}
"""Register name → column of the reading table."""

INSTALLATIONS = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("kind", pa.string()),
        ("deducts_from_point", pa.int64()),
        ("installation_id", pa.int64()),
        ("installed_on", pa.date32()),
        ("removed_on", pa.date32()),
        ("multiplier", pa.int64()),
        ("digits", pa.int16()),
        ("source", pa.string()),
        ("route_id", pa.int64()),
    ]
)
_HANGING = pa.schema([field for field in INSTALLATIONS if field.name != "digits"]).append(
    pa.field("meter_id", pa.int64())
)
_DIGITS = pa.schema([("meter_id", pa.int64()), ("digits", pa.int16())])
_READINGS = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        *[(name, pa.int64()) for name in REGISTER_NAMES],
        ("demand_e4", pa.int64()),
        ("estimated", pa.bool_()),
    ]
)
FROM_ACCOUNTS = (
    "FROM customers_customeraccount a JOIN network_usagepoint p ON p.account_id = a.id "
    "JOIN metering_meterinstallation i ON i.usage_point_id = p.id"
)


def reads_for_period(
    store: ColumnStore,
    *,
    accounts: AccountSet,
    from_on: date,
    to_on: date,
    schedules: CurveSchedules | None = None,
) -> pa.Table:
    """``calc.rating.frames.READS`` of all billed points of the accounts over one common period; see :func:`reads`."""
    spans = pl.DataFrame(installations(store, accounts=accounts, from_on=from_on, to_on=to_on)).filter(
        pl.col("kind") != "SUPPLY"
    )
    cut = spans.with_columns(period_from=pl.lit(from_on), period_to=pl.lit(to_on))
    return between(store, accounts, cut, schedules)


def reads(
    store: ColumnStore,
    *,
    accounts: AccountSet,
    points: pa.Table,
    schedules: CurveSchedules | None = None,
    hung: pa.Table | None = None,
) -> pa.Table:
    """``calc.rating.frames.READS`` for points with their own periods.

    ``points`` needs usage_point_id, period_from, period_to (as :func:`~wandeng.domains.metering.frames.points`
    gives them). One row per installation that hangs during the point's period. An end falls on the period's edge, or
    on the day the meter was hung or taken down inside it. Only current accepted readings count; where there is none
    the registers are null, which rating reports as a missing reading. ``demand_e4`` is the highest of the readings
    after the row's start up to its end. ``estimated`` when either end is an estimate.

    An installation billed from curves (source INTERVAL) starts at 0 and ends at its energy, by period where
    ``schedules`` has its point; a gap in its curves is a missing reading. ``hung`` are the installations, for those who
    have read them already (:func:`~wandeng.domains.metering.frames.points_and_installations`).
    """
    if not points.num_rows:
        return READS.empty_table()
    wanted = pl.DataFrame(points.select(["usage_point_id", "period_from", "period_to"]))
    if hung is None:
        from_on, to_on = wanted.select(pl.col("period_from").min(), pl.col("period_to").max()).row(0)
        hung = installations(store, accounts=accounts, from_on=from_on, to_on=to_on)
    return between(store, accounts, pl.DataFrame(hung).join(wanted, on="usage_point_id"), schedules)


def installations(
    store: ColumnStore, *, accounts: AccountSet, from_on: date, to_on: date, of: pl.Series | None = None
) -> pa.Table:
    """Installations of the accounts that hang on some day of the period, SUPPLY points included.

    ``of`` are the ids of all points wanted, all of these accounts. Where they lie close together the installations are
    read by their range, and there may be some of others among them.
    """
    tables, where, params = FROM_ACCOUNTS, *accounts.where("a", points="p")
    if of is not None and (reach := ranges.dense(of)):
        tables = "FROM network_usagepoint p JOIN metering_meterinstallation i ON i.usage_point_id = p.id"
        where, params = "p.id >= ? AND p.id < ? AND i.usage_point_id >= ? AND i.usage_point_id < ?", (*reach, *reach)
    chosen = f"i.installed_on < ? AND (i.removed_on IS NULL OR i.removed_on > ?) AND {where}"
    values = (to_on, from_on, *params)
    found = store.read(
        "SELECT p.account_id, p.id AS usage_point_id, p.kind, p.deducts_from_id AS deducts_from_point, "
        "i.id AS installation_id, i.installed_on, i.removed_on, i.multiplier, i.source, i.route_id, i.meter_id "
        f"{tables} WHERE {chosen}",
        values,
        schema=_HANGING,
    )
    hanging = pl.DataFrame(found)
    digits = _digits(store, hanging["meter_id"], tables, chosen, values)
    return hanging.join(digits, on="meter_id", maintain_order="left").select(INSTALLATIONS.names).to_arrow()


def _digits(store: ColumnStore, meters: pl.Series, tables: str, where: str, params: tuple[object, ...]) -> pl.DataFrame:
    """How many digits the meters of installations have: read by their range, or beside the installations again."""
    if reach := ranges.dense(meters):
        tables, where, params = "FROM metering_meter m", "m.id >= ? AND m.id < ?", reach
    else:
        tables = f"{tables} JOIN metering_meter m ON m.id = i.meter_id"
    found = store.read(f"SELECT m.id AS meter_id, m.digits {tables} WHERE {where}", params, schema=_DIGITS)
    return pl.DataFrame(found).unique("meter_id")


def readings(
    store: ColumnStore, *, accounts: AccountSet, from_on: date, to_on: date, of: pl.Series | None = None
) -> pa.Table:
    """Current accepted readings with ``from_on <= read_on <= to_on``: both edges of the periods are readings.

    ``of`` are the ids of the installations wanted, all of these accounts. Where they lie close together the readings
    are read by their range, and there may be some of others among them.
    """
    tables, where, params = _reading_tables(accounts, of)
    registers = ", ".join(f"r.{column} AS {name}" for name, column in REGISTER_COLUMNS.items())
    # The first state condition repeats that of the partial index reading_one_current_a_day, so that it serves here.
    return store.read(
        f"SELECT r.installation_id, r.read_on, {registers}, r.demand_e4, "
        "CASE WHEN r.source = 'ESTIMATE' THEN 1 ELSE 0 END AS estimated "
        f"{tables} WHERE r.is_current AND r.state IN ('ACCEPTED', 'HELD') AND r.state = 'ACCEPTED' "
        f"AND r.read_on >= ? AND r.read_on <= ? AND {where}",
        (from_on, to_on, *params),
        schema=_READINGS,
    )


def _reading_tables(accounts: AccountSet, of: pl.Series | None) -> tuple[str, str, tuple[int | str, ...]]:
    """Where readings are read from, and how the wanted ones are told: the tables, the condition and its parameters."""
    if of is not None and (reach := ranges.dense(of)):
        return "FROM metering_reading r", "r.installation_id >= ? AND r.installation_id < ?", reach
    where, params = accounts.where("a", points="p")
    return f"{FROM_ACCOUNTS} JOIN metering_reading r ON r.installation_id = i.id", where, params


def between(
    store: ColumnStore, accounts: AccountSet, hung: pl.DataFrame, schedules: CurveSchedules | None = None
) -> pa.Table:
    """READS of installations over their share of ``period_from`` … ``period_to``, registers and curves alike."""
    spans = hung.with_columns(
        pl.max_horizontal("installed_on", "period_from").alias("from_on"),
        pl.min_horizontal("removed_on", "period_to").alias("to_on"),
    ).filter(pl.col("from_on") < pl.col("to_on"))
    from_curves = pl.col("source") == "INTERVAL"
    parts = []
    if not (registered := spans.filter(~from_curves)).is_empty():
        parts.append(_from_registers(store, accounts, registered))
    if not (curved := spans.filter(from_curves)).is_empty():
        summed = curves.energies(
            store, curved.select("installation_id", "usage_point_id", "from_on", "to_on"), schedules
        )
        key = ["installation_id", "usage_point_id", "from_on", "to_on"]
        ends = curved.join(curves.as_ends(summed), on=key).with_columns(pl.lit(False).alias("estimated"))
        parts.append(_as_reads(ends))
    if not parts:
        return READS.empty_table()
    whole = pl.concat(parts).sort("account_id", "usage_point_id", "from_on", "installation_id")
    return whole.to_arrow().cast(READS)


def _from_registers(store: ColumnStore, accounts: AccountSet, spans: pl.DataFrame) -> pl.DataFrame:
    """Pair each installation's readings at both ends."""
    first, last = spans.select(pl.col("from_on").min(), pl.col("to_on").max()).row(0)
    of = spans["installation_id"]
    shown = pl.DataFrame(readings(store, accounts=accounts, from_on=first, to_on=last, of=of))
    paired = _with_end(_with_end(spans, shown, "start", "from_on"), shown, "end", "to_on")
    either = pl.col("estimated_start").fill_null(False) | pl.col("estimated_end").fill_null(False)
    return _as_reads(
        paired.join(_highest_demand(spans, shown), on=["installation_id", "from_on"], how="left").with_columns(
            either.alias("estimated")
        )
    )


def _as_reads(ends: pl.DataFrame) -> pl.DataFrame:
    modulus = pl.lit(10, pl.Int64).pow(pl.col("digits").cast(pl.UInt32)) * CKWH_PER_KWH
    return ends.with_columns(modulus.alias("modulus_ckwh")).select(READS.names)


def _with_end(spans: pl.DataFrame, shown: pl.DataFrame, end: str, day: str) -> pl.DataFrame:
    """Join the reading of the day ``day`` as ``<register>_<end>``."""
    named = shown.select(
        "installation_id",
        pl.col("read_on").alias(day),
        *[pl.col(name).alias(f"{name}_{end}") for name in REGISTER_NAMES],
        pl.col("estimated").alias(f"estimated_{end}"),
    )
    return spans.join(named, on=["installation_id", day], how="left")


def _highest_demand(spans: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """Highest demand of the readings in (from_on, to_on] of each span."""
    return (
        shown.filter(pl.col("demand_e4").is_not_null())
        .select("installation_id", "read_on", "demand_e4")
        .join(spans.select("installation_id", "from_on", "to_on"), on="installation_id")
        .filter((pl.col("read_on") > pl.col("from_on")) & (pl.col("read_on") <= pl.col("to_on")))
        .group_by("installation_id", "from_on")
        .agg(pl.col("demand_e4").max())
    )
