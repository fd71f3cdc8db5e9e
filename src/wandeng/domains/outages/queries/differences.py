"""Two versions of a plan side by side: which areas and whom a change adds, drops and keeps."""

from __future__ import annotations

from collections.abc import Sequence

from wandeng.domains.customers import queries as customers
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.models import OutageArea, PlannedOutage
from wandeng.domains.outages.types import AccountNamed, AreaNamed, VersionsDiffer
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

SHOWN = 100


def differences(scope: Scope, number: str, *, version: int, before: int) -> VersionsDiffer:
    """What ``version`` changes against ``before``; customers are those without supply, traced anew. At most 100 customers of each
    kind are named. Raises :class:`NotFound`."""
    outage = scope.one(PlannedOutage.objects.all(), "unit__path", "outage", number=number)
    known = {one.version: one for one in outage.versions.filter(version__in=(version, before))}
    if len(known) < len({version, before}):
        raise NotFound(f"outage {number} has no version {version if version not in known else before}")
    old, new = known[before], known[version]
    with ColumnStore() as store:
        were, are = (
            set(affected.of_version(store, one)["account_id"].to_list()) for one in (old, new)
        )  # fmt: skip
    rows = OutageArea.objects.filter(version__in=(old, new)).select_related("transformer")
    areas: dict[int, dict[int, AreaNamed]] = {old.pk: {}, new.pk: {}}
    for row in rows.order_by("transformer__code"):
        areas[row.version_id][row.transformer_id] = AreaNamed(row.transformer.code, row.place, row.customers)
    here, there = areas[new.pk], areas[old.pk]
    return VersionsDiffer(
        version=version,
        before=before,
        reason=new.reason,
        starts_at=(old.starts_at, new.starts_at),
        ends_at=(old.ends_at, new.ends_at),
        areas_added=tuple(area for pk, area in here.items() if pk not in there),
        areas_dropped=tuple(area for pk, area in there.items() if pk not in here),
        areas_kept=len(here.keys() & there.keys()),
        added=len(are - were),
        dropped=len(were - are),
        kept=len(were & are),
        added_named=_named(scope, sorted(are - were)),
        dropped_named=_named(scope, sorted(were - are)),
    )


def _named(scope: Scope, accounts: Sequence[int]) -> tuple[AccountNamed, ...]:
    found = customers.accounts_by_id(scope, accounts[:SHOWN])
    return tuple(
        sorted((AccountNamed(one.account_number, one.name) for one in found), key=lambda one: one.account_number)
    )
