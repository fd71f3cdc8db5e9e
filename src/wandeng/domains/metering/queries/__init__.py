"""What people ask about meters, routes and readings."""

from wandeng.domains.metering.queries.demand import highest_demand, meter_at, route_behind, state_of_meter
from wandeng.domains.metering.queries.held import held_rows, held_view, late_rereads, reread, rereads_rows
from wandeng.domains.metering.queries.late import late_rows
from wandeng.domains.metering.queries.meters import (
    curve,
    curve_days,
    curve_month,
    exchange_preview,
    meter_readings,
    meter_view,
    meters_rows,
    stock_rows,
)
from wandeng.domains.metering.queries.readings import (
    count_held,
    held_readings,
    is_read,
    readings_of,
    registers_of,
)
from wandeng.domains.metering.queries.routes import (
    last_month,
    progress,
    read_on,
    reader_day,
    readings_waiting,
    route,
    routes_rows,
    sheet,
    sheet_row,
)

__all__ = [
    "count_held",
    "curve",
    "curve_days",
    "curve_month",
    "exchange_preview",
    "held_readings",
    "held_rows",
    "held_view",
    "highest_demand",
    "is_read",
    "last_month",
    "late_rereads",
    "late_rows",
    "meter_at",
    "meter_readings",
    "meter_view",
    "meters_rows",
    "progress",
    "read_on",
    "reader_day",
    "readings_of",
    "readings_waiting",
    "registers_of",
    "reread",
    "rereads_rows",
    "route",
    "route_behind",
    "routes_rows",
    "sheet",
    "sheet_row",
    "state_of_meter",
    "stock_rows",
]
