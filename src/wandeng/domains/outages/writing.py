"""Writing a version of a plan down: its window, points, works, and whom it interrupts as traced; its findings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from wandeng.domains.customers import queries as customers
from wandeng.domains.outages import effect, reviewing, rules
from wandeng.domains.outages.effect import Effect
from wandeng.domains.outages.found import Found
from wandeng.domains.outages.models import (
    OutageArea,
    OutageFinding,
    OutageImportantUser,
    OutageIsolation,
    OutageWork,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.types.plans import (
    LiveLine,
    PlanForbidden,
    PlanRequest,
    Severity,
    VersionState,
    WarningsOpen,
)
from wandeng.infra import ids, statements
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

PLACE_LENGTH = 500
UNNAMED_LENGTH = 12
DRIFTING = ("hours_left", "days_left")


def refuse_impossible(request: PlanRequest, at: datetime) -> None:
    """Raises :class:`InvalidInput` for what no plan can be."""
    if request.starts_at.utcoffset() is None or request.ends_at.utcoffset() is None:
        raise InvalidInput("times of an outage carry their time zone")
    if request.ends_at <= request.starts_at:
        raise InvalidInput("an outage ends after it begins")
    if request.starts_at <= at:
        raise InvalidInput("an outage that is planned begins in the future")
    if not request.title.strip():
        raise InvalidInput("an outage plan has a title")
    if not request.works:
        raise InvalidInput("an outage plan names at least one work")
    if any(not one.description.strip() or not one.unit.strip() for one in request.works):
        raise InvalidInput("each work says who does what")
    if not request.isolation and request.live_line is not LiveLine.CHOSEN:
        raise InvalidInput("name what is isolated: switches or transformers")


def traced(
    request: PlanRequest, *, scope: Scope, territory: str, at: datetime, protected: Mapping[int, str],
    besides: int | None, library: RuleLibrary | None,
) -> Effect:  # fmt: skip
    """Whom the request would interrupt. Raises :class:`InvalidInput`, ``NotFound``, ``NobodyOff``."""
    refuse_impossible(request, at)
    return effect.effect_of(
        effect.points_of(scope, request.isolation), starts_at=request.starts_at, live_line=request.live_line,
        protected=protected, at=at, territory=territory, besides=besides, library=library,
    )  # fmt: skip


def reviewed(
    request: PlanRequest, found: Effect, *, outage_id: int | None, is_narrowing: bool = False
) -> reviewing.Reviewed:
    """What of a request is reviewed."""
    return reviewing.Reviewed(
        request.category, request.starts_at, request.ends_at, request.live_line, crews_of(request), found, outage_id,
        is_narrowing,
    )  # fmt: skip


def crews_of(request: PlanRequest) -> tuple[str, ...]:
    """The crews a request wants."""
    return tuple(sorted({one.crew_code for one in request.works if one.crew_code}))


Reserve = Callable[[type[models.Model], int], int]
"""Takes so many ids of a model's table and returns the first: on Django's connection or an importer's."""


@dataclass(frozen=True, slots=True)
class Written:
    """A version with what hangs on it, not stored yet."""

    version: PlannedOutageVersion
    isolation: tuple[OutageIsolation, ...]
    works: tuple[OutageWork, ...]
    areas: tuple[OutageArea, ...]
    users: tuple[OutageImportantUser, ...]


def plan(
    request: PlanRequest, unit_id: int, *, actor: Actor, at: datetime, reserve: Reserve, reference: str = ""
) -> PlannedOutage:
    """A plan with its number, not stored yet."""
    first = reserve(PlannedOutage, 1)
    return PlannedOutage(
        id=first, number=f"TD{rules.local_day(request.starts_at):%Y}-{first:06d}", unit_id=unit_id,
        category=request.category.value, reason=request.reason.value, title=request.title.strip(), reference=reference,
        created_by=actor.code, created_at=at,
    )  # fmt: skip


def version(
    outage: PlannedOutage, number: int, request: PlanRequest, found: Effect, *, state: VersionState, reason: str,
    is_change: bool, territory: str, actor: Actor, at: datetime, library: RuleLibrary | None,
) -> PlannedOutageVersion:  # fmt: skip
    """Write a version with its points, works, areas and users."""
    made = parts(
        outage, number, request, found, state=state, reason=reason, is_change=is_change, territory=territory,
        actor=actor, at=at, accounts=accounts_of(request, Scope.of(actor)), reserve=ids.reserve, library=library,
    )  # fmt: skip
    made.version.save(force_insert=True)
    OutageIsolation.objects.bulk_create(made.isolation)
    OutageWork.objects.bulk_create(made.works)
    statements.insert(made.areas)
    statements.insert(made.users)
    return made.version


def accounts_of(request: PlanRequest, scope: Scope) -> dict[str, int]:
    """Ids of the accounts that works name. Raises ``NotFound``."""
    works = {one.account_number for one in request.works if one.account_number}
    return {number: customers.account(scope, number).id for number in sorted(works)}


def parts(
    outage: PlannedOutage, number: int, request: PlanRequest, found: Effect, *, state: VersionState, reason: str,
    is_change: bool, territory: str, actor: Actor, at: datetime, accounts: Mapping[str, int], reserve: Reserve,
    library: RuleLibrary | None,
) -> Written:  # fmt: skip
    """A version with its points, works, areas and users, not stored yet. Raises ``NoRuleInForce``."""
    rule = rules.planning(rules.local_day(request.starts_at), territory=territory, library=library)
    row = PlannedOutageVersion(
        id=reserve(PlannedOutageVersion, 1), outage=outage, version=number, state=state.value, is_change=is_change,
        starts_at=request.starts_at, ends_at=request.ends_at, feeder_id=found.feeder_id,
        place=(request.place.strip() or _places(found.places)),
        work="；".join(one.description.strip() for one in request.works)[:PLACE_LENGTH],
        live_line=request.live_line.value, reason=reason.strip(), made_by=actor.code, made_at=at,
        notice_by=rules.notice_by(rule.notice, request.category, request.starts_at), areas=len(found.areas),
        customers=found.customers, important=found.important, protected=found.protected,
        double_supply=found.double_supply,
    )  # fmt: skip
    isolation = tuple(
        OutageIsolation(
            version=row, kind=one.kind.value, switch_id=one.switch_id, transformer_id=one.transformer_id
        )
        for one in found.points
    )  # fmt: skip
    works = tuple(
        OutageWork(
            version=row, place=place, kind=one.kind.value, unit=one.unit.strip(), description=one.description.strip(),
            crew_code=one.crew_code.strip(), account_id=accounts.get(one.account_number), live_line=one.live_line.value,
        )
        for place, one in enumerate(request.works, start=1)
    )  # fmt: skip
    return Written(row, isolation, works, _areas(row, found, reserve), _users(row, found, reserve))


def _areas(row: PlannedOutageVersion, found: Effect, reserve: Reserve) -> tuple[OutageArea, ...]:
    first = reserve(OutageArea, max(1, len(found.areas)))
    return tuple(
        OutageArea(
            id=first + place, version_id=row.pk, transformer_id=one.transformer_id, feeder_id=one.feeder_id,
            place=one.place, customers=one.customers, important=one.important, planned_before=one.planned_before,
            recent_before=one.recent_before,
        )
        for place, one in enumerate(found.areas)
    )  # fmt: skip


def _users(row: PlannedOutageVersion, found: Effect, reserve: Reserve) -> tuple[OutageImportantUser, ...]:
    first = reserve(OutageImportantUser, max(1, len(found.users)))
    return tuple(
        OutageImportantUser(
            id=first + place, version_id=row.pk, account_id=one.account_id, transformer_id=one.transformer_id,
            importance=one.importance, protection=one.protection, keeps_supply=one.keeps_supply,
        )
        for place, one in enumerate(found.users)
    )  # fmt: skip


def finding_rows(
    row: PlannedOutageVersion, told: Mapping[str, Mapping[str, object]], *, forbidding: Sequence[str], reserve: Reserve
) -> tuple[OutageFinding, ...]:
    """Findings of a version, facts by their code, not stored yet."""
    first = reserve(OutageFinding, max(1, len(told)))
    return tuple(
        OutageFinding(
            id=first + place, version=row, code=code, facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
            severity=(Severity.REFUSES if code in forbidding else Severity.WARNS).value,
        )
        for place, (code, facts) in enumerate(told.items())
    )  # fmt: skip


def keep_findings(row: PlannedOutageVersion, found: Sequence[Found], *, forbidding: Sequence[str]) -> None:
    """Store what a review found; an acknowledgment stays while its finding says the same."""
    known = {one.code: _lasting(json.loads(one.facts)) for one in row.findings.all()}
    told = {one.code: one.facts for one in found}
    row.findings.filter(code__in=[code for code in known if _lasting(told.get(code, {})) != known[code]]).delete()
    new = {code: facts for code, facts in told.items() if known.get(code) != _lasting(facts)}
    OutageFinding.objects.bulk_create(finding_rows(row, new, forbidding=forbidding, reserve=ids.reserve))


def _lasting(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts without what changes by the hour, so that an acknowledgment does not fade overnight."""
    return {key: value for key, value in facts.items() if key not in DRIFTING}


def require_clear(row: PlannedOutageVersion) -> None:
    """Raises :class:`PlanForbidden` naming what forbids the version, :class:`WarningsOpen` naming what nobody acknowledged."""
    refusing = sorted(row.findings.filter(severity="REFUSES").values_list("code", flat=True))
    if refusing:
        raise PlanForbidden(f"the plan cannot go on: {', '.join(refusing)}", codes=refusing)
    waiting = sorted(row.findings.filter(severity="WARNS", acknowledged_by="").values_list("code", flat=True))
    if waiting:
        raise WarningsOpen(f"acknowledge with a reason first: {', '.join(waiting)}", codes=waiting)


def _places(places: Sequence[str]) -> str:
    told = ""
    for count, place in enumerate(places):
        longer = f"{told}、{place}" if told else place
        if len(longer) > PLACE_LENGTH - UNNAMED_LENGTH:
            return f"{told}等 {len(places)} 处" if count else longer[:PLACE_LENGTH]
        told = longer
    return told
