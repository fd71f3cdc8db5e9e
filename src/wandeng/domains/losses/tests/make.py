"""The small town of metering with three homes behind the supply meter of T2, their midnight registers and quarter hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.models import MeterInstallation
from wandeng.domains.metering.tests import make
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.organization.models import Unit
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import Month

__all__ = ["AT", "AUDITOR", "DAY", "SYSTEM", "area", "curves", "town"]
AT = datetime(2026, 3, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 3, 10)
AUDITOR = Actor("auditor-1", unit_path="BS/", roles=frozenset({"AUDITOR"}))
PERIODS = {"peak_ckwh": 0, "valley_ckwh": 0}
"""M3 has them, so a reading without them would wait for a person."""
READER = Actor("reader-1", unit_path="BS/BS-W/", roles=frozenset({"METER_READER"}))


def town() -> None:
    """Meters hang; nothing is read yet."""
    make.town()


def area(code: str) -> int:
    """Id of an area."""
    return PowerTransformer.objects.get(code=code).pk


def freezes(start: date, **totals: tuple[int, ...]) -> None:
    """Midnight registers in whole kWh of the meters named, day by day from ``start``; a negative one never came."""
    rows: list[make.Row] = [
        (asset, start + timedelta(days=place), value, PERIODS if asset == "M3" else {})
        for asset, values in totals.items()
        for place, value in enumerate(values)
        if value >= 0
    ]
    make.record(*sorted(rows, key=lambda row: row[1]), at=AT)


def curves(days: int, of: Mapping[str, np.ndarray], start: date = DAY) -> None:
    """Quarter hours in Wh on the face of the meters named, from ``start``."""
    parts = [
        pl.DataFrame(
            {
                "installation_id": MeterInstallation.objects.get(meter__asset_number=asset).pk,
                "day": [start + timedelta(days=slot // 96) for slot in range(96 * days)],
                "point": pl.Series(np.arange(96 * days) % 96, dtype=pl.Int16),
                "active_wh": pl.Series(values.astype(np.int64), dtype=pl.Int32),
            }
        )
        for asset, values in of.items()
    ]
    unit = Unit.objects.get(code="BS-W").pk
    with ColumnStore() as store:
        metering.append_intervals(store, pl.concat(parts).to_arrow(), unit_id=unit, month=Month.of(start), at=AT)
