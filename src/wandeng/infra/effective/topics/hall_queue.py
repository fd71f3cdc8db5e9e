"""Queues in halls (营业厅排队): how long one waits at most, who is called first, when an appointment counts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from wandeng.infra.effective.values import Group, Rows, TopicModel

Above = Annotated[int, Field(gt=0)]
PriorityKind = Literal["ELDERLY", "DISABLED", "PREGNANT", "SOLDIER"]


class HallWaiting(Group):
    """From taking a ticket to the first call, at most so many ``minutes``."""

    minutes: Above


class GoesFirst(Group):
    """Whose tickets are called before others; after so many of them ``in_a_row`` somebody else has a turn. ``accessible``: who waits
    for the accessible counter while one is open."""

    kinds: Rows[PriorityKind]
    accessible: Rows[PriorityKind] = ()
    in_a_row: Above


class HallAppointments(Group):
    """An appointment goes first from so many minutes before its time, for whoever came at most so many minutes after it."""

    early_minutes: Annotated[int, Field(ge=0)]
    late_minutes: Annotated[int, Field(ge=0)]


class HallQueueRule(TopicModel):
    """The limit of waiting, priority, appointments."""

    topic_name: ClassVar[str] = "hall_queue"

    waiting: HallWaiting
    first: GoesFirst
    appointments: HallAppointments
