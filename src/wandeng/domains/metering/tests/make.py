"""Meters in the small named town of network's tests. Built through actions.

P1 has a plain meter on the natural month, P2 one read on the 25th, P3 a four-period meter with the sub-meter P9, P4 a
meter behind CT 100/5, P6 one read every two months, P7 feeds in, P8 is the master meter of T2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import polars as pl
from django.db import transaction

from wandeng.domains.metering import actions
from wandeng.domains.metering.actions.meters import Hanging
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.domains.metering.types import ReadingLimits, RecordedReadings, Registers
from wandeng.domains.network.tests import make as network
from wandeng.kernel.actors import SYSTEM, Actor

AT = network.AT
HUNG_ON = date(2025, 1, 1)
READER = Actor("reader-w", unit_path="BS/BS-W/", roles=frozenset({"METER_READER"}))
LIMITS = ReadingLimits(jump_factor_e4=50_000, jump_floor_ckwh=50_000)
"""Five times, and 500 kWh."""

ROUTES = (("R1", "BS-W", 1, 1), ("R25", "BS-W", 25, 1), ("R2M", "BS-E", 1, 2))
METERS = (
    ("P1", "M1", 1, "R1", Registers(0)),
    ("P2", "M2", 1, "R25", Registers(0)),
    ("P3", "M3", 1, "R1", Registers(0, peak_ckwh=0, valley_ckwh=0)),
    ("P4", "M4", 20, "R1", Registers(0, demand_e4=0)),
    ("P6", "M6", 1, "R2M", Registers(0)),
    ("P7", "M7", 1, "R1", Registers(0, export_ckwh=0)),
    ("P8", "M8", 100, "R1", Registers(0)),
    ("P9", "M9", 1, "R1", Registers(0)),
)


def town() -> None:
    """The town with its meters, hung on :data:`HUNG_ON` at zero; M20 to M29 are in stock."""
    network.town()
    with transaction.atomic():  # one commit, not sixty
        for code, unit, day, months in ROUTES:
            actions.open_route(
                code=code, name=code, unit_code=unit, reading_day=day, months=months, actor=SYSTEM, at=AT
            )
        for point, asset, multiplier, route, start in METERS:
            actions.stock_meter(asset_number=asset, actor=SYSTEM, at=AT)
            actions.install_meter(
                usage_point=point,
                asset_number=asset,
                start_reading=start,
                on=HUNG_ON,
                hanging=Hanging(multiplier, route_code=route),
                actor=SYSTEM,
                at=AT,
            )
        for number in range(20, 30):
            actions.stock_meter(asset_number=f"M{number}", actor=SYSTEM, at=AT)


def installation(asset: str) -> int:
    """Id of the installation of a meter."""
    return MeterInstallation.objects.get(meter__asset_number=asset).pk


Row = tuple[str, date, int] | tuple[str, date, int, Mapping[str, int]]
"""Meter, day, total in whole kWh, and other registers in their own units."""


def batch(*rows: Row) -> pl.DataFrame:
    """Rows as the batch that ``record_readings`` takes."""
    ids = dict(MeterInstallation.objects.values_list("meter__asset_number", "pk"))
    given = [
        {
            "row": number,
            "installation_id": ids.get(asset, -1),
            "read_on": on,
            "total_ckwh": total * 100,
            "sharp_ckwh": None,
            "peak_ckwh": None,
            "valley_ckwh": None,
            "deep_ckwh": None,
            "reactive_ckvarh": None,
            "reactive_export_ckvarh": None,
            "export_ckwh": None,
            "demand_e4": None,
            **dict(*others),
        }
        for number, (asset, on, total, *others) in enumerate(rows, start=1)
    ]
    return pl.DataFrame(given, schema_overrides={"read_on": pl.Date}, infer_schema_length=None)


def record(*rows: Row, at: datetime = AT) -> RecordedReadings:
    """Record readings as the head end would."""
    return actions.record_readings(batch=batch(*rows).to_arrow(), source="HEAD_END", limits=LIMITS, actor=SYSTEM, at=at)


def shown(asset: str) -> list[tuple[date, int, str, str]]:
    """Day, whole kWh, state and reason of a meter's readings after its first, in the order they came."""
    rows = Reading.objects.filter(installation__meter__asset_number=asset, read_on__gt=HUNG_ON).order_by("pk")
    return [(row.read_on, row.total_ckwh // 100, row.state, row.hold_reason) for row in rows]


def reading(asset: str, on: date) -> Reading:
    """The reading that stands on a day."""
    return Reading.objects.get(installation__meter__asset_number=asset, read_on=on, is_current=True)
