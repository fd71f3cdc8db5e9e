"""Plans as they are stored: under their lock, with the version that stands, and as a review looks at them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from wandeng.domains.outages import effect, reviewing, rules
from wandeng.domains.outages.effect import Point
from wandeng.domains.outages.models import OutageFinding, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.types.plans import IsolationKind, Level, LiveLine, OutageCategory, VersionState
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound


def locked(actor: Actor, number: str) -> PlannedOutage:
    """A plan under its lock. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = PlannedOutage.objects.select_for_update(of=("self",)).select_related("unit")
    return Scope.of(actor).one(rows, "unit__path", "outage", number=number)


def standing(row: PlannedOutage) -> PlannedOutageVersion:
    """The version that stands."""
    return row.versions.get(version=row.version)


def finding(version: PlannedOutageVersion, code: str) -> OutageFinding:
    """A finding by its word. Raises :class:`NotFound`."""
    found = version.findings.filter(code=code).first()
    if found is None:
        raise NotFound(f"nothing was found under {code}")
    return found


def stored(
    row: PlannedOutage, version: PlannedOutageVersion, *, at: datetime, library: RuleLibrary | None
) -> reviewing.Reviewed:
    """A stored version as a review looks at it: traced anew, with the protections that were known when it was made."""
    points = tuple(
        Point(IsolationKind(one.kind), one.switch_id, one.transformer_id)
        for one in version.isolation.order_by("pk")
    )  # fmt: skip
    protected = dict(version.important_users.exclude(protection="").values_list("account_id", "protection"))
    found = effect.effect_of(
        points, starts_at=version.starts_at, live_line=LiveLine(version.live_line), protected=protected, at=at,
        territory=row.unit.territory, besides=row.pk, library=library,
    )  # fmt: skip
    crews = version.works.exclude(crew_code="").values_list("crew_code", flat=True)
    return reviewing.Reviewed(
        OutageCategory(row.category), version.starts_at, version.ends_at, LiveLine(version.live_line),
        tuple(sorted(set(crews))), found, row.pk, _is_narrowing(row, version, found),
    )  # fmt: skip


def _is_narrowing(row: PlannedOutage, version: PlannedOutageVersion, found: effect.Effect) -> bool:
    """Whether a change keeps within what stands: nobody has to be told anew."""
    if not version.is_change or version.state != VersionState.PROPOSED:
        return False
    return keeps_within(standing(row), version.starts_at, version.ends_at, found)


def keeps_within(old: PlannedOutageVersion, starts_at: datetime, ends_at: datetime, found: effect.Effect) -> bool:
    """Whether a window and its areas lie within those of a version: the same or shorter, and no area more."""
    areas = set(old.outage_areas.values_list("transformer_id", flat=True))
    inside = old.starts_at <= starts_at and ends_at <= old.ends_at
    return inside and {area.transformer_id for area in found.areas} <= areas


def levels(row: PlannedOutage, version: PlannedOutageVersion, library: RuleLibrary | None) -> tuple[Level, ...]:
    """Who decides on a version, the lowest level first. Raises ``NoRuleInForce``."""
    warnings = list(version.findings.filter(severity="WARNS").values_list("code", flat=True))
    important = version.important_users.filter(keeps_supply=False).count()
    return levels_of(row, version, important=important, warnings=warnings, library=library)


def levels_of(
    row: PlannedOutage,
    version: PlannedOutageVersion,
    *,
    important: int,
    warnings: Collection[str],
    library: RuleLibrary | None,
) -> tuple[Level, ...]:
    """The same for who has counted already. Raises ``NoRuleInForce``."""
    rule = rules.planning(rules.local_day(version.starts_at), territory=row.unit.territory, library=library)
    return rules.levels(
        rule, unit_kind=row.unit.kind, category=row.category, customers=version.customers, important=important,
        warnings=warnings,
    )  # fmt: skip


def levels_missing(
    row: PlannedOutage, version: PlannedOutageVersion, library: RuleLibrary | None
) -> tuple[Level, ...]:  # fmt: skip
    """Levels that are wanted by now and have not approved: what is found may have grown since."""
    done = set(version.approvals.filter(decision="APPROVED").values_list("level", flat=True))
    return tuple(one for one in levels(row, version, library) if one not in done)


def levels_left(
    row: PlannedOutage, version: PlannedOutageVersion, library: RuleLibrary | None
) -> tuple[Level, ...]:  # fmt: skip
    """The levels that have not approved the version yet, the next one first."""
    done = set(version.approvals.filter(decision="APPROVED").values_list("level", flat=True))
    wanted = levels(row, version, library)
    return tuple(one for one in wanted if one not in done) or wanted[-1:]
