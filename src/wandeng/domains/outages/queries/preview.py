"""What a plan would come to, before anything is written: areas, users, findings, levels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wandeng.domains.customers import queries as customers
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import loading, reviewing, rules, writing
from wandeng.domains.outages.effect import Effect
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.types import AreaShown, FindingShown, PlanRequest, Preview, Severity, UserShown
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

SHOWN_USERS = 200


def preview(
    scope: Scope, request: PlanRequest, *, protected: Mapping[int, str], now: datetime, changes: str = "",
    library: RuleLibrary | None = None,
) -> Preview:  # fmt: skip
    """Trace and review a request. ``changes`` names the plan it would change: that one is not counted in its own history.

    Raises :class:`NotFound`, :class:`InvalidInput`, :class:`NobodyOff`, ``NoRuleInForce``.
    """
    unit = organization.unit(scope, request.unit_code)
    outage: PlannedOutage | None = None
    if changes:
        outage = scope.one(PlannedOutage.objects.select_related("unit"), "unit__path", "outage", number=changes)
    besides = outage.pk if outage is not None else None
    found = writing.traced(
        request, scope=scope, territory=unit.territory, at=now, protected=protected, besides=besides, library=library
    )
    narrowing = (
        outage is not None
        and outage.state == "PUBLISHED"
        and loading.keeps_within(loading.standing(outage), request.starts_at, request.ends_at, found)
    )
    one = writing.reviewed(request, found, outage_id=besides, is_narrowing=narrowing)
    rule = rules.planning(rules.local_day(request.starts_at), territory=unit.territory, library=library)
    findings = tuple(
        FindingShown(
            what.code,
            Severity.REFUSES if what.code in rule.forbidding.codes else Severity.WARNS,
            what.facts,
            "",
            None,
            "",
        )
        for what in reviewing.findings(one, at=now, territory=unit.territory, library=library)
    )
    levels = rules.levels(
        rule, unit_kind=unit.kind, category=request.category, customers=found.customers, important=len(found.off),
        warnings=[what.code for what in findings if what.severity is Severity.WARNS],
    )  # fmt: skip
    return Preview(
        areas=_areas(found),
        users=_users(scope, found),
        customers=found.customers,
        important=found.important,
        protected=found.protected,
        double_supply=found.double_supply,
        moved=len(found.isolated.moved),
        notice_by=rules.notice_by(rule.notice, request.category, request.starts_at),
        findings=tuple(sorted(findings, key=lambda what: what.severity)),
        levels=levels,
        most_planned=rule.yearly.most_planned,
    )


def _areas(found: Effect) -> tuple[AreaShown, ...]:
    feeders = network.feeders_rows(Scope.everywhere()).filter(pk__in={area.feeder_id for area in found.areas})
    named = {pk: (code, name) for pk, code, name in feeders.values_list("pk", "code", "name")}
    return tuple(
        AreaShown(
            area.transformer_id, area.code, area.name, area.place, *named[area.feeder_id], area.customers,
            area.important, area.planned_before, area.recent_before,
        )
        for area in found.areas
    )  # fmt: skip


def _users(scope: Scope, found: Effect) -> tuple[UserShown, ...]:
    codes = {area.transformer_id: area.code for area in found.areas}
    known = {int(one.id): one for one in customers.accounts_by_id(scope, [user.account_id for user in found.users])}
    return tuple(
        UserShown(
            user.account_id, known[user.account_id].account_number, known[user.account_id].name,
            codes.get(user.transformer_id, ""), user.importance, user.protection, user.keeps_supply,
        )
        for user in found.users
        if user.account_id in known
    )[:SHOWN_USERS]  # fmt: skip
