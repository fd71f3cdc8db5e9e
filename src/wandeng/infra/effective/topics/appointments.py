"""Appointments (预约): what they are made for, how far ahead and how late, and when customers are reminded."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, Strict, TopicModel

Text = Annotated[str, Field(min_length=1)]
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=32)]
Above = Annotated[int, Field(gt=0)]
TOLD_AT_ONCE = ("BOOKED", "CANCELLED")


class Booking(Group):
    """Slots stand open ``days_ahead``; the last booking is ``minutes_before`` a slot begins; one customer has at most
    ``most_open`` appointments ahead."""

    days_ahead: Above
    minutes_before: Annotated[int, Field(ge=0)]
    most_open: Above


class Reminder(Strict):
    """A reminder, so long before the slot begins."""

    code: Code
    name_zh: Text
    name_en: Text
    minutes_before: Above


class Reminders(Group):
    """What is told before an appointment, the earliest first."""

    steps: Rows[Reminder]

    @model_validator(mode="after")
    def _each_once_in_order(self) -> Reminders:
        codes = [one.code for one in self.steps]
        if len(set(codes)) != len(codes) or set(codes) & set(TOLD_AT_ONCE):
            raise ValueError(f"each reminder once, none of {', '.join(TOLD_AT_ONCE)}; found {codes}")
        times = [one.minutes_before for one in self.steps]
        if times != sorted(times, reverse=True):
            raise ValueError(f"the earliest reminder comes first; found {times}")
        return self


class Service(Strict):
    """Something an appointment is made for."""

    code: Code
    name_zh: Text
    name_en: Text


class Services(Group):
    """What appointments are made for, and what is counted at the stops of a vehicle."""

    values: Rows[Service]

    @model_validator(mode="after")
    def _each_once(self) -> Services:
        codes = [one.code for one in self.values]
        if not codes or len(set(codes)) != len(codes):
            raise ValueError(f"each service once; found {codes}")
        return self


class Appointments(TopicModel):
    """How appointments are made and reminded of."""

    topic_name: ClassVar[str] = "appointments"

    booking: Booking
    reminders: Reminders
    services: Services
