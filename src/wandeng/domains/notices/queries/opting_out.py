"""Who wants no more of what."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.notices.models import OptOut
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]
OPT_OUT_COLUMNS = (
    "id", "account_number", "account_name", "purpose", "source", "since_at", "until_at", "made_by", "ended_by",
    "reason", "unit_code", "unit_name",
)  # fmt: skip


def opt_out_rows(scope: Scope, *, account_number: str = "") -> Rows:
    """Opt-outs, those taken back as well: OPT_OUT_COLUMNS, to be ordered by ``-id``."""
    inside = scope.limit(OptOut.objects.all(), "account__unit__path")
    if account_number:
        inside = inside.filter(account__account_number=account_number)
    rows: Rows = inside.annotate(
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        unit_code=F("account__unit__code"),
        unit_name=F("account__unit__name"),
    ).values(*OPT_OUT_COLUMNS)
    return rows


def opted_out_of(scope: Scope, account_number: str) -> tuple[str, ...]:
    """The purposes an account wants no notices of now."""
    held = scope.limit(OptOut.objects.filter(until_at__isnull=True), "account__unit__path")
    rows = held.filter(account__account_number=account_number)
    return tuple(sorted(rows.values_list("purpose", flat=True)))
