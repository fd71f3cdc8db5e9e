"""What the clock asks of cases: say that limits run out, every minute; tell all clocks anew and remove
what is left of destroyed evidence, every night.

Each warning is a transaction of its own that also says that it was told: killed anywhere, the sweep goes on where it was and
tells nobody twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from wandeng.domains.cases import frames
from wandeng.domains.cases.actions import retention, telling
from wandeng.domains.cases.types import Charter, Place, Proof, Request
from wandeng.domains.organization import queries as organization
from wandeng.infra import events, jobs
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, Refused

TELL = "cases.tell_clocks"
RECOMPUTE = "cases.recompute_clocks"
CLOCKS_A_BATCH = 200

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep came to: warnings told, and clocks that could not be told of (their definition is gone)."""

    told: int
    faults: int


def tell_clocks(*, now: datetime, charter: Charter, progress: Callable[[], None] = lambda: None) -> Swept:
    """Tell of every clock of which somebody is to be told by now, the earliest first; ``progress`` is called a batch."""
    told, stuck = 0, set[int]()
    while due := telling.due_clocks(now=now, most=CLOCKS_A_BATCH, but=stuck):
        for clock_id in due:
            try:
                told += telling.tell_clock(clock_id=clock_id, charter=charter, at=now)
            except Refused:
                # One case whose definition is gone must not silence all others; the doctor names those left over.
                stuck.add(clock_id)
        progress()
    return Swept(told, len(stuck))


def recompute(*, charter: Charter, progress: Callable[[int], None] | None = None) -> frames.Recomputed:
    """Tell every stored clock anew by the calendar as it is now."""
    with ColumnStore() as store:
        return frames.recompute(store, charter=charter, progress=progress)


def tell_customer(body: events.Body, now: datetime) -> None:
    """Tell the customer of a case what was written that concerns them, as when supply is expected back."""
    telling.tell_customer(
        number=body["number"], field=body["field"], value=body["value"], charter=Charter.current(), at=now
    )


def take_lines(
    lines: Sequence[str], *, charter: Charter, on: date, first: int = 1, progress: Callable[[int], None] | None = None
) -> frames.Taken:
    """Take in events told as lines of JSON, from line ``first`` on; places of refusals count from 0 over all lines. People
    act with the posts they hold ``on`` the day.

    Raises :class:`InvalidInput` for a line that is no event, before anything is done.
    """
    actors: dict[str, Actor] = {}
    told = [_event(place, line, actors, on) for place, line in enumerate(lines, start=1) if line.strip()]
    taken = frames.take(told[first - 1 :], charter=charter, progress=lambda done: _up_to(progress, done + first - 1))
    taken.refused = [replace(one, place=one.place + first - 1) for one in taken.refused]
    return taken


def _up_to(progress: Callable[[int], None] | None, line: int) -> None:
    if progress:
        progress(line)


_EVENT = ("ref", "number", "step", "answers", "handler", "result", "note", "key", "score")
_REQUEST = frozenset(one.name for one in fields(Request)) - {"answers"}


def _event(place: int, line: str, actors: dict[str, Actor], on: date) -> frames.Happened:
    try:
        told = json.loads(line)
        kind, at, code = str(told["kind"]), datetime.fromisoformat(told["at"]), str(told["actor"])
        if at.tzinfo is None:
            raise ValueError("a time without its zone")
        if code not in actors:
            actors[code] = organization.actor_for(code, on)
        request = None
        if kind == "OPENED":
            asked = {name: value for name, value in told.items() if name in _REQUEST}
            asked["documents"] = tuple(asked.get("documents", ()))
            request = Request(answers=dict(told.get("answers", {})), **asked)
        own = {name: told[name] for name in _EVENT if name in told}
        also = {"channel": told["channel"]} if kind == "CALLED_BACK" and "channel" in told else {}
        proofs = tuple(_proof(one) for one in told.get("proofs", ()))
        return frames.Happened(kind, at, actors[code], request=request, proofs=proofs, **own, **also)
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise InvalidInput(f"line {place} is no event of a case", line=place) from wrong


def _proof(told: Mapping[str, object]) -> Proof:
    """A proof of an event: its kind with a label, or a position; files are handed in singly."""
    where = told.get("place")
    place = Place(int(where["longitude_e6"]), int(where["latitude_e6"])) if isinstance(where, Mapping) else None
    return Proof(str(told["kind"]), label=str(told.get("label", "")), place=place)


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def tell_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        swept = tell_clocks(
            now=clock(), charter=Charter.current(), progress=lambda: jobs.extend(held, now=clock())
        )  # fmt: skip
        return {"told": swept.told, "faults": swept.faults}

    def recompute_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        done = recompute(charter=Charter.current(), progress=lambda _clocks: jobs.extend(held, now=clock()))
        gone = retention.forget(at=clock())
        return {"clocks": done.clocks, "moved": done.moved, "faults": done.faults, "files": gone}

    return {TELL: tell_job, RECOMPUTE: recompute_job}
