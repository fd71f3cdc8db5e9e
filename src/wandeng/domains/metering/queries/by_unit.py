"""Figures of readings by unit, for managers."""

from __future__ import annotations

from django.db.models import Count

from wandeng.domains.metering.actions.readings import UNIT_OF_READING
from wandeng.domains.metering.queries.readings import held
from wandeng.infra.scope import Scope


def held_readings(scope: Scope) -> dict[str, int]:
    """Unit path → readings of its own accounts that wait for a person."""
    rows = scope.limit(held(""), UNIT_OF_READING).values_list(UNIT_OF_READING)
    return dict(rows.annotate(n=Count("id")).order_by(UNIT_OF_READING))
