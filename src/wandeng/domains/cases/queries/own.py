"""A case as whoever holds its account sees it: how far it is, what was answered, their own photos, and whether they are asked how it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.cases import evidence, form, tracking
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.queries.tracking import Track, told
from wandeng.infra.scope import the_one

ANSWER = "REPLY"
"""The field in which processes keep what the customer is answered."""


@dataclass(frozen=True, slots=True)
class OwnCase:
    """``token`` opens the public page of it, ``matter`` is the beginning of what was asked, ``reply`` what was answered (empty before
    the end), ``photos`` the papers the asker sent. ``is_asked``: they may say now how it was; ``score`` is what was said of the last
    round, ``None`` for nothing yet."""

    track: Track
    token: str
    matter: str
    reply: str
    photos: tuple[int, ...]
    is_asked: bool
    score: int | None


def own(account_number: str, number: str, *, who: str, charter: Charter, now: datetime) -> OwnCase:
    """A case of an account, for whoever holds it. Raises :class:`NotFound` for one of another account and for a confidential one,
    as :func:`~wandeng.domains.cases.queries.known.cases_of` leaves it out."""
    row = _row(account_number, number)
    asked = CallBack.objects.filter(case=row).order_by("-round").first()
    is_done = row.state in ("FINISHED", "CLOSED")
    return OwnCase(
        track=told(row, charter=charter, now=now), token=tracking.token_of(row), matter=row.matter,
        reply=form.answers_of(row).get(ANSWER, "") if is_done else "",
        photos=tuple(evidence.own_photos(number, who).values_list("pk", flat=True)),
        is_asked=asked is not None and asked.state == "WANTED", score=asked.score if asked else None,
    )  # fmt: skip


def own_photo(account_number: str, number: str, paper_id: int, *, who: str) -> bytes:
    """A photo that the asker sent. Raises :class:`NotFound`, also for those of others and of staff."""
    row = _row(account_number, number)
    return evidence.content(the_one(evidence.own_photos(row.number, who).filter(pk=paper_id), "paper", paper_id))


def _row(account_number: str, number: str) -> Case:
    rows = Case.objects.select_related("unit", "account").filter(number=number, is_confidential=False)
    return the_one(rows.filter(account__account_number=account_number), "case", number)
