"""Missing readings are estimated from what the meter did before, marked as estimates, and counted."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import polars as pl
import pyarrow as pa

from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.actions import readings
from wandeng.domains.metering.actions.batches import accepted_event, reading_rows
from wandeng.domains.metering.frames import registers
from wandeng.domains.metering.frames.validation import modulus
from wandeng.domains.metering.models import Reading, RereadOrder
from wandeng.domains.metering.states import READING, REREAD
from wandeng.domains.metering.types import ESTIMATES, REGISTERS
from wandeng.infra import events, ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE, Month

Method = Literal["average", "last_year"]

_REAL = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("read_on", pa.date32()),
        *[(name, pa.int64()) for name in REGISTERS],
        ("source", pa.string()),
    ]
)
_MONTHS_BACK = 15


def estimate_missing(
    *, unit_path: str, read_on: date, method: Method, actor: Actor, at: datetime, months: int = 3
) -> pa.Table:
    """Estimate the reading of ``read_on`` for every installed register meter of a unit that has none that day.

    ``average``: the last reading and its days at the daily rate of the true readings of the last ``months`` months
    (the oldest and the newest of them). ``last_year``: the last reading and what the same days took a year ago, where
    true readings frame them. Every register by itself, whole 0.01 kWh, halves up, rolling over where the meter would.
    No demand is estimated. Returns ``types.ESTIMATES``; a row without a total had no history and nothing was stored.

    Raises :class:`InvalidInput` for a day to come or a number of months out of 1..12, :class:`NotFound` for a unit
    outside the actor's scope.
    """
    if read_on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{read_on} is yet to come: nothing is missing yet")
    if not 1 <= months <= 12:
        raise InvalidInput(f"an average is taken over 1 to 12 months, not {months}")
    accounts = AccountSet(unit_path=Scope.of(actor).narrowed(unit_path).prefix)
    with ColumnStore() as store, store.transaction():
        estimated = _estimated(store, accounts, read_on, method, months)
        _store(store, estimated.filter(pl.col("total_ckwh").is_not_null()), actor, at)
    return estimated.sort("installation_id").select(ESTIMATES.names).to_arrow().cast(ESTIMATES)


def estimate_instead(
    *, reading_id: int, method: Method, actor: Actor, at: datetime, reason: str, months: int = 3
) -> pa.Table:
    """Refuse a held reading and estimate its day, by the rules of :func:`estimate_missing`; one row of ``ESTIMATES``.

    One transaction: where there is no history to estimate from, the reading stays held.

    Raises :class:`NotFound`, :class:`InvalidInput` without a reason, :class:`Conflict` when the reading is not held or
    nothing can be estimated.
    """
    if not reason.strip():
        raise InvalidInput("say why: the reason stays with the reading")
    if not 1 <= months <= 12:
        raise InvalidInput(f"an average is taken over 1 to 12 months, not {months}")
    held = readings.in_scope(reading_id, actor)
    if held.state != "HELD" or not held.is_current:
        raise Conflict(f"reading {reading_id} is not held: there is nothing to estimate instead of it")
    account = AccountSet.one(held.installation.usage_point.account_id)
    open_orders = readings.open_rereads(reading_id)
    with ColumnStore() as store, store.transaction():
        if not move_many(store, Reading, READING, "refuse", [reading_id], actor=actor, at=at, reason=reason):
            raise Conflict(f"reading {reading_id} is not held: there is nothing to estimate instead of it")
        move_many(store, RereadOrder, REREAD, "cancel", open_orders, actor=actor, at=at, reason=readings.SETTLED)
        every = _estimated(store, account, held.read_on, method, months)
        estimated = every.filter(pl.col("installation_id") == held.installation_id)
        if not estimated["total_ckwh"].count():
            raise Conflict(f"meter {held.installation.meter.asset_number} has no history to estimate from")
        _store(store, estimated, actor, at)
    return estimated.select(ESTIMATES.names).to_arrow().cast(ESTIMATES)


def _estimated(store: ColumnStore, accounts: AccountSet, read_on: date, method: Method, months: int) -> pl.DataFrame:
    """What the meters without a reading of the day would show."""
    shown = _history(store, accounts, read_on)
    missing = _missing(store, accounts, read_on)
    rates = _average(shown, _back(read_on, months)) if method == "average" else _last_year(shown, missing, read_on)
    return _forward(missing, shown, rates, read_on)


def _back(day: date, months: int) -> date:
    earlier = Month.of(day).plus(-months)
    return date(earlier.year, earlier.number, min(day.day, earlier.days))


def _missing(store: ColumnStore, accounts: AccountSet, read_on: date) -> pl.DataFrame:
    hung = pl.DataFrame(registers.installations(store, accounts=accounts, from_on=read_on, to_on=read_on))
    where, params = accounts.where("a")
    standing = store.read(
        f"SELECT r.installation_id {registers.FROM_ACCOUNTS} JOIN metering_reading r ON r.installation_id = i.id "
        f"WHERE r.is_current AND r.state IN ('ACCEPTED', 'HELD') AND r.read_on = ? AND {where}",
        (read_on, *params),
        schema=pa.schema([("installation_id", pa.int64())]),
    )
    return (
        hung.filter(pl.col("source") == "REGISTER")
        .join(pl.DataFrame(standing), on="installation_id", how="anti")
        .select("installation_id", "digits")
    )


def _history(store: ColumnStore, accounts: AccountSet, read_on: date) -> pl.DataFrame:
    """Accepted readings before the day, a year and a quarter back, by installation and day."""
    where, params = accounts.where("a")
    columns = ", ".join(f"r.{name}" for name in REGISTERS)
    found = store.read(
        f"SELECT r.installation_id, r.read_on, {columns}, r.source {registers.FROM_ACCOUNTS} "
        "JOIN metering_reading r ON r.installation_id = i.id "
        "WHERE r.is_current AND r.state IN ('ACCEPTED', 'HELD') AND r.state = 'ACCEPTED' "
        f"AND r.read_on < ? AND r.read_on >= ? AND {where}",
        (read_on, _back(read_on, _MONTHS_BACK), *params),
        schema=_REAL,
    )
    return pl.DataFrame(found).sort("installation_id", "read_on")


def _average(shown: pl.DataFrame, since: date) -> pl.DataFrame:
    """Advance and days between the oldest and newest true reading since a day."""
    true = shown.filter((pl.col("source") != "ESTIMATE") & (pl.col("read_on") >= since))
    return _advance(
        true.group_by("installation_id", maintain_order=True).first(),
        true.group_by("installation_id", maintain_order=True).last(),
    )


def _last_year(shown: pl.DataFrame, missing: pl.DataFrame, read_on: date) -> pl.DataFrame:
    """Advance and days of a year ago, between true readings on the days of the last reading and of ``read_on``."""
    last = shown.group_by("installation_id", maintain_order=True).last().select("installation_id", "read_on")
    true = shown.filter(pl.col("source") != "ESTIMATE")
    opening = last.with_columns(pl.col("read_on").dt.offset_by("-1y")).join(true, on=["installation_id", "read_on"])
    closing = missing.select("installation_id").join(
        true.filter(pl.col("read_on") == _back(read_on, 12)), on="installation_id"
    )
    return _advance(opening, closing)


def _advance(opening: pl.DataFrame, closing: pl.DataFrame) -> pl.DataFrame:
    paired = opening.join(closing, on="installation_id", suffix="_end").filter(
        pl.col("read_on_end") > pl.col("read_on")
    )
    return paired.select(
        "installation_id",
        (pl.col("read_on_end") - pl.col("read_on")).dt.total_days().alias("span"),
        *[(pl.col(f"{name}_end") - pl.col(name)).alias(f"{name}_advance") for name in REGISTERS],
    )


def _forward(missing: pl.DataFrame, shown: pl.DataFrame, rates: pl.DataFrame, read_on: date) -> pl.DataFrame:
    """Carry the last reading of each meter on to the day at its rate, and count the estimates in a row."""
    last = shown.group_by("installation_id", maintain_order=True).last().rename({"read_on": "last_on"})
    days = pl.lit(read_on).sub(pl.col("last_on")).dt.total_days()

    def carried(name: str) -> pl.Expr:
        advance = pl.col(f"{name}_advance")
        grown = pl.when(advance < 0).then(advance + modulus()).otherwise(advance).cast(pl.Int128)
        whole = (2 * grown * days + pl.col("span")) // (2 * pl.col("span"))
        return ((pl.col(name) + whole) % modulus()).cast(pl.Int64).alias(name)

    return (
        missing.join(last, on="installation_id", how="left")
        .join(rates, on="installation_id", how="left")
        .join(_in_a_row(shown), on="installation_id", how="left")
        .with_columns(
            *[carried(name) for name in REGISTERS],
            pl.lit(read_on).alias("read_on"),
            (pl.col("in_a_row").fill_null(0) + 1).alias("consecutive"),
        )
    )


def _in_a_row(shown: pl.DataFrame) -> pl.DataFrame:
    """How many estimates stand at the end of each meter's readings."""
    newest_true = (
        shown.filter(pl.col("source") != "ESTIMATE")
        .group_by("installation_id")
        .agg(pl.col("read_on").max().alias("true_on"))
    )
    return (
        shown.join(newest_true, on="installation_id", how="left")
        .filter(pl.col("true_on").is_null() | (pl.col("read_on") > pl.col("true_on")))
        .group_by("installation_id")
        .agg(pl.len().cast(pl.Int32).alias("in_a_row"))
    )


def _store(store: ColumnStore, estimated: pl.DataFrame, actor: Actor, at: datetime) -> None:
    if estimated.is_empty():
        return
    first = ids.reserve_columns(store, Reading, estimated.height)
    rows = estimated.sort("installation_id").with_columns(
        pl.int_range(first, first + estimated.height, dtype=pl.Int64).alias("id"),
        pl.lit(None, pl.Int64).alias("demand_e4"),
        pl.lit("").alias("hold_reason"),
    )
    store.append(Reading, reading_rows(rows, source="ESTIMATE", actor=actor, at=at))
    events.publish_columns(store, accepted_event(rows), at=at)
