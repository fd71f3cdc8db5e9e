"""Switching sheets with what other domains know: who must not be off, who was told, the log of switches, who is off since when.

A step that is executed is one transaction: the switch is logged, what it took off and gave back is written as it happens, and the
outage plan it serves starts and ends by it. An area that is off has one open step, whoever wrote it: nothing is counted twice.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.network import actions as network
from wandeng.domains.network.queries import replaying
from wandeng.domains.organization.types import Role
from wandeng.domains.outages import queries as outages
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.types import IsolationKind
from wandeng.domains.reliability import actions as reliability
from wandeng.domains.reliability import queries as interruptions
from wandeng.domains.reliability.frames import ongoing
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.domains.switching import queries
from wandeng.domains.switching.actions import sheets, steps
from wandeng.domains.switching.types import (
    SWITCHED,
    SheetRequest,
    StepAction,
    StepAnswer,
    StepAsked,
    StepDue,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import SwitchId
from wandeng.kernel.periods import BILLING_ZONE

INCIDENT = "cases.incident:"
SHEET = "switching.sheet:"


def suggest(
    scope: Scope, number: str, *, is_back: bool, now: datetime, library: RuleLibrary | None = None
) -> SheetRequest:
    """A sheet for an outage plan, from its isolation points: off with ties closed first, then opened and taken out, voltage looked
    for and grounds set; or the way back in the opposite order. For a person to read and change.

    Raises :class:`NotFound`, :class:`InvalidInput` for a plan without isolation points.
    """
    plan = outages.plan(scope, number, on=_day(now), library=library)
    points = plan.standing.isolation
    if not points:
        raise InvalidInput(f"nothing is isolated by {number}: it needs no sheet")
    ties = [one.code for one in points if one.kind is IsolationKind.CLOSE]
    opened = [(one.code, one.name) for one in points if one.kind is IsolationKind.OPEN]
    taken = [(one.code, one.name) for one in points if one.kind is IsolationKind.OUT]
    cut = [StepAsked(StepAction.OPEN, code) for code, _name in opened]
    cut += [StepAsked(StepAction.TAKE_OUT, code) for code, _name in taken]
    places = [f"{name} {code}" for code, name in (*opened, *taken)]
    asked: list[StepAsked]
    if is_back:
        asked = [StepAsked(StepAction.UNGROUND, text=place) for place in reversed(places)]
        asked.append(StepAsked(StepAction.VERIFY, text="工作结束，人员撤离，接地线已全部拆除"))
        asked += [_opposite(one) for one in reversed(cut)]
        asked += [StepAsked(StepAction.OPEN, code) for code in reversed(ties)]
    else:
        asked = [StepAsked(StepAction.CLOSE, code) for code in ties] + cut
        asked += [StepAsked(StepAction.VERIFY, text=f"{place} 验明确无电压") for place in places]
        asked += [StepAsked(StepAction.GROUND, text=place) for place in places]
    purpose = f"{plan.title}（{'送电' if is_back else '停电'}）"
    return SheetRequest(plan.unit_code, purpose[:200], tuple(asked), outage=number)


def draft(*, request: SheetRequest, actor: Actor, at: datetime) -> str:
    """Write a sheet; the plan it names is one of the actor's. Returns its number. Raises as ``sheets.draft``."""
    _told(Scope.of(actor), request.outage)
    return sheets.draft(request=request, actor=actor, at=at)


def rewrite(*, number: str, request: SheetRequest, actor: Actor, at: datetime) -> None:
    """Write a sheet anew. Raises as ``sheets.rewrite``."""
    _told(Scope.of(actor), request.outage)
    sheets.rewrite(number=number, request=request, actor=actor, at=at)


def review(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Replay a sheet that is being written. Raises as ``sheets.review``."""
    told = _told_of(number, actor)
    return sheets.review(number=number, actor=actor, at=at, protected=_protected(at), told=told, library=library)


def check(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Check a sheet by a second person. Raises as ``sheets.check``."""
    told = _told_of(number, actor)
    return sheets.check(number=number, actor=actor, at=at, protected=_protected(at), told=told, library=library)


def issue(*, number: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """Issue a checked sheet. Raises as ``sheets.issue``, :class:`InvalidInput` for one of a plan that is not published."""
    found = queries.sheet(Scope.of(actor), number)
    told = _told(Scope.of(actor), found.outage)
    if found.outage:
        plan = outages.plan(Scope.of(actor), found.outage, on=_day(at), library=library)
        if plan.state not in ("PUBLISHED", "RUNNING"):
            raise InvalidInput(f"outage {found.outage} is {plan.state}: its sheet is issued once it is published")
    sheets.issue(number=number, actor=actor, at=at, protected=_protected(at), told=told, library=library)


@transaction.atomic
def execute(*, number: str, place: int, key: str, done_at: datetime, actor: Actor, at: datetime) -> StepAnswer:
    """A step was done by the two who execute the sheet: the switch is logged, who went off or came back is written, the plan it
    serves starts or ends. The same step under the same ``key`` again does nothing.

    Raises as ``steps.due``; ``SwitchOperationOutOfOrder``, ``AlreadyInPosition`` when the network says otherwise.
    """
    due = steps.due(number=number, place=place, key=key, done_at=done_at, actor=actor, at=at)
    if due.is_done:
        return steps.done(step=due, key=key, done_at=done_at, off=due.off, back=due.back, actor=actor, at=at)
    done_at = done_at.replace(microsecond=0)
    dispatch = _on_order(actor)
    lost, regained = _changed(due, _day(at))
    if due.action in SWITCHED and due.switch_id is not None:
        network.record_switching(
            switch=SwitchId(due.switch_id), is_open=due.action is StepAction.OPEN, at=done_at, actor=dispatch,
            reason=f"{due.number} {due.purpose}",
        )  # fmt: skip
    off = _went_off(due, lost, done_at, dispatch, at)
    back = _came_back(regained, done_at, dispatch, at)
    answer = steps.done(step=due, key=key, done_at=done_at, off=off, back=back, actor=actor, at=at)
    if not answer.next:
        _ended(due.outage, dispatch, at)
    return answer


@transaction.atomic
def skip(*, number: str, place: int, reason: str, actor: Actor, at: datetime) -> StepAnswer:
    """Leave a step out, by who issued the sheet. Raises as ``steps.skip``."""
    answer = steps.skip(number=number, place=place, reason=reason, actor=actor, at=at)
    if not answer.next:
        _ended(queries.sheet(Scope.of(actor), number).outage, actor, at)
    return answer


def _ended(outage: str, dispatch: Actor, at: datetime) -> None:
    if outage:
        running.over(number=outage, actor=dispatch, at=at)


def _on_order(actor: Actor) -> Actor:
    """Who executes an issued sheet does it on the dispatcher's order: the log keeps the person, the order is the sheet."""
    return dataclasses.replace(actor, roles=actor.roles | {Role.DISPATCHER.value})


def _changed(due: StepDue, day: date) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Transformers that lose and get supply by a step on the network as it stands."""
    if due.transformer_id is not None:
        one = (due.transformer_id,)
        if due.action is StepAction.TAKE_OUT:
            return one, ()
        return (), () if replaying.unfed(one, on=day) else one
    if due.switch_id is None:
        return (), ()
    (sees,) = replaying.replay([(due.switch_id, due.action is StepAction.OPEN)], on=day)
    out = queries.taken_out(sees.regained)
    return sees.lost, tuple(one for one in sees.regained if one not in out)


def _went_off(due: StepDue, lost: Sequence[int], done_at: datetime, dispatch: Actor, at: datetime) -> int:
    """Areas that went off, under the number of what the sheet serves; who is off already stays off under what took him."""
    there = set(ongoing.ongoing(lost)["area"].to_list()) if lost else set()
    off = tuple(one for one in lost if one not in there)
    if due.outage and due.action in (*SWITCHED, StepAction.TAKE_OUT, StepAction.PUT_IN):
        running.begun(number=due.outage, off_at=done_at, transformers=off, actor=dispatch, at=at)
    elif off:
        taken = (Step(done_at, transformers=off),)
        if interruptions.interruptions_rows(Scope.of(dispatch)).filter(number=due.number).exists():
            reliability.extend(number=due.number, steps=taken, actor=dispatch, at=at)
        else:
            reliability.record(number=due.number, facts=_facts(due), steps=taken, actor=dispatch, at=at)
    return len(off)


def _came_back(regained: Sequence[int], done_at: datetime, dispatch: Actor, at: datetime) -> int:
    """Areas that came back end under whatever number they were off."""
    if not regained:
        return 0
    still = ongoing.ongoing(regained)
    by_number: dict[str, list[int]] = defaultdict(list)
    for number, area in still.select("number", "area").iter_rows():
        by_number[number].append(area)
    for number, areas in sorted(by_number.items()):
        reliability.restore(number=number, on_at=done_at, transformers=areas, actor=dispatch, at=at)
    return sum(map(len, by_number.values()))


def _facts(due: StepDue) -> Facts:
    if due.incident:
        return Facts(
            InterruptionKind.FAULT_INTERNAL, Cause.UNKNOWN, due.unit_code, feeder_code=due.feeder_code,
            device=due.device_name, belongs_to=f"{INCIDENT}{due.incident}", note=due.purpose,
        )  # fmt: skip
    return Facts(
        InterruptionKind.TEMPORARY_OVERHAUL, Cause.OPERATION, due.unit_code, feeder_code=due.feeder_code,
        device=due.device_name, belongs_to=f"{SHEET}{due.number}", note=due.purpose,
    )  # fmt: skip


def _opposite(one: StepAsked) -> StepAsked:
    """The step that undoes one."""
    to = {
        StepAction.OPEN: StepAction.CLOSE, StepAction.CLOSE: StepAction.OPEN, StepAction.TAKE_OUT: StepAction.PUT_IN,
        StepAction.PUT_IN: StepAction.TAKE_OUT,
    }  # fmt: skip
    return StepAsked(to[one.action], one.device)


def _told_of(number: str, actor: Actor) -> tuple[int, ...] | None:
    scope = Scope.of(actor)
    return _told(scope, queries.sheet(scope, number).outage)


def _told(scope: Scope, outage: str) -> tuple[int, ...] | None:
    """Whose users the plan tells; ``None`` without a plan. Raises :class:`NotFound`."""
    return running.told_areas(scope, outage) if outage else None


def _protected(at: datetime) -> dict[int, str]:
    return collections.protected_accounts(_day(at))


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()
