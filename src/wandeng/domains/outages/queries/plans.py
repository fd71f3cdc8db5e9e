"""One plan as people read it, and the plans of a time."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from wandeng.domains.outages import loading
from wandeng.domains.outages.models import (
    OutageApproval,
    OutageArea,
    OutageFinding,
    OutageImportantUser,
    OutageIsolation,
    OutageWork,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.roles import DECIDERS
from wandeng.domains.outages.types import (
    ApprovalShown,
    AreaShown,
    Decision,
    FindingShown,
    IsolationKind,
    IsolationShown,
    Level,
    LiveLine,
    OutageCategory,
    OutageReason,
    OutageState,
    PlanBrief,
    PlanView,
    Severity,
    UserShown,
    VersionShown,
    VersionState,
    WorkKind,
    WorkShown,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor

OPEN = ("DRAFT", "SUBMITTED", "APPROVED", "REFUSED", "PUBLISHED", "RUNNING")


def plan(scope: Scope, number: str, *, on: date, library: RuleLibrary | None = None) -> PlanView:
    """A plan with its versions, newest first, and what was said about them. ``on`` is today, for callers that show what is due.

    Raises :class:`NotFound`.
    """
    row = scope.one(PlannedOutage.objects.select_related("unit"), "unit__path", "outage", number=number)
    stored = list(row.versions.select_related("feeder").order_by("-version"))
    shown = _versions(row, stored, library)
    standing = next(one for one in shown if one.version == row.version)
    proposed = next((one for one in shown if one.state is VersionState.PROPOSED), None)
    approvals = OutageApproval.objects.filter(version__outage=row).select_related("version").order_by("at", "id")
    return PlanView(
        id=row.pk, number=row.number, reference=row.reference, title=row.title, unit_code=row.unit.code,
        unit_name=row.unit.name, unit_path=row.unit.path, category=OutageCategory(row.category),
        reason=OutageReason(row.reason), state=OutageState(row.state), version=row.version, created_by=row.created_by, created_at=row.created_at,
        approved_by=row.approved_by, approved_at=row.approved_at, published_at=row.published_at,
        canceled_at=row.canceled_at, cancel_reason=row.cancel_reason, ended_at=row.ended_at, standing=standing,
        proposed=proposed, versions=shown,
        approvals=tuple(
            ApprovalShown(one.version.version, Level(one.level), Decision(one.decision), one.by, one.at, one.note)
            for one in approvals
        ),
        next_level=_next_level(row, standing, proposed, approvals),
    )  # fmt: skip


def number_of(outage_id: int) -> str:
    """The number of a plan that was just drafted."""
    return PlannedOutage.objects.values_list("number", flat=True).get(pk=outage_id)


def decides(actor: Actor, found: PlanView) -> bool:
    """Whether the next level is this person's to decide on, and somebody else made what is decided on."""
    level = found.next_level
    if level is None or found.looked_at.made_by == actor.code:
        return False
    return any(actor.has(role) for role in DECIDERS[level])


def open_between(scope: Scope, from_at: datetime, to_at: datetime) -> tuple[PlanBrief, ...]:
    """The plans of the scope that are not over or canceled and whose window meets ``from_at`` ≤ t < ``to_at``, by start."""
    rows = PlannedOutageVersion.objects.filter(
        state="STANDS", outage__state__in=OPEN, starts_at__lt=to_at, ends_at__gt=from_at
    )
    rows = scope.limit(rows, "outage__unit__path").select_related("outage__unit", "feeder")
    return tuple(brief(row) for row in rows.order_by("starts_at", "outage__number"))


def brief(row: PlannedOutageVersion) -> PlanBrief:
    """A version in the place of its plan; ``outage__unit`` and ``feeder`` are read with it."""
    outage = row.outage
    return PlanBrief(
        id=outage.pk, number=outage.number, title=outage.title, unit_code=outage.unit.code,
        unit_name=outage.unit.name, unit_path=outage.unit.path, category=OutageCategory(outage.category),
        reason=OutageReason(outage.reason), state=OutageState(outage.state), version=row.version, version_id=row.pk,
        starts_at=row.starts_at, ends_at=row.ends_at, feeder_code=row.feeder.code if row.feeder else "",
        feeder_name=row.feeder.name if row.feeder else "", place=row.place, live_line=LiveLine(row.live_line),
        notice_by=row.notice_by, areas=row.areas, customers=row.customers, important=row.important,
    )  # fmt: skip


def _next_level(
    row: PlannedOutage, standing: VersionShown, proposed: VersionShown | None, said: Iterable[OutageApproval]
) -> Level | None:
    looked_at = proposed or standing
    if proposed is None and row.state != OutageState.SUBMITTED:
        return None
    done = {one.level for one in said if one.version.version == looked_at.version and one.decision == "APPROVED"}
    return next((level for level in looked_at.levels if level not in done), None)


def _versions(
    row: PlannedOutage, stored: Sequence[PlannedOutageVersion], library: RuleLibrary | None
) -> tuple[VersionShown, ...]:
    ids = [one.pk for one in stored]
    points = _by_version(
        OutageIsolation.objects.filter(version_id__in=ids).select_related("switch", "transformer").order_by("pk")
    )
    works = _by_version(OutageWork.objects.filter(version_id__in=ids).select_related("account").order_by("place"))
    areas = _by_version(
        OutageArea.objects.filter(version_id__in=ids)
        .select_related("transformer", "feeder")
        .order_by("feeder__code", "transformer__code")
    )
    users = _by_version(
        OutageImportantUser.objects.filter(version_id__in=ids)
        .select_related("account", "transformer")
        .order_by("account__account_number")
    )
    found = _by_version(OutageFinding.objects.filter(version_id__in=ids).order_by("severity", "id"))
    return tuple(
        _version(row, one, points[one.pk], works[one.pk], areas[one.pk], users[one.pk], found[one.pk], library)
        for one in stored
    )


def _by_version(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.version_id].append(row)
    return found


def _version(
    row: PlannedOutage, one: PlannedOutageVersion, points: Sequence[OutageIsolation], works: Sequence[OutageWork],
    areas: Sequence[OutageArea], users: Sequence[OutageImportantUser], found: Sequence[OutageFinding],
    library: RuleLibrary | None,
) -> VersionShown:  # fmt: skip
    findings = tuple(finding(one) for one in found)
    levels = loading.levels_of(
        row, one, important=sum(1 for user in users if not user.keeps_supply),
        warnings=[one.code for one in findings if one.severity is Severity.WARNS], library=library,
    )  # fmt: skip
    return VersionShown(
        id=one.pk, version=one.version, state=VersionState(one.state), is_change=one.is_change,
        starts_at=one.starts_at, ends_at=one.ends_at, feeder_code=one.feeder.code if one.feeder else "",
        feeder_name=one.feeder.name if one.feeder else "", place=one.place, work=one.work,
        live_line=LiveLine(one.live_line), reason=one.reason, made_by=one.made_by, made_at=one.made_at,
        notice_by=one.notice_by, customers=one.customers, important=one.important, protected=one.protected,
        double_supply=one.double_supply, isolation=tuple(_isolation(point) for point in points),
        works=tuple(
            WorkShown(
                WorkKind(work.kind), work.unit, work.description, work.crew_code,
                work.account.account_number if work.account else "", LiveLine(work.live_line),
            )
            for work in works
        ),
        areas=tuple(
            AreaShown(
                area.transformer_id, area.transformer.code, area.transformer.name, area.place, area.feeder.code,
                area.feeder.name, area.customers, area.important, area.planned_before, area.recent_before,
            )
            for area in areas
        ),
        users=tuple(
            UserShown(
                user.account_id, user.account.account_number, user.account.name, user.transformer.code,
                user.importance, user.protection, user.keeps_supply,
            )
            for user in users
        ),
        findings=findings, levels=levels,
    )  # fmt: skip


def finding(row: OutageFinding) -> FindingShown:
    """A stored finding."""
    return FindingShown(
        row.code, Severity(row.severity), json.loads(row.facts), row.acknowledged_by, row.acknowledged_at,
        row.acknowledged_reason,
    )  # fmt: skip


def _isolation(row: OutageIsolation) -> IsolationShown:
    what = row.transformer if row.transformer is not None else row.switch
    assert what is not None
    return IsolationShown(IsolationKind(row.kind), what.code, what.name)
