"""Routes of mobile service vehicles 巡回线路: one row a stop, the route's own facts on each of its rows.

Of a route that is known a file may change the name and the stops; its days, its vehicle and its end are decisions, made where
they are made. A route whose stops would not follow each other, or would need its vehicle twice at one hour, waits whole.
"""

from __future__ import annotations

import polars as pl

from wandeng.domains.appointments.frames import clashes
from wandeng.domains.appointments.frames import routes as frames
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import hours, references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section, Text

OPEN_ON = Choice({"WORKING_DAYS": ("工作日",), "EVERY_DAY": ("每天", "含节假日")})
OF_ROUTE = ("route_name", "unit", "vehicle", "valid_from", "valid_to", "weekdays", "every_weeks", "open_on")

COLUMNS = (
    Column("route", "线路编号", Code(32), required=True, sample="43042603-R1"),
    Column("route_name", "线路名称", Text(64), required=True, sample="白水线"),
    Column("unit", "单位", Code(32), required=True, sample="43042603"),
    Column("vehicle", "车辆编号", Code(32), required=True, sample="43042603-V1"),
    Column("valid_from", "起始日期", Day(), required=True, sample="2026-11-02"),
    Column("valid_to", "终止日期", Day(), about="不含当日，空白为长期 exclusive; empty: no known end"),
    Column("weekdays", "星期", Text(32), required=True, sample="周二", about=hours.WEEKDAYS_EXPECTED),
    Column("every_weeks", "每几周", Number(0, 1, 8), default="1", sample="1"),
    Column("open_on", "开行日", OPEN_ON, default="工作日", sample="工作日"),
    Column("place", "站序", Number(0, 1, 99), required=True, sample="1", about="当日第几站 which stop of the day"),
    Column("stop", "停靠点", Text(64), required=True, sample="白水村"),
    Column("from", "到达时刻", Code(8), required=True, sample="09:00"),
    Column("to", "离开时刻", Code(8), required=True, sample="10:30"),
    Column("capacity", "可约人数", Number(0, 1, 500), required=True, sample="8"),
    Column("address", "地址", Text(200), sample="白水村村委会门口"),
    Column("longitude", "经度", Number(6, -180, 180), sample="111.860000"),
    Column("latitude", "纬度", Number(6, -90, 90), sample="26.580000"),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Bring routes and their stops in by code and place in the order."""
    units = organization.units(store).drop("territory")
    rows, strange = references.resolve(rows, units, "unit", "单位", context)
    rows, lost = references.resolve(rows, frames.vehicles(store), "vehicle", "流动服务车", context)
    rows, unread = hours.weekdays(rows, "weekdays")
    rows, untimed = hours.span(rows, "from", "to")
    known = rows.join(frames.routes(store), on="route", how="left", maintain_order="left")
    impossible = _impossible(known, context)
    rows = _with_what_is_kept(store, findings.without(known, impossible))
    stored = frames.stops(store)
    disorder = _disorder(rows, stored)
    rows = findings.without(rows, disorder)
    taken = _taken(rows, stored, frames.routes(store))
    landed = frames.load(store, findings.without(rows, taken))
    return Landing(landed, findings.gather(strange, lost, unread, untimed, impossible, disorder, taken))


def _impossible(rows: pl.DataFrame, context: LoadContext) -> pl.DataFrame:
    """Findings for what a file cannot say of a route that is known, or of any."""
    new = pl.col("route_id").is_null()
    beyond = rows.filter(~pl.col("route_path").fill_null(context.unit_path).str.starts_with(context.unit_path))
    backward = rows.filter(pl.col("valid_to") <= pl.col("valid_from"))
    half = rows.filter(pl.col("longitude").is_null() != pl.col("latitude").is_null())
    fixed = {
        "unit": pl.col("unit_id") != pl.col("was_unit_id"),
        "vehicle": pl.col("vehicle_id") != pl.col("was_vehicle_id"),
        "valid_from": pl.col("valid_from") != pl.col("was_from"),
        "valid_to": pl.col("valid_to").is_not_null() & pl.col("valid_to").ne_missing(pl.col("was_to")),
        "weekdays": pl.col("weekdays") != pl.col("was_weekdays"),
        "every_weeks": pl.col("every_weeks") != pl.col("was_every_weeks"),
        "open_on": pl.col("open_on") != pl.col("was_open_on"),
    }
    other = (
        findings.about(
            rows.filter(~new & differs),
            column,
            "NOT_BY_IMPORT",
            "与现有线路一致，要改须停开后另立 (as the route has it: end it and set up another)",
        )
        for column, differs in fixed.items()
    )
    return findings.gather(
        findings.about(beyond, "route", "OUTSIDE_UNIT", "本单位的线路 (a route of the importing unit)"),
        findings.about(backward, "valid_to", "NOT_FORWARD", "晚于起始日期 (after the start)"),
        findings.about(half, "longitude", "REQUIRED", "经度纬度须同填 (both of the position, or neither)"),
        findings.about(
            rows.filter(new & pl.col("is_retired")), "vehicle", "UNKNOWN_REFERENCE", "在用车辆 (a vehicle in service)"
        ),
        *other,
    )


def _with_what_is_kept(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """An empty cell of a stop that is known says nothing: address and position stay."""
    was = frames.stops(store).select("route", "place", "was_address", "was_longitude", "was_latitude")
    joined = rows.join(was, on=["route", "place"], how="left", maintain_order="left")
    return joined.with_columns(
        name=pl.col("stop"),
        address=pl.coalesce("address", "was_address", pl.lit("")),
        longitude_e6=pl.coalesce("longitude", "was_longitude"),
        latitude_e6=pl.coalesce("latitude", "was_latitude"),
    )


def _disorder(rows: pl.DataFrame, stored: pl.DataFrame) -> pl.DataFrame:
    """Findings for every row of a route one of whose stops would begin before the one before it has ended."""
    wrong = rows.join(clashes.early(rows, stored), on="route", how="inner", maintain_order="left")
    return findings.about(
        wrong, "from", "OVERLAPS", "每站不早于前一站结束，整条线路等待 (each stop after the one before it; the route waits whole)",
        found="conflict",
    )  # fmt: skip


def _taken(rows: pl.DataFrame, stored: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Findings for every row of a route that would need its vehicle while another route has it."""
    wrong = rows.join(clashes.taken(rows, stored, known), on="route", how="inner", maintain_order="left")
    return findings.about(
        wrong, "vehicle", "VEHICLE_TAKEN", "此时段空闲的车辆 (a vehicle that is free at these hours)", found="conflict"
    )


KIND = Kind(
    "service-routes",
    "巡回线路",
    "流动服务车的巡回线路及停靠点，一行一站 routes of mobile service vehicles and their stops, one row a stop",
    (Section("stop", "停靠点", COLUMNS, ("route", "place"), load, {"route": OF_ROUTE}),),
    roles=(Role.DISPATCHER, Role.COUNTY_MANAGER),
)
