"""Routes and their stops in columns: what is known of those a file names, and bringing them in."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.appointments.models import RouteStop, ServiceRoute
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

ROUTE_COLUMNS = (
    "code", "name", "unit_id", "vehicle_id", "valid_from", "valid_to", "weekdays", "every_weeks", "open_on",
)  # fmt: skip
STOP_COLUMNS = (
    "route_id", "place", "name", "address", "longitude_e6", "latitude_e6", "from_minute", "to_minute", "capacity",
)  # fmt: skip

_VEHICLES = pa.schema(
    [("vehicle", pa.string()), ("vehicle_id", pa.int64()), ("path", pa.string()), ("is_retired", pa.bool_())]
)
_ROUTES = pa.schema(
    [
        ("route", pa.string()), ("route_id", pa.int64()), ("route_path", pa.string()), ("was_unit_id", pa.int64()),
        ("was_vehicle_id", pa.int64()), ("was_from", pa.date32()), ("was_to", pa.date32()),
        ("was_weekdays", pa.string()), ("was_every_weeks", pa.int64()), ("was_open_on", pa.string()),
    ]
)  # fmt: skip
_STOPS = pa.schema(
    [
        ("route", pa.string()), ("place", pa.int64()), ("was_name", pa.string()), ("was_address", pa.string()),
        ("was_longitude", pa.int64()), ("was_latitude", pa.int64()), ("from_minute", pa.int64()),
        ("to_minute", pa.int64()),
    ]
)  # fmt: skip


def vehicles(store: ColumnStore) -> pl.DataFrame:
    """All vehicles: ``vehicle`` (code), ``vehicle_id``, ``path`` of the unit, ``is_retired``."""
    sql = (
        "SELECT v.code AS vehicle, v.id AS vehicle_id, u.path AS path, v.retired_on IS NOT NULL AS is_retired "
        "FROM appointments_mobileservicevehicle v JOIN organization_unit u ON u.id = v.unit_id"
    )
    return pl.DataFrame(store.read(sql, schema=_VEHICLES))


def routes(store: ColumnStore) -> pl.DataFrame:
    """All routes, a utility has hundreds: ``route`` (code), ``route_id``, ``route_path`` of the unit, and what a file may
    not change: ``was_unit_id``, ``was_vehicle_id``, ``was_from``, ``was_to``, ``was_weekdays``, ``was_every_weeks``,
    ``was_open_on``."""
    sql = (
        "SELECT r.code AS route, r.id AS route_id, u.path AS route_path, r.unit_id AS was_unit_id, "
        "r.vehicle_id AS was_vehicle_id, r.valid_from AS was_from, r.valid_to AS was_to, r.weekdays AS was_weekdays, "
        "r.every_weeks AS was_every_weeks, r.open_on AS was_open_on "
        "FROM appointments_serviceroute r JOIN organization_unit u ON u.id = r.unit_id"
    )
    return pl.DataFrame(store.read(sql, schema=_ROUTES))


def stops(store: ColumnStore) -> pl.DataFrame:
    """All stops: ``route`` (code), ``place``, ``was_name``, ``was_address``, ``was_longitude``, ``was_latitude``,
    ``from_minute``, ``to_minute``."""
    sql = (
        "SELECT r.code AS route, s.place AS place, s.name AS was_name, s.address AS was_address, "
        "s.longitude_e6 AS was_longitude, s.latitude_e6 AS was_latitude, s.from_minute AS from_minute, "
        "s.to_minute AS to_minute "
        "FROM appointments_routestop s JOIN appointments_serviceroute r ON r.id = s.route_id"
    )
    return pl.DataFrame(store.read(sql, schema=_STOPS))


def load(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring stops in, one a row with its route: :data:`ROUTE_COLUMNS` of the route (its ``name`` as ``route_name``, its code
    as ``route``) and :data:`STOP_COLUMNS` but ``route_id``. Of a known route only the name changes. Returns ``line`` and
    ``outcome``: what became of the stop, or of the route where that is more."""
    of_route = rows.unique("route", keep="first", maintain_order=True).select(
        "line", *ROUTE_COLUMNS[2:], code="route", name="route_name"
    )
    merged = merging.merge(store, ServiceRoute, of_route, key=["code"], update=["name"])
    named = rows.drop("route_id").join(
        merged.select(route="code", route_id="id"), on="route", how="left", maintain_order="left"
    )
    landed = _load_stops(store, named.select("line", *STOP_COLUMNS))
    return merging.worst(pl.concat([landed, merged.select("line", "outcome")]))


def _load_stops(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    key = STOP_COLUMNS[:2]
    compared = STOP_COLUMNS[2:]
    stored = merging.find(store, RouteStop, rows.select(key), compared)
    known = rows.join(
        stored.rename({name: f"{name}_was" for name in compared}).with_columns(is_known=True), on=key, how="left",
        maintain_order="left",
    )  # fmt: skip
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_was")) for name in compared)
    judged = known.with_columns(
        outcome=pl.when(pl.col("is_known").is_null())
        .then(pl.lit(merging.CREATED))
        .when(differs)
        .then(pl.lit(merging.CHANGED))
        .otherwise(pl.lit(merging.UNCHANGED))
    )
    changed = judged.filter(pl.col("outcome") == merging.CHANGED).select(STOP_COLUMNS)
    if changed.height:
        table = RouteStop._meta.db_table
        with store.staged(changed.to_arrow()) as staged:
            assigned = ", ".join(f"{name} = s.{name}" for name in compared)
            matched = " AND ".join(f"{table}.{name} = s.{name}" for name in key)
            store.execute(f"UPDATE {table} SET {assigned} FROM {staged} s WHERE {matched}")
    created = judged.filter(pl.col("outcome") == merging.CREATED).select(STOP_COLUMNS)
    if created.height:
        store.append(RouteStop, created.to_arrow())
    return judged.select("line", "outcome")
