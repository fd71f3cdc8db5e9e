"""Outages while they run (停电执行): what forbids a switching sheet, and when one that lasts too long is told."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Count, Group, Rows, TopicModel

Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=24)]


class SheetCheck(Group):
    """Findings that forbid a switching sheet; all others have to be answered for with a reason."""

    forbidding: Rows[Code]


class Overrun(Group):
    """How many minutes before its planned end an outage that still runs is told of (0: not before), and after."""

    lead_minutes: Count
    grace_minutes: Count


class OutageRunning(TopicModel):
    """Switching sheets and overrun alarms."""

    topic_name: ClassVar[str] = "outage_running"

    sheets: SheetCheck
    overrun: Overrun
