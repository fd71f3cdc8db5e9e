"""When notices may leave, which are the law's, and whom customers may call."""

from __future__ import annotations

from datetime import time
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Group, Rows, TopicModel

PurposeName = Literal[
    "PAYMENT", "BILL", "ARREARS", "DISCONNECTION", "SUPPLY", "PREPAY", "OUTAGE", "APPOINTMENT", "WORK"
]  # fmt: skip


class SendingHours(Group):
    """From when to when a local day allows sending, the end excluded."""

    first: time
    last: time

    @model_validator(mode="after")
    def _is_a_stretch(self) -> SendingHours:
        if not self.first < self.last:
            raise ValueError("the first moment must lie before the last")
        return self


class OwnQuiet(Group):
    """Quiet hours that an account chooses (免打扰时段): so many of the hours of sending they leave on every day at least."""

    leave_hours: Annotated[int, Field(ge=1, le=9)]


class NamedPurposes(Group):
    """Purposes of notices."""

    purposes: Rows[PurposeName]


class Sender(Group):
    """Whom a notice tells customers to call."""

    hotline: Annotated[str, Field(pattern=r"^\d{3,12}$")]


class Notices(TopicModel):
    """``days_off`` are the days that are no working days, ``own_quiet`` bounds what an account chooses. ``any_hour`` purposes know no hours; ``required`` ones go to
    those who opted out as well."""

    topic_name: ClassVar[str] = "notices"

    hours: SendingHours
    days_off: SendingHours
    own_quiet: OwnQuiet
    any_hour: NamedPurposes
    required: NamedPurposes
    sender: Sender
