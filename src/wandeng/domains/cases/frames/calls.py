"""Calls about faults, as evidence of where something is open."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.cases.models import Case, RepairIncident

CALLS = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "caller": pl.String(),  # two calls from one account or number are one
        "opened_at": pl.Datetime("us", "UTC"),
        "process": pl.String(),
        "first_class": pl.String(),
        "territory": pl.String(),
        "unit_path": pl.String(),
        "is_open": pl.Boolean(),
    }
)
INCIDENTS = pl.Schema(
    {
        "opened_at": pl.Datetime("us", "UTC"),
        "unit_path": pl.String(),
        "state": pl.String(),
        "customers": pl.Int64(),
    }
)


def calls(since: datetime) -> pl.DataFrame:
    """:data:`CALLS` since a time of which the area is known, of every process, also those that an incident holds; by the connection
    of whoever asks."""
    rows = Case.objects.filter(opened_at__gte=since, transformer__isnull=False).values_list(
        "transformer_id", "account_id", "phone_index", "pk", "opened_at", "process", "first_class", "unit__territory",
        "unit__path", "state",
    )  # fmt: skip
    found = [
        (area, f"account {account}" if account else phone or f"case {case}", opened, process, first, territory, path,
         state == "OPEN")
        for area, account, phone, case, opened, process, first, territory, path, state in rows
    ]  # fmt: skip
    return pl.DataFrame(found, schema=CALLS, orient="row")


def incidents(since: datetime) -> pl.DataFrame:
    """:data:`INCIDENTS` opened since a time, but those that went into another or were none."""
    rows = RepairIncident.objects.filter(opened_at__gte=since).exclude(state__in=("ABSORBED", "DISSOLVED"))
    found = rows.values_list("opened_at", "unit__path", "state", "customers")
    return pl.DataFrame(list(found), schema=INCIDENTS, orient="row")
