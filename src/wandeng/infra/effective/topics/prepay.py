"""Prepay (费控): when a customer is warned, when the balance is overdrawn, when power goes off and when it comes back."""

from __future__ import annotations

from datetime import time
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.topics.dunning import ClosedDay, CustomerClass
from wandeng.infra.effective.values import Count, Exact, Group, Price, Rows, TopicModel


class PrepayTerms(Group):
    """The thresholds of some classes. The customer is warned below ``warn_days`` days of use as they were in the last
    ``mean_days`` days, and at least below ``warn_least_yuan``. The balance is overdrawn below ``cut_below_yuan``; supply is
    due again, and a cut that has not left is void, from ``restore_from_yuan``."""

    classes: Rows[CustomerClass]
    warn_least_yuan: Price
    warn_days: Count
    mean_days: Annotated[int, Field(ge=1, le=60)]
    cut_below_yuan: Exact
    restore_from_yuan: Exact

    @model_validator(mode="after")
    def _in_order(self) -> PrepayTerms:
        if not self.cut_below_yuan <= self.restore_from_yuan <= self.warn_least_yuan:
            raise ValueError("thresholds must rise: cut_below_yuan, restore_from_yuan, warn_least_yuan")
        return self


class Grace(Group):
    """After the notice of the overdraft has reached somebody, nobody is cut for ``hours``; nobody either by a balance whose
    readings are older than ``fresh_days``."""

    hours: Count
    fresh_days: Annotated[int, Field(ge=1, le=31)]


class Guard(Group):
    """On ``days`` of these kinds, and outside ``from_time`` to ``to_time`` (exclusive), nobody is cut: what is cut at night
    or before a holiday finds nobody to ask. Days of whole classes (高考) stand in the topic ``dunning``."""

    days: Rows[ClosedDay]
    from_time: time
    to_time: time


class Prepay(TopicModel):
    """A class that no terms name cannot be enrolled."""

    topic_name: ClassVar[str] = "prepay"

    terms: Rows[PrepayTerms]
    grace: Grace
    guard: Guard

    @model_validator(mode="after")
    def _each_class_once(self) -> Prepay:
        named = sorted(one for row in self.terms for one in row.classes)
        if len(named) != len(set(named)) or not named:
            raise ValueError(f"terms must name a class at most once; found {named}")
        return self
