"""Areas that published or running orders leave dark, as columns: for whoever asks when supply is back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl

from wandeng.domains.rationing.models import RationingShareArea
from wandeng.domains.rationing.types import OrderState

STANDING = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "number": pl.String(),
        "is_running": pl.Boolean(),
        "since": pl.Datetime("us", "UTC"),
        "until": pl.Datetime("us", "UTC"),
    }
)


def standing(areas: Collection[int] | None = None, *, before: datetime) -> pl.DataFrame:
    """:data:`STANDING`: windows of orders that are published or running and begin before a time, for the areas of lines that are cut
    wholly; only of these areas when they are named."""
    rows = RationingShareArea.objects.filter(
        share__is_chosen=True,
        share__allowed_kw=0,
        share__order__state__in=[OrderState.PUBLISHED, OrderState.RUNNING],
        share__order__starts_at__lt=before,
    )
    if areas is not None:
        rows = rows.filter(transformer__in=areas)
    found = rows.values_list(
        "transformer_id",
        "share__order__number",
        "share__order__state",
        "share__order__starts_at",
        "share__order__ends_at",
    ).distinct()
    plain = [(area, number, state == OrderState.RUNNING, *window) for area, number, state, *window in found]
    return pl.DataFrame(plain, schema=STANDING, orient="row")
