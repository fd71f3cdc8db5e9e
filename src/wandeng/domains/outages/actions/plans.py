"""The life of a plan: drafted, reviewed, submitted, approved by levels, published, changed, canceled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import loading, reviewing, rules, writing
from wandeng.domains.outages.events import OutageCanceled, OutageChanged, OutagePublished
from wandeng.domains.outages.models import OutageApproval, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.roles import DECIDERS, PLANNERS, PUBLISHERS
from wandeng.domains.outages.states import PLAN, VERSION
from wandeng.domains.outages.types.plans import (
    ApprovalMissing,
    Decision,
    Level,
    LevelNotWanted,
    OutageCategory,
    OutageState,
    PlanRequest,
    SamePlanner,
    Severity,
    VersionState,
)
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

NOBODY: Mapping[int, str] = {}


@transaction.atomic
def draft(
    *, request: PlanRequest, actor: Actor, at: datetime, protected: Mapping[int, str] = NOBODY,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Draft a plan: whom it interrupts is traced, and its first version reviewed. ``protected``: kinds of protection by account
    id. Returns the plan's id.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`InvalidInput`, :class:`NobodyOff`, ``NoRuleInForce``.
    """
    unit = organization.unit(Scope.of(actor), request.unit_code)
    require(actor, *PLANNERS, unit_path=unit.path)
    found = writing.traced(
        request, scope=Scope.of(actor), territory=unit.territory, at=at, protected=protected, besides=None,
        library=library,
    )  # fmt: skip
    row = writing.plan(request, unit.unit_id, actor=actor, at=at, reserve=ids.reserve)
    row.save(force_insert=True)
    version = writing.version(
        row, 1, request, found, state=VersionState.STANDS, reason="", is_change=False, territory=unit.territory,
        actor=actor, at=at, library=library,
    )  # fmt: skip
    _review(row, version, writing.reviewed(request, found, outage_id=row.pk), at, unit.territory, library)
    _log("outage.draft", row, version, actor, at)
    return row.pk


@transaction.atomic
def change(
    *, number: str, request: PlanRequest, reason: str, actor: Actor, at: datetime,
    protected: Mapping[int, str] = NOBODY, library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Write the next version, for a reason. Before publication it stands at once and the plan is a draft again; a published plan
    keeps the version that was told until the levels approve the new one. Returns the new version's number.

    The notice clock runs anew unless the change keeps within what was told: the same or a shorter window and no area more.
    Raises as :func:`draft`; :class:`Conflict` while another change waits, or for a plan that runs or is over.
    """
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the plan is changed")
    if row.category != request.category.value or row.unit.code != request.unit_code:
        raise InvalidInput("a plan keeps its unit and whether it is planned or temporary: cancel it and draft another")
    told = row.state == OutageState.PUBLISHED
    if not told and row.state not in PLAN.origins("edit"):
        raise Conflict(f"outage {number} is {row.state}: it is not changed any more")
    if row.versions.filter(state="PROPOSED").exists():
        raise Conflict(f"a change of {number} waits for approval already")
    territory = row.unit.territory
    found = writing.traced(
        request, scope=Scope.of(actor), territory=territory, at=at, protected=protected, besides=row.pk, library=library
    )  # fmt: skip
    old = loading.standing(row)
    if not told:
        move(old, VERSION, "replace", actor=actor, at=at, reason=reason)
    last = row.versions.order_by("-version").values_list("version", flat=True)[0]
    version = writing.version(
        row, last + 1, request, found, state=VersionState.PROPOSED if told else VersionState.STANDS, reason=reason,
        is_change=told, territory=territory, actor=actor, at=at, library=library,
    )  # fmt: skip
    narrowing = told and loading.keeps_within(old, request.starts_at, request.ends_at, found)
    one = writing.reviewed(request, found, outage_id=row.pk, is_narrowing=narrowing)
    _review(row, version, one, at, territory, library)
    if not told:
        PlannedOutage.objects.filter(pk=row.pk).update(
            version=version.version, title=request.title.strip(), reason=request.reason.value
        )
        move(row, PLAN, "edit", actor=actor, at=at, reason=reason.strip())
    _log("outage.change", row, version, actor, at, reason)
    return version.version


@transaction.atomic
def review(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """Review what is being decided on again (重新校核): history and other plans have moved on since. Raises :class:`NotFound`,
    :class:`NotAllowed`, :class:`Conflict` for a plan that runs or is over."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, *DECIDERS_OF_ALL, unit_path=row.unit.path)
    version = _open_version(row)
    _again(row, version, at, library)
    _log("outage.review", row, version, actor, at)


@transaction.atomic
def acknowledge(*, number: str, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Answer for a warning with a reason. Raises :class:`InvalidInput` without one, :class:`Conflict` for a finding that forbids
    or was acknowledged, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("a warning is acknowledged for a stated reason")
    version = _open_version(row)
    finding = loading.finding(version, code)
    if finding.severity == Severity.REFUSES:
        raise Conflict(f"{code} forbids the plan: it cannot be acknowledged, change the plan")
    if finding.acknowledged_by:
        raise Conflict(f"{code} is acknowledged already")
    version.findings.filter(pk=finding.pk).update(
        acknowledged_by=actor.code, acknowledged_at=at, acknowledged_reason=reason.strip()
    )
    _log("outage.acknowledge", row, version, actor, at, reason, finding=code)


@transaction.atomic
def submit(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """Hand a draft in for approval. Raises :class:`PlanForbidden`, :class:`WarningsOpen`, ``MoveRefused``, :class:`NotFound`,
    :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    version = loading.standing(row)
    move(row, PLAN, "submit", actor=actor, at=at)
    _again(row, version, at, library)
    writing.require_clear(version)
    _log("outage.submit", row, version, actor, at)


@transaction.atomic
def approve(
    *, number: str, actor: Actor, at: datetime, note: str = "", library: RuleLibrary | None = None
) -> str:  # fmt: skip
    """Approve at the level whose turn it is; the highest that is wanted makes the plan approved, or lets a change of a published
    plan stand. Returns the level that decides next, empty when it was the last.

    Raises :class:`SamePlanner`, :class:`LevelNotWanted`, :class:`PlanForbidden`, :class:`WarningsOpen`, :class:`NotFound`,
    :class:`NotAllowed`.
    """
    row = loading.locked(actor, number)
    version = _decided_on(row)
    left = loading.levels_left(row, version, library)
    _refuse_decider(row, version, left, actor)
    _again(row, version, at, library)
    writing.require_clear(version)
    left = loading.levels_left(row, version, library)
    _decide(version, left[0], Decision.APPROVED, actor, at, note)
    _log("outage.approve", row, version, actor, at, note, level=left[0])
    if left[1:]:
        return left[1].value
    if row.state == OutageState.PUBLISHED:
        _stand(row, version, actor, at)
    else:
        move(row, PLAN, "approve", actor=actor, at=at, approved_by=actor.code, approved_at=at)
    return ""


@transaction.atomic
def send_back(
    *, number: str, note: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> None:  # fmt: skip
    """Refuse at the level whose turn it is, for a reason: a plan goes back to who drafted it, a change is dropped.

    Raises as :func:`approve`, :class:`InvalidInput` without a reason.
    """
    row = loading.locked(actor, number)
    version = _decided_on(row)
    if not note.strip():
        raise InvalidInput("a plan is sent back for a stated reason")
    left = loading.levels_left(row, version, library)
    _refuse_decider(row, version, left, actor)
    _decide(version, left[0], Decision.REFUSED, actor, at, note)
    if version.state == VersionState.PROPOSED:
        move(version, VERSION, "refuse", actor=actor, at=at, reason=note.strip())
    else:
        move(row, PLAN, "send_back", actor=actor, at=at, reason=note.strip())
    _log("outage.send_back", row, version, actor, at, note, level=left[0])


@transaction.atomic
def withdraw_change(*, number: str, actor: Actor, at: datetime) -> None:
    """Take back a change that waits for approval. Raises :class:`Conflict` when none does, :class:`NotFound`,
    :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    version = row.versions.filter(state="PROPOSED").first()
    if version is None:
        raise Conflict(f"no change of {number} waits for approval")
    move(version, VERSION, "withdraw", actor=actor, at=at)
    _log("outage.withdraw_change", row, version, actor, at)


@transaction.atomic
def publish(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """Publish an approved plan: from now on it counts as told. Raises :class:`PlanForbidden` (the notice may have become too
    short meanwhile), :class:`WarningsOpen`, :class:`ApprovalMissing` of a temporary one that became short,
    ``MoveRefused``, :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *PUBLISHERS, unit_path=row.unit.path)
    version = loading.standing(row)
    move(row, PLAN, "publish", actor=actor, at=at, published_at=at)
    _again(row, version, at, library)
    writing.require_clear(version)
    missing = loading.levels_missing(row, version, library) if row.category == OutageCategory.TEMPORARY else ()
    if missing:
        raise ApprovalMissing(f"{number} needs the approval of a higher level by now: change it and submit it again")
    events.publish(OutagePublished(row.number, version.version, row.unit.path), at=at)
    _log("outage.publish", row, version, actor, at)


@transaction.atomic
def cancel(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Cancel a plan that does not run yet, for a reason; of a published one those who were told are told.

    Raises :class:`InvalidInput` without a reason, ``MoveRefused``, :class:`NotFound`, :class:`NotAllowed`.
    """
    row = loading.locked(actor, number)
    require(actor, *PLANNERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("a plan is canceled for a stated reason")
    proposed = row.versions.filter(state="PROPOSED").first()
    if proposed is not None:
        move(proposed, VERSION, "withdraw", actor=actor, at=at, reason=reason.strip())
    was, _ = move(
        row, PLAN, "cancel", actor=actor, at=at, reason=reason.strip(), canceled_at=at, cancel_reason=reason.strip()
    )
    if was == OutageState.PUBLISHED:
        events.publish(OutageCanceled(row.number, row.version, row.unit.path), at=at)
    _log("outage.cancel", row, loading.standing(row), actor, at, reason)


DECIDERS_OF_ALL = tuple(dict.fromkeys(role for roles in DECIDERS.values() for role in roles))


def _stand(row: PlannedOutage, version: PlannedOutageVersion, actor: Actor, at: datetime) -> None:
    """Let an approved change stand in the place of what was told."""
    old = loading.standing(row)
    move(old, VERSION, "replace", actor=actor, at=at, reason=version.reason)
    move(version, VERSION, "stand", actor=actor, at=at, reason=version.reason)
    PlannedOutage.objects.filter(pk=row.pk).update(version=version.version)
    events.publish(OutageChanged(row.number, version.version, old.version, row.unit.path), at=at)


def _decided_on(row: PlannedOutage) -> PlannedOutageVersion:
    """The version that waits for a level. Raises :class:`LevelNotWanted`."""
    proposed = row.versions.filter(state="PROPOSED").first()
    if proposed is not None:
        return proposed
    if row.state != OutageState.SUBMITTED:
        raise LevelNotWanted(f"outage {row.number} does not wait for approval: it is {row.state}", state=row.state)
    return loading.standing(row)


def _open_version(row: PlannedOutage) -> PlannedOutageVersion:
    if row.state in (OutageState.RUNNING, OutageState.DONE, OutageState.CANCELED):
        raise Conflict(f"outage {row.number} is {row.state}: it is not reviewed any more")
    return row.versions.filter(state="PROPOSED").first() or loading.standing(row)


def _refuse_decider(row: PlannedOutage, version: PlannedOutageVersion, left: tuple[Level, ...], actor: Actor) -> None:
    require(actor, *DECIDERS[left[0]], unit_path=row.unit.path)
    if actor.code == version.made_by:
        raise SamePlanner("a plan is approved by somebody who did not make it")


def _decide(
    version: PlannedOutageVersion, level: str, decision: Decision, actor: Actor, at: datetime, note: str
) -> None:
    OutageApproval.objects.create(
        id=ids.reserve(OutageApproval, 1), version=version, level=level, decision=decision.value, by=actor.code, at=at,
        note=note.strip(),
    )  # fmt: skip


def _again(row: PlannedOutage, version: PlannedOutageVersion, at: datetime, library: RuleLibrary | None) -> None:
    """Review a stored version anew."""
    one = loading.stored(row, version, at=at, library=library)
    _review(row, version, one, at, row.unit.territory, library)


def _review(
    row: PlannedOutage, version: PlannedOutageVersion, one: reviewing.Reviewed, at: datetime, territory: str,
    library: RuleLibrary | None,
) -> None:  # fmt: skip
    rule = rules.planning(rules.local_day(version.starts_at), territory=territory, library=library)
    found = reviewing.findings(one, at=at, territory=territory, library=library)
    writing.keep_findings(version, found, forbidding=rule.forbidding.codes)


def _log(
    action: str, row: PlannedOutage, version: PlannedOutageVersion, actor: Actor, at: datetime, reason: str = "",
    **facts: object,
) -> None:  # fmt: skip
    told = {"version": version.version, "areas": version.areas, "customers": version.customers, **facts}
    audit.record(
        actor=actor, action=action, subject=("outage", row.number), facts=told, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
