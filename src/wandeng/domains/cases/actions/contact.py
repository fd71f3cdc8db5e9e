"""A customer comes again about a case that is open (再次来访): no second case; whoever was asked first answers (首问负责), and hands
that over only for a reason."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.actions import intake, steering, telling
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.recording import done, record
from wandeng.domains.cases.types import MACHINES, Done, NotYours
from wandeng.domains.organization.queries import acting
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput


@transaction.atomic
def join(
    *, number: str, words: str, phone_index: str, actor: Actor, at: datetime, charter: Charter, channel: str = ""
) -> Done:
    """A further contact about the same thing, by whichever ``channel``: no new case, the open one says so and is pressed no harder
    for it. Its first-contact owner is told and has it in front until somebody answers, unless it was the owner who was asked.

    Raises :class:`NotFound`, :class:`Conflict` for a case that is not open.
    """
    row = steering.open_row(actor, number)
    require(actor, *(str(role) for role in intake.TAKERS), unit_path=row.unit.path)
    facts = {"caller": phone_index[:8]} if phone_index else {}
    is_owner = actor.code == row.owner and actor.code not in MACHINES
    # The first contact that nobody answered counts: a customer who comes a third time has waited since the second.
    also: dict[str, object] = {} if is_owner else {"asked_again_at": row.asked_again_at or at}
    steering.put(
        row, "JOINED", words, actor, at, also=also, facts={**facts, **({"channel": channel} if channel else {})}
    )
    if not is_owner:
        body = charter.body_of(row)
        telling.tell(row, body, "case_contacted", responsible(row, at), key=telling.moment(at), actor=actor, at=at)
    record("case.join", row, {"channel": channel} if channel else {}, actor, at, "")
    return done(row)


def responsible(row: Case, at: datetime) -> list[str]:
    """Whoever was asked first; where a machine was, or they have left: whoever has the case in hand, or holds its role."""
    if row.owner not in MACHINES and acting.active_people([row.owner]):
        return [row.owner]
    if row.handler:
        return [row.handler]
    return list(telling.people_for(row, row.role, at)) if row.role else []


@transaction.atomic
def answer(*, number: str, words: str, actor: Actor, at: datetime) -> Done:
    """The owner has answered the customer who came again (首问答复), in ``words``.

    Raises :class:`Conflict` where nobody waits, :class:`NotYours` for somebody who neither was asked first nor supervises.
    """
    row = steering.open_row(actor, number)
    _require_owner(row, actor)
    if row.asked_again_at is None:
        raise Conflict(f"nobody waits for an answer about case {number}")
    if not words.strip():
        raise InvalidInput("say what the customer was answered")
    steering.put(row, "ANSWERED", words, actor, at, also={"asked_again_at": None})
    record("case.answer", row, {}, actor, at, "")
    return done(row)


@transaction.atomic
def hand_over(*, number: str, to: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """Give first-contact ownership to a colleague (移交首问), for a reason; they are told, and what waits is in front of them.

    Raises :class:`NotFound` for the person, :class:`Conflict` for one who has it, :class:`NotYours`, :class:`InvalidInput`
    without a reason.
    """
    row = steering.open_row(actor, number)
    _require_owner(row, actor)
    steering.require_reason(reason)
    acting.person_place(to)
    left = row.owner
    if to == left:
        raise Conflict(f"case {number} has {to} as its first contact already")
    steering.put(row, "OWNED", reason, actor, at, also={"owner": to}, facts={"from": left, "owner": to})
    telling.tell(row, charter.body_of(row), "case_owned", [to], key=telling.moment(at), actor=actor, at=at)
    record("case.hand_over", row, {"from": left, "to": to}, actor, at, reason)
    return done(row)


def is_owner(actor: Actor, owner: str) -> bool:
    """Whether somebody answers for a case of this owner: who was asked first, and those who supervise."""
    return actor.code == owner or any(actor.has(role) for role in steering.ANSWERABLE)


def _require_owner(row: Case, actor: Actor) -> None:
    if not is_owner(actor, row.owner):
        raise NotYours(f"case {row.number} was asked of {row.owner} first")
