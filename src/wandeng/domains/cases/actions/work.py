"""Working on a case: take it, hand it to somebody, finish a step, send it back, pause it, fill in and hand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.cases import evidence, following, form, log, news, permitting, reach, recording
from wandeng.domains.cases.actions import ending, telling
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.events import StepFinished
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.types import MACHINES, Carry, Done, EffectElsewhere, LastStepDone, NotYours, Proof
from wandeng.domains.organization.queries import acting
from wandeng.infra import events, statements
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import START
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

_AHEAD = timedelta(minutes=5)


@transaction.atomic
def assign(*, number: str, handler: str, actor: Actor, at: datetime, charter: Charter, note: str = "") -> Done:
    """Put the case into somebody's hands (指派); the step stays. Taking it oneself is assigning it to oneself.

    Raises :class:`NotFound` for a person, :class:`Conflict` for a case that is not open.
    """
    row = locked_case(actor, number)
    require_open(row)
    require(actor, row.role, *SUPERVISORS, unit_path=row.unit.path)
    acting.person_place(handler)
    written = log.Log.of(row)
    # Where a machine was asked first, whoever takes the case is the first person who was.
    owns = {"owner": handler} if row.owner in MACHINES else {}
    written.add(
        "ASSIGNED", at=at, noted_at=at, actor=actor, what=row.step, note=note, facts={"handler": handler} | owns
    )
    log.settle(row, written, charter, also={"handler": handler} | owns)
    recording.record("case.assign", row, {"handler": handler, "step": row.step}, actor, at, note)
    telling.tell_next(row, charter.body_of(row), actor=actor, at=at)
    return recording.done(row)


SUPERVISORS = ("DISPATCHER", "COUNTY_MANAGER", "PROVINCIAL_MANAGER")
"""Who may move what lies with others."""


@transaction.atomic
def finish(
    *, number: str, step: str, actor: Actor, at: datetime, charter: Charter, answers: Mapping[str, str] | None = None,
    proofs: Sequence[Proof] = (), handler: str = "", result: str = "", note: str = "",
    happened_at: datetime | None = None, key: str = "", carry: Carry | None = None, quiet: bool = False,
) -> Done:  # fmt: skip
    """Finish the step the case stands at: its fields, its proofs, and who goes on (``handler``, empty: whoever holds the role).

    ``happened_at`` is when it was done in the field; a telephone without signal tells later, under a ``key`` that makes
    telling twice telling once. ``carry`` carries out what the step names as its effect, or the process with its last step:
    doors finish by ``flows.connections.finish``, which knows all of them. ``quiet``: nobody is told of the next step, because
    the incident it goes with tells its crew once. Raises :class:`Conflict` for another step, :class:`NotYours`, :class:`FormIncomplete`,
    :class:`EvidenceMissing`, :class:`PermitMissing`, :class:`NothingUnseen` when the last step leaves something open,
    :class:`EffectElsewhere`.
    """
    row = locked_case(actor, number, in_hand=True, key=key)
    written = log.Log.of(row)
    if written.told(key):
        return recording.done(row, is_new=False)
    require_open(row)
    body = charter.body_of(row)
    require_at(row, body, step)
    require_mine(row, body, step, actor)
    since = when(written, happened_at, at)
    permitting.require(row, body.step(step), since)
    columns = put_in(row, body, answers) if answers else {}
    whole, due = form.answers_of(row), steps_up_to(body, step)
    form.require_fields(body, whole, by=due)
    evidence.take(row, step, proofs, actor, since)
    evidence.require(row, body, step, given=proofs)
    form.require_documents(body, whole, evidence.documents_here(row) if body.documents else (), by=due)
    if handler:
        acting.person_place(handler)
    written.add("FINISHED", at=since, noted_at=at, actor=actor, what=step, note=note, key=key,
                facts={"handler": handler} if handler else {})  # fmt: skip
    found = log.settle(
        row, written, charter,
        also=lambda told: columns | {"result": result or row.result,
                                     "handler": handler or _goes_on(body, step, told.step, actor)},
    )  # fmt: skip
    facts: dict[str, object] = {"step": step, "next": found.step}
    recording.record("case.finish_step", row, facts, actor, at, note)
    happened = StepFinished(row.number, row.process, step, found.step, row.unit.path)
    concern = news.of(row, body, whole, news.due_with(body, step))
    events.publish_each([(happened, at), *([(concern, at)] if concern else [])])
    if found.step and not quiet:
        telling.tell_next(row, body, actor=actor, at=at)
    if effect := body.step(step).effect:
        _carry_out(row, body, effect, carry)
    if not found.step:
        if body.effect:
            _carry_out(row, body, body.effect, carry)
        ending.after_last_step(row, written, charter, actor=actor, at=at, since=since)
    following.follow(row, charter, actor=actor, at=at)
    return recording.done(row)


def _carry_out(row: Case, body: ProcessDefinition, effect: str, carry: Carry | None) -> None:
    if carry is None:
        raise EffectElsewhere(f"this step of {body.process} is finished where its effect is carried out")
    account, transformer = row.account, row.transformer
    carry(
        LastStepDone(
            case_id=row.pk, number=row.number, process=row.process, effect=effect, round=row.rounds,
            unit_code=row.unit.code, unit_path=row.unit.path, territory=row.unit.territory, locality=row.locality,
            account_number=account.account_number if account else "",
            transformer_code=transformer.code if transformer else "", answers=form.answers_of(row),
            opened_at=row.opened_at,
        )
    )  # fmt: skip


@transaction.atomic
def send_back(
    *, number: str, to_step: str, reason: str, actor: Actor, at: datetime, charter: Charter, handler: str = ""
) -> Done:
    """Send the case back to an earlier step (退单), with the reason; it is counted.

    Raises ``CourseImpossible`` for a step that cannot be returned from or to.
    """
    row = locked_case(actor, number, in_hand=True)
    require_open(row)
    body = charter.body_of(row)
    if not reason.strip():
        raise InvalidInput("say why the case goes back")
    require_mine(row, body, row.step, actor)
    written = log.Log.of(row)
    left = row.step
    written.add("RETURNED", at=at, noted_at=at, actor=actor, what=to_step, note=reason, facts={"from": left})
    log.settle(row, written, charter, also={"returned": row.returned + 1, "handler": handler})
    recording.record("case.send_back", row, {"from": left, "to": to_step}, actor, at, reason)
    following.follow(row, charter, actor=actor, at=at)
    telling.tell_next(row, body, actor=actor, at=at)
    return recording.done(row)


@transaction.atomic
def pause(
    *, number: str, pause: str, reason: str, proofs: Sequence[Proof], actor: Actor, at: datetime, charter: Charter
) -> Done:
    """Stop the clocks for a reason the definition knows, with what proves it.

    Raises ``CourseImpossible`` for a pause that does not belong to the step, :class:`EvidenceMissing`.
    """
    row = locked_case(actor, number, in_hand=True)
    require_open(row)
    body = charter.body_of(row)
    require_mine(row, body, row.step, actor)
    rule = next((one for one in body.pauses if one.code == pause), None)
    if rule is None or not reason.strip():
        raise InvalidInput(f"{body.process} has no pause {pause}" if rule is None else "say why the clocks stop")
    evidence.take(row, pause, proofs, actor, at)
    evidence.require_kinds(row, pause, rule.evidence)
    written = log.Log.of(row)
    written.add("PAUSED", at=at, noted_at=at, actor=actor, what=pause, note=reason)
    log.settle(row, written, charter)
    recording.record("case.pause", row, {"pause": pause}, actor, at, reason)
    return recording.done(row)


@transaction.atomic
def resume(*, number: str, pause: str, actor: Actor, at: datetime, charter: Charter, note: str = "") -> Done:
    """Let the clocks run again. A pause longer than its bound needs the role that the definition names."""
    row = locked_case(actor, number, in_hand=True)
    require_open(row)
    body = charter.body_of(row)
    rule = next((one for one in body.pauses if one.code == pause), None)
    written = log.Log.of(row)
    begun = max((one.at for one in written.entries if one.kind == "PAUSED" and one.what == pause), default=None)
    is_long = bool(rule and begun and rule.most_days and (at - begun).days > rule.most_days)
    if rule and is_long and not (actor.has(rule.approved_by) and reach.is_over(actor, row)):
        raise Conflict(f"the pause lasted more than {rule.most_days} days: {rule.approved_by} must end it", pause=pause)
    if not is_long:
        require_mine(row, body, row.step, actor)
    written.add("RESUMED", at=at, noted_at=at, actor=actor, what=pause, note=note)
    log.settle(row, written, charter)
    recording.record("case.resume", row, {"pause": pause}, actor, at, note)
    return recording.done(row)


@transaction.atomic
def fill(*, number: str, answers: Mapping[str, str], actor: Actor, at: datetime, charter: Charter) -> Done:
    """Fill in fields between steps. Raises :class:`InvalidInput` for a value that is none of its kind."""
    row = locked_case(actor, number, in_hand=True)
    require_open(row)
    body = charter.body_of(row)
    reach.require(actor, row.role or body.steps[0].role, *SUPERVISORS, _OWNERS, row=row)
    fill_in(row, body, answers)
    if concern := news.of(row, body, form.answers_of(row), answers):
        events.publish(concern, at=at)
    written = log.Log.of(row)
    written.add("FILLED", at=at, noted_at=at, actor=actor, facts={"fields": sorted(answers)})
    log.settle(row, written, charter)
    recording.record("case.fill", row, {"fields": sorted(answers)}, actor, at, "")
    return recording.done(row)


_OWNERS = "CALL_CLERK"


@transaction.atomic
def hand_in(
    *, number: str, proofs: Sequence[Proof], actor: Actor, at: datetime, charter: Charter, key: str = ""
) -> Done:  # fmt: skip
    """Add documents or proofs to the case; a key tells the same once."""
    row = locked_case(actor, number, in_hand=True, key=key)
    written = log.Log.of(row)
    if written.told(key):
        return recording.done(row, is_new=False)
    reach.require(actor, *(str(role) for role in HANDING_IN), row=row)
    taken = evidence.take(row, row.step or START, proofs, actor, at)
    written.add("ATTACHED", at=at, noted_at=at, actor=actor, what=row.step, facts={"papers": taken}, key=key)
    written.keep()
    recording.record("case.hand_in", row, {"papers": taken}, actor, at, "")
    return recording.done(row)


HANDING_IN = (
    "CALL_CLERK", "HALL_CLERK", "DISPATCHER", "CELL_MANAGER", "ACCOUNT_MANAGER", "METER_READER", "BILLING_CLERK",
    "AUDITOR", "COUNTY_MANAGER",
)  # fmt: skip


def fill_in(row: Case, body: ProcessDefinition, answers: Mapping[str, str]) -> None:
    """Write answers over those there are; an empty one takes the old away."""
    statements.change(row, put_in(row, body, answers))


def put_in(row: Case, body: ProcessDefinition, answers: Mapping[str, str]) -> dict[str, str]:
    """The same on the row alone; the columns that are still to be written."""
    columns = filled(row, body, answers)
    for name, value in columns.items():
        setattr(row, name, value)
    return columns


def filled(row: Case, body: ProcessDefinition, answers: Mapping[str, str]) -> dict[str, str]:
    """The columns of the form with answers written over those there are. Raises :class:`InvalidInput`."""
    given = form.checked(body, answers)
    gone = {code for code, text in answers.items() if not text.strip()}
    whole = {code: text for code, text in form.answers_of(row).items() if code not in gone} | given
    return form.columns(body, whole)


def _goes_on(body: ProcessDefinition, step: str, following_step: str, actor: Actor) -> str:
    """Whoever did a step goes on with the next one of the same role; for another role it lies open."""
    return actor.code if following_step and body.step(following_step).role == body.step(step).role else ""


def require_open(row: Case) -> None:
    """Raises :class:`Conflict`."""
    if row.state != "OPEN":
        raise Conflict(f"case {row.number} is {row.state}", state=row.state)


def require_at(row: Case, body: ProcessDefinition, step: str) -> None:
    """Raises :class:`Conflict` for a step the case does not stand at."""
    if row.step != step:
        raise Conflict(f"case {row.number} stands at step {row.step}, not at {step}", step=row.step)


def require_mine(row: Case, body: ProcessDefinition, step: str, actor: Actor) -> None:
    """The role of the step, and nobody else's work: a supervisor of its office may step in. A step of the customer's own is noted by
    whoever has the case, or by who would do the next one."""
    role = body.step(step).role
    roles = (role,) if role else tuple(sorted(body.roles))
    reach.require(actor, *roles, *SUPERVISORS, row=row)
    others = row.handler and row.handler != actor.code
    if others and not (reach.is_over(actor, row) and any(actor.has(one) for one in SUPERVISORS)):
        raise NotYours(f"case {row.number} is in the hands of {row.handler}", handler=row.handler)


def steps_up_to(body: ProcessDefinition, step: str) -> list[str]:
    """Until when fields and documents are due at a step."""
    codes = body.step_codes
    return [START, *codes[: codes.index(step) + 1]]


def when(written: log.Log, happened_at: datetime | None, at: datetime) -> datetime:
    """When the step was done: not in the future, not before the last thing that happened to the case."""
    since = happened_at or at
    if since > at + _AHEAD:
        raise InvalidInput("the time lies in the future")
    last = written.last_turn_at
    if last is not None and since < last:
        raise Conflict(f"something happened to the case at {last.isoformat()}, after that time", last=last.isoformat())
    return since
