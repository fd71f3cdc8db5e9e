"""Telling people of outages (停电告知): how early a changed end is told, when a call is too slow, how far ahead the public list looks."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Count, Group, TopicModel

Above = Annotated[int, Field(gt=0)]


class ChangedEnd(Group):
    """By how many minutes before the end that was told everybody knows of another one (延迟送电告知)."""

    minutes_before: Above


class Started(Group):
    """By how many minutes supply may go off before the time that was told."""

    earliest_minutes: Count


class Urgent(Group):
    """An outage that begins within so many hours is told at once."""

    hours_before: Above


class Door(Group):
    """So many hours before the deadline somebody goes to whom nobody has reached (上门告知)."""

    hours_before: Above


class Public(Group):
    """How many days ahead planned outages are told to everybody (停电公告)."""

    days_ahead: Above


class OutageTelling(TopicModel):
    """How people are told of outages."""

    topic_name: ClassVar[str] = "outage_telling"

    changed_end: ChangedEnd
    started: Started
    urgent: Urgent
    door: Door
    public: Public
