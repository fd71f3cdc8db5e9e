"""What is known of areas without supply: open incidents by area, and calls that no incident holds, as columns.

A few rows of a storm, read by the connection of whoever asks: what a clerk has just written is seen by the clerk.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from wandeng.domains.cases.models import Case, IncidentArea

_MOMENT = pl.Datetime("us", "UTC")
INCIDENTS = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "number": pl.String(),
        "since": _MOMENT,
        "until": _MOMENT,  # when supply is expected back; null: nobody has said
        "step": pl.String(),  # the last step done for all of it
        "territory": pl.String(),
    }
)
REPORTS = pl.Schema(
    {
        "area": pl.Int64(),
        "number": pl.String(),
        "since": _MOMENT,
        "process": pl.String(),
        "first_class": pl.String(),
        "territory": pl.String(),
    }
)


def open_incidents(areas: Collection[int] | None = None) -> pl.DataFrame:
    """:data:`INCIDENTS`: a row for each area behind an open incident; only of these areas when they are named."""
    rows = IncidentArea.objects.filter(incident__state="OPEN")
    if areas is not None:
        rows = rows.filter(transformer__in=areas)
    found = rows.values_list(
        "transformer_id", "incident__number", "incident__opened_at", "incident__expected_at", "incident__step",
        "incident__unit__territory",
    )  # fmt: skip
    return pl.DataFrame(list(found), schema=INCIDENTS, orient="row")


def open_reports(areas: Collection[int] | None = None) -> pl.DataFrame:
    """:data:`REPORTS`: open cases at an area that no incident holds, of every process; only of these areas when they are
    named. Confidential ones are left out."""
    rows = Case.objects.filter(
        state="OPEN", transformer__isnull=False, incident_member__isnull=True, is_confidential=False
    )
    if areas is not None:
        rows = rows.filter(transformer__in=areas)
    found = rows.values_list("transformer_id", "number", "opened_at", "process", "first_class", "unit__territory")
    return pl.DataFrame(list(found), schema=REPORTS, orient="row")
