"""Areas that are off now: steps of interruptions without an end, as columns."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from wandeng.domains.reliability.models import InterruptionStep

ONGOING = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "number": pl.String(),
        "belongs_to": pl.String(),  # what it comes from, e.g. ``outages.plan:17``
        "kind": pl.String(),
        "since": pl.Datetime("us", "UTC"),
    }
)


def ongoing(areas: Collection[int] | None = None) -> pl.DataFrame:
    """:data:`ONGOING`: whole areas that are off and not yet back, by the connection of whoever asks; only of these areas when
    they are named. Steps of single usage points are no matter of their neighbors."""
    rows = InterruptionStep.objects.filter(on_at__isnull=True, usage_point__isnull=True, interruption__is_current=True)
    if areas is not None:
        rows = rows.filter(transformer__in=areas)
    found = rows.values_list(
        "transformer_id", "interruption__number", "interruption__belongs_to", "interruption__kind", "off_at"
    )
    return pl.DataFrame(list(found), schema=ONGOING, orient="row")


def steps_off(origin: str) -> pl.DataFrame:
    """``transformer_id``, ``usage_point_id`` (null for a whole area) and ``is_off`` of each step of interruptions that come from
    this: where supply is off now and where it is back."""
    steps = InterruptionStep.objects.filter(interruption__belongs_to=origin, interruption__is_current=True)
    found = [
        (area, point, on_at is None)
        for area, point, on_at in steps.values_list("transformer_id", "usage_point_id", "on_at")
    ]
    schema = {"transformer_id": pl.Int64, "usage_point_id": pl.Int64, "is_off": pl.Boolean}
    return pl.DataFrame(found, schema=schema, orient="row")


def restored(origins: Collection[str]) -> pl.DataFrame:
    """``area`` and ``belongs_to``: areas that are back of interruptions that come from these, and are not off again."""
    steps = InterruptionStep.objects.filter(
        interruption__belongs_to__in=origins, interruption__is_current=True, usage_point__isnull=True
    ).values_list("transformer_id", "interruption__belongs_to", "on_at")
    found = pl.DataFrame(
        list(steps) if origins else [],
        schema={"area": pl.Int64, "belongs_to": pl.String, "on_at": pl.Datetime("us", "UTC")},
        orient="row",
    )
    return (
        found.filter(pl.col("on_at").is_not_null().all().over("area", "belongs_to"))
        .select("area", "belongs_to")
        .unique()
    )
