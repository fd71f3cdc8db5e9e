"""In which order tickets are called, and why: no database, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wandeng.domains.halls.types import TicketShown, WhyNext
from wandeng.infra.effective.topics.hall_queue import HallQueueRule

AHEAD = (WhyNext.APPOINTMENT, WhyNext.PRIORITY)
"""Who goes before those who came earlier."""


@dataclass(frozen=True, slots=True)
class Place:
    """For which counter the order is asked (empty: for the hall as a whole). ``in_a_row``: how many were called ahead of others
    since the last who was not."""

    counter: str = ""
    is_accessible: bool = False
    has_accessible: bool = False
    in_a_row: int = 0


def ordered(
    waiting: Sequence[TicketShown], rule: HallQueueRule, place: Place, *, now: datetime
) -> Iterator[tuple[TicketShown, WhyNext]]:
    """Tickets in the order in which they will be called, each with why.

    First who was handed to this counter; then who has an appointment now, then who has priority, each as they came; but after so
    many of these in a row (rule) whoever of the others came first. Who needs the accessible counter waits for it while it is open.
    """
    came = sorted(waiting, key=lambda one: (one.taken_at, one.id))
    handed = [one for one in came if one.wanted_counter and one.wanted_counter == (place.counter or one.wanted_counter)]
    yield from ((one, WhyNext.TRANSFERRED) for one in handed)
    reached = [one for one in came if not one.wanted_counter and _reaches(one, rule, place)]
    told = [(one, _why(one, rule, now)) for one in reached]
    ahead = deque(
        sorted((pair for pair in told if pair[1] in AHEAD), key=lambda pair: (AHEAD.index(pair[1]), *_came(pair[0])))
    )
    others, run = deque(pair for pair in told if pair[1] not in AHEAD), place.in_a_row
    while ahead or others:
        if ahead and not (others and run >= rule.first.in_a_row):
            run += 1
            yield ahead.popleft()
            continue
        one, why = others.popleft()
        yield one, WhyNext.TURN if ahead else why
        run = 0


def _reaches(one: TicketShown, rule: HallQueueRule, place: Place) -> bool:
    needs = one.priority in rule.first.accessible
    return not needs or not place.counter or place.is_accessible or not place.has_accessible


def _came(one: TicketShown) -> tuple[datetime, int]:
    return one.taken_at, one.id


def _why(one: TicketShown, rule: HallQueueRule, now: datetime) -> WhyNext:
    if one.due_at is not None:
        early, late = (
            timedelta(minutes=rule.appointments.early_minutes),
            timedelta(minutes=rule.appointments.late_minutes),
        )
        if now >= one.due_at - early and one.taken_at <= one.due_at + late:
            return WhyNext.APPOINTMENT
    if one.priority in rule.first.kinds:
        return WhyNext.PRIORITY
    return WhyNext.OVER_LIMIT if one.waited_seconds > one.limit_seconds else WhyNext.FIRST_COME
