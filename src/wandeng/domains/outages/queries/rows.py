"""Rows of the lists: lazy, limited to the scope."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from wandeng.domains.outages.models import OutageFinding, PlannedOutage, PlannedOutageVersion
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]
OF_VERSION = (
    "starts_at", "ends_at", "place", "work", "live_line", "notice_by", "areas", "customers", "important", "protected",
    "double_supply",
)  # fmt: skip


def plans_rows(scope: Scope) -> Rows:
    """Plans by the version that stands: id, number, reference, title, unit_id, unit_code, unit_name, category, reason, state,
    version, starts_at, ends_at, feeder_code, feeder_name, place, work, live_line, notice_by, areas, customers, important, protected,
    double_supply, is_changed (another version waits for approval), is_forbidden (a finding forbids it)."""
    standing = "versions__"
    proposed = PlannedOutageVersion.objects.filter(outage=OuterRef("pk"), state="PROPOSED")
    refusing = OutageFinding.objects.filter(
        version__outage=OuterRef("pk"), version__state="STANDS", severity="REFUSES"
    )  # fmt: skip
    rows = scope.limit(PlannedOutage.objects.filter(versions__state="STANDS"), "unit__path")
    return rows.values(
        "id", "number", "reference", "title", "unit_id", "category", "reason", "state", "version",
        unit_code=F("unit__code"), unit_name=F("unit__name"), feeder_code=F(f"{standing}feeder__code"),
        feeder_name=F(f"{standing}feeder__name"), is_changed=Exists(proposed), is_forbidden=Exists(refusing),
        **{name: F(f"{standing}{name}") for name in OF_VERSION},
    )  # fmt: skip
