"""Usage points by their codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.domains.network.types import PointFacts
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import UsagePointId

AT_ONCE = 500


def usage_point(scope: Scope, code: str) -> PointFacts:
    """The usage point with this code. Raises :class:`NotFound` for one outside the scope and for none alike."""
    rows = UsagePoint.objects.select_related("account__unit")
    row = scope.one(rows, "account__unit__path", "usage point", code=code)
    return PointFacts(UsagePointId(row.pk), row.code, row.connected_on, row.account.unit.path)


def point_codes(account_number: str) -> dict[int, str]:
    """Codes of an account's usage points by their ids."""
    return dict(UsagePoint.objects.filter(account__account_number=account_number).values_list("pk", "code"))


def transformer_names(scope: Scope, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Code and name of the transformers with these ids that lie in the scope."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(ids), AT_ONCE):
        rows = scope.limit(PowerTransformer.objects.filter(pk__in=ids[start : start + AT_ONCE]), "unit__path")
        found |= {pk: (code, name) for pk, code, name in rows.values_list("pk", "code", "name")}
    return found


def house_accounts() -> QuerySet[UsagePoint, Any]:
    """Accounts of the utility itself, under which the check meters (考核表) of transformer areas hang: ``account_id``, to be
    used inside another query."""
    return UsagePoint.objects.filter(kind="SUPPLY").values("account_id")
