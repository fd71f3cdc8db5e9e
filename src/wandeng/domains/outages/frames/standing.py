"""Outages that are published or running, area by area, as columns: for whoever asks when supply is back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl

from wandeng.domains.outages.models import OutageArea
from wandeng.domains.outages.types.plans import OutageState, VersionState

STANDING = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "number": pl.String(),
        "reason": pl.String(),
        "is_running": pl.Boolean(),
        "since": pl.Datetime("us", "UTC"),
        "until": pl.Datetime("us", "UTC"),
    }
)


def standing(areas: Collection[int] | None = None, *, before: datetime) -> pl.DataFrame:
    """:data:`STANDING`: windows of versions that stand, of plans that are published or running, which begin before a time, for
    areas with somebody who loses every supply; only of these areas when they are named."""
    rows = OutageArea.objects.filter(
        version__state=VersionState.STANDS,
        version__outage__state__in=[OutageState.PUBLISHED, OutageState.RUNNING],
        version__starts_at__lt=before,
        customers__gt=0,
    )
    if areas is not None:
        rows = rows.filter(transformer__in=areas)
    found = rows.values_list(
        "transformer_id", "version__outage__number", "version__outage__reason", "version__outage__state",
        "version__starts_at", "version__ends_at",
    )  # fmt: skip
    plain = [
        (area, number, reason, state == OutageState.RUNNING, *window) for area, number, reason, state, *window in found
    ]
    return pl.DataFrame(plain, schema=STANDING, orient="row")
