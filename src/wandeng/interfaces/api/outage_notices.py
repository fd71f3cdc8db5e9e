"""Telling people of outages: what was told, whom nobody reached, calls to important users."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import telling
from wandeng.domains.outages.types.telling import HandWay, TellingView
from wandeng.flows import outage_letters
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor

_P, PDF = "console:outages-", "application/pdf"


def notices(scope: Scope, number: str, *, now: datetime) -> TellingView:
    """Everything told of a plan."""
    return queries.telling_view(scope, number, now=now)


def letters(scope: Scope, number: str, area: str = "", *, now: datetime) -> Download:
    """Notices for the doors that no message reached, with a list for the deliverer; of an area by its code, or of all."""
    return Download(f"{number}-{area or 'all'}.pdf", PDF, outage_letters.document(scope, number, area, now=now))


def by_hand(
    *, number: str, told: tuple[int, ...], way: HandWay, note: str = "", done_by: str = "",
    done_at: datetime | None = None, actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Write down that these were told by a person, at a time. Answers how many."""
    queries.telling_view(Scope.of(actor), number, now=at)
    return telling.mark_by_hand(told=told, way=way, note=note, actor=actor, at=at, done_by=done_by, done_at=done_at)


def call(*, call_id: int, confirmed_by: str = "", note: str = "", actor: Actor, at: datetime) -> None:
    """Write down a call to an important user; ``confirmed_by`` empty: nobody answered."""
    telling.call(call_id=call_id, confirmed_by=confirmed_by, note=note, actor=actor, at=at)


read(
    "/outages/plans/{number}/notices", notices, name="outage-notices", like=f"{_P}notices", tag="outages",
    about="停电告知 what was told of a plan, whom nobody reached",
)  # fmt: skip
read(
    "/outages/plans/{number}/notices/letters", letters, name="outage-letters", like=f"{_P}letters", tag="outages",
    files=(PDF,), about="停电通知单 notices for the doors that no message reached",
)  # fmt: skip
write(
    "/outages/plans/{number}/notices/by-hand", by_hand, name="outage-told-by-hand", like=f"{_P}notices-hand",
    tag="outages", about="人工告知 told by a person",
)  # fmt: skip
write(
    "/outages/calls/{int:call_id}/record", call, name="outage-call", like=f"{_P}call", tag="outages",
    about="重要用户告知 a call to an important user",
)  # fmt: skip
