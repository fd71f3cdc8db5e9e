"""Answers kept by key, so that a request that comes twice is done once. One table, for every door.

An answer may hold what is shown once and never again (a secret, a number in the clear), so it is kept sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from wandeng.infra import pii
from wandeng.infra.models import KeptAnswer

COLUMN = "infra_keptanswer.body"
KEPT_FOR = timedelta(days=7)
"""A client that has not heard within a week asks anew."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked (a hash) and what was answered; ``status`` is 0 until it was."""

    asked: str
    status: int
    body: str


def answer_of(who: str, key: str) -> Answer | None:
    """The kept answer to this person's key."""
    row = KeptAnswer.objects.filter(who=who, key=key).first()
    return Answer(row.asked, row.status, pii.open_sealed(row.body, column=COLUMN)) if row else None


def begin(who: str, key: str, asked: str, *, at: datetime) -> None:
    """Claim the key, in the transaction of the work. Raises ``IntegrityError`` when it is taken."""
    KeptAnswer.objects.create(who=who, key=key, asked=asked, at=at)


def keep(who: str, key: str, *, status: int, body: str) -> None:
    """Keep the answer, in the same transaction."""
    sealed = pii.seal_many([body], column=COLUMN)[0]
    KeptAnswer.objects.filter(who=who, key=key).update(status=status, body=sealed)


def forget(who: str, key: str) -> None:
    """Give a claimed key back: nothing was done under it, or doing it again does no harm."""
    KeptAnswer.objects.filter(who=who, key=key).delete()


def forget_old(*, now: datetime) -> int:
    """Remove answers that nobody asks for any more; returns how many."""
    return KeptAnswer.objects.filter(at__lt=now - KEPT_FOR).delete()[0]


def forget_sessions(*, now: datetime) -> int:
    """Remove sessions of the pages that are over; returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
