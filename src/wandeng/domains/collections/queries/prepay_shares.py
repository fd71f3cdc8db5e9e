"""How many accounts pay in advance (费控用户占比), by unit."""

from __future__ import annotations

from django.db.models import Count

from wandeng.domains.collections.models import PrepayAgreement
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.infra.scope import Scope


def enrolled_by_unit(scope: Scope) -> dict[str, tuple[int, int]]:
    """Path of a unit → its own open accounts, and those of them with an active prepay agreement."""
    paths = {int(unit.unit_id): unit.path for unit in organization.unit_tree(scope)}
    opened = customers.account_rows(scope).filter(closed_on__isnull=True).order_by()
    every = {row["unit_id"]: row["n"] for row in opened.values("unit_id").annotate(n=Count("id"))}
    active = PrepayAgreement.objects.filter(state="ACTIVE", account__closed_on__isnull=True)
    grouped = scope.limit(active, "account__unit__path").order_by().values("account__unit_id").annotate(n=Count("id"))
    enrolled = {row["account__unit_id"]: row["n"] for row in grouped}
    return {paths[unit]: (count, enrolled.get(unit, 0)) for unit, count in every.items()}
