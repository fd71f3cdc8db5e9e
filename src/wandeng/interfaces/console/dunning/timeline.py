"""The timeline of a case: its moves, steps and promises in one order, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from wandeng.domains.collections.types import CaseShown, StepShown
from wandeng.interfaces.doorway.words import dunning as words


@dataclass(frozen=True, slots=True)
class Event:
    """One line: what, how it stands, who, when, and what is known besides."""

    at: datetime
    kind: Any
    title: Any
    tone: str
    who: str
    facts: tuple[tuple[Any, Any], ...] = ()
    note: str = ""
    href: str = ""
    fen: int | None = None
    reached_at: datetime | None = None


def events(case: CaseShown) -> list[Event]:
    """Everything that happened to the case."""
    found = [_step(step) for step in case.steps]
    found += [
        Event(
            at=one.made_at, kind=_("承诺"), title=words.PROMISE_STATES[one.state], tone=words.PROMISE_TONES[one.state],
            who=one.made_by, note=one.note, fen=one.amount_fen,
            facts=((_("承诺日"), one.promised_on.isoformat()), (_("方式"), words.PROMISE_CHANNELS[one.channel])),
        )
        for one in case.promises
    ]  # fmt: skip
    found += [
        Event(
            at=one.at, kind=_("催费单"), title=words.MOVES[one.move], tone=words.CASE_TONES[one.to_state], who=one.actor,
            note=one.reason,
        )
        for one in case.moves
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


def _step(step: StepShown) -> Event:
    facts: list[tuple[Any, Any]] = []
    if step.attempt > 1:
        facts.append((_("第几次"), step.attempt))
    if step.channel:
        facts.append((_("渠道"), words.CHANNELS.get(step.channel, step.channel)))
    if step.reached_whom:
        facts.append((_("送达对象"), words.WHOM[step.reached_whom]))
    if step.evidence:
        facts.append((_("凭证"), step.evidence))
    if step.authority_reference:
        facts.append((_("报送文号"), step.authority_reference))
    if step.by == "PERSON" and step.state == "PENDING":
        facts.append((_("责任人"), step.responsible))
    is_task = step.by == "PERSON" and step.state == "PENDING"
    return Event(
        at=step.taken_at, kind=words.STEPS[step.kind], title=words.STEP_STATES[step.state],
        tone=words.STEP_TONES[step.state], who=step.recorded_by or step.actor, facts=tuple(facts), note=step.note,
        href=reverse("console:dunning-task", args=[step.id]) if is_task else "", fen=step.open_fen,
        reached_at=step.reached_at,
    )  # fmt: skip
