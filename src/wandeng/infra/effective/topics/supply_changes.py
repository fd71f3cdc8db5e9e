"""Changes of supply (变更用电): for how long each may last, and how often."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Group, TopicModel

Positive = Annotated[int, Field(gt=0)]


class SuspensionBound(Group):
    """Capacity is suspended (暂停) on at most ``most_days_a_year`` days of a calendar year, and applied for
    ``notice_working_days`` before its first day."""

    most_days_a_year: Positive
    notice_working_days: Positive


class Replacement(Group):
    """A larger transformer for a time (暂换): at most ``most_months`` at up to 10 kV, ``most_months_high`` above."""

    most_months: Positive
    most_months_high: Positive


class Removal(Group):
    """Supply taken down for a time (暂拆) is put back within ``kept_months``; later it is a new connection."""

    kept_months: Positive


class Settlement(Group):
    """What an account has settled before it ends. ``by_promise``: a promise to pay that covers the debt counts as settled."""

    by_promise: bool


class SupplyChanges(TopicModel):
    """Bounds of the changes of supply."""

    topic_name: ClassVar[str] = "supply_changes"

    suspension: SuspensionBound
    replacement: Replacement
    removal: Removal
    settlement: Settlement
