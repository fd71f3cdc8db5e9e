"""Opening, finishing a step and calling back within a sitting: what ``intake``, ``work`` and ``ending`` do, decided by the same
functions, written later. What does not come in bulk is left to them: :class:`NotInBatch`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wandeng.domains.cases import evidence, form, log, news, permitting, years
from wandeng.domains.cases.actions import ending, intake, work
from wandeng.domains.cases.charter import local_day
from wandeng.domains.cases.events import CaseClosed, CaseOpened, StepFinished
from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.sitting import File, Sitting
from wandeng.domains.cases.states import CALL_BACK, CASE
from wandeng.domains.cases.types import Proof, Request
from wandeng.infra import audit
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput


class NotInBatch(Exception):
    """A single action has to do this; no refusal."""


def opened(sitting: Sitting, request: Request, *, actor: Actor, at: datetime) -> File:
    """As ``intake.open_case``, without grouping."""
    version = sitting.charter.processes.version(request.process, on=local_day(at))
    place, answers = intake.checked(version.body, request, actor)
    row_id = sitting.next_id(Case)
    row = intake.built(version, request, place, answers, actor, at, row_id=row_id)
    sitting.with_unit(row)
    file = File(row, version, log.Log(row, []), is_new=True)
    file.written.add("OPENED", at=at, noted_at=at, actor=actor, facts={"channel": request.channel})
    file.papers += intake.handed_in(row, version.body, request.documents, actor, at)
    if not sitting.settle(file).step:
        raise InvalidInput(f"a case of {request.process} with these answers has nothing to do")
    facts = {"process": request.process, "channel": request.channel, "unit": row.unit.code}
    sitting.record("case.open", row, facts, actor, at, "")
    sitting.published.append((CaseOpened(row.number, row.process, row.unit.path), at))
    sitting.tell_next(file, actor=actor, at=at)
    return file


def finish(
    sitting: Sitting, file: File, *, step: str, answers: Mapping[str, str], proofs: Sequence[Proof], handler: str,
    result: str, note: str, key: str, actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """As ``work.finish``."""
    row, body, written = file.row, file.version.body, file.written
    if written.told(key):
        return
    work.require_open(row)
    work.require_at(row, body, step)
    work.require_mine(row, body, step, actor)
    if permitting.is_wanted(row, body.step(step)) or body.effect or body.step(step).effect:
        raise NotInBatch
    work.when(written, None, at)
    if answers:
        for name, value in work.filled(row, body, answers).items():
            setattr(row, name, value)
    whole, due = form.answers_of(row), work.steps_up_to(body, step)
    form.require_fields(body, whole, by=due)
    file.papers += evidence.papers(row, step, proofs, actor, at)
    evidence.require_among(file.proofs(step), body.step(step).evidence)
    form.require_documents(body, whole, file.documents, by=due)
    if handler:
        sitting.require_person(handler)
    written.add("FINISHED", at=at, noted_at=at, actor=actor, what=step, note=note, key=key,
                facts={"handler": handler} if handler else {})  # fmt: skip
    found = sitting.settle(file, {"result": result or row.result})
    stays = actor.code if found.step and body.step(found.step).role == body.step(step).role else ""
    row.handler = handler or stays
    sitting.record("case.finish_step", row, {"step": step, "next": found.step}, actor, at, note)
    sitting.published.append((StepFinished(row.number, row.process, step, found.step, row.unit.path), at))
    if told := news.of(row, body, whole, news.due_with(body, step)):
        sitting.published.append((told, at))
    if found.step:
        sitting.tell_next(file, actor=actor, at=at)
    else:
        _after_last_step(sitting, file, actor=actor, at=at)


def _after_last_step(sitting: Sitting, file: File, *, actor: Actor, at: datetime) -> None:
    row, body = file.row, file.version.body
    ending.require_ready(row, body, file.documents)
    sitting.move(row, CASE, "finish", actor=actor, at=at, finished_at=at)
    if ending.is_drawn(row, body) and body.call_back:
        wanted = ending.wanted_call_back(row, body.call_back, sitting.charter, sitting.days, at=at, since=at)
        wanted.pk = sitting.next_id(CallBack)
        file.wanted = wanted
    else:
        _close(sitting, file, body, actor=actor, at=at)


def call_back(
    sitting: Sitting, file: File, *, score: int, remark: str, channel: str, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """As ``ending.call_back``, of a satisfied customer."""
    row, body, wanted = file.row, file.version.body, file.wanted
    if wanted is None or wanted.state != "WANTED" or score < ending.SATISFIED_FROM:
        raise NotInBatch
    require(actor, body.call_back.role if body.call_back else "", *ending.OVERSEERS, unit_path=row.unit.path)
    ending.require_answer(score, channel)
    sitting.move(
        wanted, CALL_BACK, "satisfied", actor=actor, at=at, score=score, remark=audit.without_numbers(remark),
        channel=channel, answered_at=at, called_by=actor.code, attempts=wanted.attempts + 1,
    )  # fmt: skip
    file.is_touched = True
    facts = {"score": score, "channel": channel}
    file.written.add("CALLED_BACK", at=at, noted_at=at, actor=actor, what="SATISFIED", note=remark, facts=facts)
    sitting.record("case.call_back", row, facts, actor, at, remark)
    _close(sitting, file, body, actor=actor, at=at)


def _close(sitting: Sitting, file: File, body: ProcessDefinition, *, actor: Actor, at: datetime) -> None:
    row = file.row
    sitting.move(row, CASE, "close", actor=actor, at=at, ended_at=at, kept_until=years.kept_until(row, body, at))
    years.hand_down(row)
    file.written.add("CLOSED", at=at, noted_at=at, actor=actor, facts={"result": row.result})
    sitting.published.append((CaseClosed(row.number, row.process, row.state, row.unit.path), at))
