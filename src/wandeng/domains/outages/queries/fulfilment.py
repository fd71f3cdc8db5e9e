"""How faithfully published plans are kept (计划检修兑现率): kept, changed, canceled, late, by month and unit."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import rules
from wandeng.domains.outages.models import PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.types import Fulfilment, KeptPlans
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


def fulfilment(
    scope: Scope, *, unit_code: str, year: int, now: datetime, library: RuleLibrary | None = None
) -> Fulfilment:
    """Of the planned outages that were published for a year, by the month in which they were first told to begin, and by unit.

    ``due``: that beginning has passed, or the plan was canceled or changed before. One plan counts once, by the first that holds:
    ``canceled``, ``changed`` (a change after publication was approved), ``missed`` (its window passed and it never ran), ``late``
    (ended later than told by more than the rule's minutes), else ``kept``. Raises :class:`NotFound`, ``NoRuleInForce``.
    """
    unit = organization.unit(scope, unit_code)
    rule = rules.planning(date(year, 12, 31), territory=unit.territory, library=library).fulfilment
    rows = scope.narrowed(unit.path).limit(
        PlannedOutage.objects.filter(category="PLANNED", published_at__isnull=False), "unit__path"
    )
    plans = {row.pk: row for row in rows.select_related("unit")}
    told = PlannedOutageVersion.objects.filter(outage__in=rows, state__in=("STANDS", "REPLACED")).order_by("version")
    # A version that nobody approved was made while the outage ran: another end of it is no change of the plan, it is late.
    told = told.exclude(is_change=True, approvals__isnull=True)
    first: dict[int, PlannedOutageVersion] = {}
    last: dict[int, PlannedOutageVersion] = {}
    for version in told:
        if not version.is_change:
            first[version.outage_id] = version  # the last version before publication is what was told first
        last[version.outage_id] = version
    months: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    units: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    late = timedelta(minutes=rule.late_minutes)
    for pk, plan in plans.items():
        begins = rules.local_day(first[pk].starts_at)
        if begins.year != year:
            continue
        outcome = _outcome(plan, first[pk], last[pk], now, late)
        if outcome:
            months[begins.month][outcome] += 1
            units[plan.unit.name][outcome] += 1
    return Fulfilment(
        unit_code=unit.code,
        unit_name=unit.name,
        year=year,
        target_percent=rule.target_percent,
        months=tuple(KeptPlans(f"{year}-{month:02}", **_counts(months[month])) for month in sorted(months)),
        units=tuple(KeptPlans(name, **_counts(units[name])) for name in sorted(units)),
    )


def _outcome(
    plan: PlannedOutage, first: PlannedOutageVersion, last: PlannedOutageVersion, now: datetime, late: timedelta
) -> str:
    """What became of a published plan; empty while nothing has."""
    if plan.state == "CANCELED":
        return "canceled"
    if last.version != first.version:
        return "changed"
    if plan.state == "PUBLISHED":
        return "missed" if last.ends_at < now else ""
    if plan.state == "RUNNING":
        return "late" if now > last.ends_at + late else ""
    return "late" if plan.ended_at is not None and plan.ended_at > last.ends_at + late else "kept"


def _counts(found: dict[str, int]) -> dict[str, int]:
    return {name: found.get(name, 0) for name in ("kept", "changed", "canceled", "missed", "late")}
