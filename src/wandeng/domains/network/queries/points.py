"""Usage points by their codes."""

from __future__ import annotations

from wandeng.domains.network.models import UsagePoint
from wandeng.domains.network.types import PointFacts
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import UsagePointId


def usage_point(scope: Scope, code: str) -> PointFacts:
    """The usage point with this code. Raises :class:`NotFound` for one outside the scope and for none alike."""
    rows = UsagePoint.objects.select_related("account__unit")
    row = scope.one(rows, "account__unit__path", "usage point", code=code)
    return PointFacts(UsagePointId(row.pk), row.code, row.connected_on, row.account.unit.path)
