"""Imported meters, installations, routes and register readings into their tables."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

import polars as pl
import pyarrow as pa

from wandeng.domains.metering import rules
from wandeng.domains.metering.frames import finding
from wandeng.domains.metering.models import Meter, MeterInstallation, Reading, ReadingRoute
from wandeng.domains.metering.types import ReadingLimits
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.imports import merging, overlaps
from wandeng.infra.models import StateChange

REGISTERS = (
    "total_ckwh",
    "sharp_ckwh",
    "peak_ckwh",
    "valley_ckwh",
    "deep_ckwh",
    "reactive_ckvarh",
    "reactive_export_ckvarh",
    "export_ckwh",
    "demand_e4",
)
HUNG = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("asset_number", pa.string()),
        ("digits", pa.int16()),
        ("usage_point", pa.string()),
        ("usage_point_id", pa.int64()),
        ("unit_id", pa.int64()),
        ("path", pa.string()),
        ("installed_on", pa.date32()),
        ("removed_on", pa.date32()),
    ]
)


def hung(store: ColumnStore, *, by: str, values: pl.DataFrame) -> pl.DataFrame:
    """Every installation, past and present, of the meters or usage points named in ``values`` (column ``asset_number`` or
    ``usage_point``, as ``by`` says): :data:`HUNG`; unit and path are the account's."""
    key = {"asset_number": "m.asset_number", "usage_point": "p.code"}[by]
    with store.staged(values.select(by).drop_nulls().unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            "SELECT i.id AS installation_id, m.asset_number AS asset_number, m.digits AS digits, p.code AS usage_point, "
            "p.id AS usage_point_id, a.unit_id AS unit_id, u.path AS path, i.installed_on AS installed_on, "
            f"i.removed_on AS removed_on FROM {staged} s "
            + (
                "JOIN metering_meter m ON m.asset_number = s.asset_number "
                "JOIN metering_meterinstallation i ON i.meter_id = m.id JOIN network_usagepoint p ON p.id = i.usage_point_id "
                if by == "asset_number"
                else "JOIN network_usagepoint p ON p.code = s.usage_point "
                "JOIN metering_meterinstallation i ON i.usage_point_id = p.id JOIN metering_meter m ON m.id = i.meter_id "
            )
            + "JOIN customers_customeraccount a ON a.id = p.account_id JOIN organization_unit u ON u.id = a.unit_id "
            f"WHERE {key} IS NOT NULL"
        )
        return pl.DataFrame(store.read(sql, schema=HUNG))


def meters(store: ColumnStore, numbers: pl.DataFrame) -> pl.DataFrame:
    """The meters with these ``asset_number``s: ``asset_number``, ``id``, ``state``."""
    return merging.find(store, Meter, numbers.select("asset_number"), ["id", "state"])


def overlapping(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Which of ``rows`` (``line``, ``usage_point_id``, ``installed_on``, ``removed_on``) would hang a meter where another
    hangs: ``line``, ``other_from``, ``other_to``."""
    columns = ["usage_point_id", "installed_on", "removed_on"]
    stored = merging.find(store, MeterInstallation, rows.select("usage_point_id"), columns)
    return overlaps.overlapping(rows, stored, of="usage_point_id", start="installed_on", end="removed_on")


def load_routes(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``code``, ``name`` (null: the code), ``unit_id``, ``reading_day``, ``months``; a route keeps its
    unit. Returns ``line``, ``code``, ``id``, ``outcome``."""
    named = rows.with_columns(pl.coalesce("name", "code").alias("name"))
    merged = merging.merge(store, ReadingRoute, named, key=["code"], update=["name", "reading_day", "months"])
    return merged.select("line", "code", "id", "outcome")


def load_meters(store: ColumnStore, rows: pl.DataFrame, *, actor: str, at: datetime) -> pl.DataFrame:
    """``rows``: ``line``, ``asset_number``, ``kind``, ``digits``, ``rated_current_ma``, ``tested_on``, ``hangs`` (whether the
    meter hangs somewhere by this file), one for each meter. A known meter that hangs now is moved to INSTALLED, with
    its history. Returns ``line``, ``asset_number``, ``id``, ``outcome``."""
    known = meters(store, rows)
    state = pl.when("hangs").then(pl.lit("INSTALLED")).otherwise(pl.lit("REMOVED"))
    update = ["kind", "digits", "rated_current_ma", "tested_on"]
    merged = merging.merge(store, Meter, rows.with_columns(state=state), key=["asset_number"], update=update)
    finding.take_up_meters(store, merged.filter(pl.col("outcome") == merging.CREATED)["id"])
    _hang(store, merged.filter("hangs").join(known.select("id", was="state"), on="id"), actor=actor, at=at)
    return merged.select("line", "asset_number", "id", "outcome")


def _hang(store: ColumnStore, rows: pl.DataFrame, *, actor: str, at: datetime) -> None:
    """Move known meters that were not hanging to INSTALLED, by the arrows of ``states.METER``, with their history."""
    down = rows.filter(pl.col("was") != "INSTALLED")
    if down.is_empty():
        return
    merging.change(store, Meter, down.select("id", state=pl.lit("INSTALLED")), ["state"])
    moves = pl.DataFrame(
        {"was": ["REMOVED", "REMOVED", "IN_STOCK"], "move": ["restock", "install", "install"]},
    ).with_columns(
        from_state=pl.Series(["REMOVED", "IN_STOCK", "IN_STOCK"]),
        to_state=pl.Series(["IN_STOCK", "INSTALLED", "INSTALLED"]),
    )
    history = down.select("id", "was").join(moves, on="was", maintain_order="left_right")
    store.append(
        StateChange,
        history.select(
            "move",
            "from_state",
            "to_state",
            pl.lit(Meter._meta.label).alias("subject_type"),
            pl.col("id").alias("subject_id"),
            pl.lit(actor).alias("actor"),
            pl.lit(at).alias("at"),
            pl.lit("import").alias("reason"),
        ).to_arrow(),
    )


def load_installations(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line`` and the columns of :class:`MeterInstallation` but ``id``. What hangs where since when, and until
    when, stays as it is; ratios, multiplier, route and source may change. Returns ``line``, ``id``, ``outcome``."""
    fixed = {"meter_id", "usage_point_id", "installed_on", "removed_on", "line"}
    update = [name for name in rows.columns if name not in fixed]
    merged = merging.merge(store, MeterInstallation, rows, key=["usage_point_id", "installed_on"], update=update)
    return merged.select("line", "id", "outcome")


def limits(*, territory: str, on: date) -> ReadingLimits:
    """The plausibility limits of a territory on a day, from the rule files. Raises :class:`NoRuleInForce`."""
    return rules.reading_limits(_library(), territory=territory, on=on)


@lru_cache(maxsize=1)
def _library() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def conflicting(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Which of ``rows`` (``line``, ``installation_id``, ``read_on``, registers) contradict a current reading of that day:
    ``line`` and ``stored``, its total in 0.01 kWh. A register the row is silent about contradicts nothing."""
    known = _current(store, rows).rename({name: f"was_{name}" for name in REGISTERS})
    told = [name for name in REGISTERS if name in rows.columns]
    differs = pl.any_horizontal(
        pl.col(name).is_not_null() & pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in told
    )
    joined = rows.join(known, on=["installation_id", "read_on"], maintain_order="left")
    return joined.filter(differs).select("line", stored="was_total_ckwh")


def load_readings(store: ColumnStore, rows: pl.DataFrame, *, actor: str, at: datetime) -> pl.DataFrame:
    """``rows``: ``line``, ``installation_id``, ``read_on``, the registers, ``source``; none conflicting. A reading that is
    known stays as it is. Returns ``line`` and ``outcome``."""
    known = _current(store, rows).select("installation_id", "read_on")
    new = rows.join(known, on=["installation_id", "read_on"], how="anti", maintain_order="left")
    data = new.with_columns(
        id=pl.lit(None, dtype=pl.Int64),
        state=pl.lit("ACCEPTED"),
        hold_reason=pl.lit(""),
        is_current=pl.lit(True),
        received_at=pl.lit(at),
        actor=pl.lit(actor),
    )
    if data.height:
        store.append(Reading, merging.number(store, Reading, data).drop("line").to_arrow())
    same = rows.join(known, on=["installation_id", "read_on"], how="semi", maintain_order="left")
    return pl.concat(
        [
            new.select("line", pl.lit(merging.CREATED).alias("outcome")),
            same.select("line", pl.lit(merging.UNCHANGED).alias("outcome")),
        ]
    )


def _current(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    current = "t.is_current AND t.state IN ('ACCEPTED', 'HELD')"
    return merging.find(store, Reading, rows.select("installation_id", "read_on"), list(REGISTERS), where=current)
