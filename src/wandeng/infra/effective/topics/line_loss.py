"""Line loss of transformer areas (台区线损管理): what is high, what can be computed at all, what is followed up, what is a lead."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from wandeng.infra.effective.values import Count, Exact, Group, Price, Rows, TopicModel

Above = Annotated[int, Field(gt=0)]


class LossBandsRule(Group):
    """Above which percent a day's rate is high and very high, below which it is negative."""

    high_percent: Exact
    very_high_percent: Exact
    negative_percent: Exact


class Computable(Group):
    """When a rate means something: at least this percent of the customers' meters read, at most this percent of the energy
    sold from readings not frozen at midnight, no more supplied than the transformer gives in so many hours."""

    collection_percent: Price
    untimed_percent: Price
    hours: Above


class Ratios(Group):
    """By which factors a supply meter is wrong where a current transformer of another size was written down."""

    factors: Rows[Price]
    tolerance_percent: Price


class FollowUp(Group):
    """An area is followed up when it was high or negative on ``days`` of the last ``of_days`` days."""

    days: Above
    of_days: Above


class LeadTerms(Group):
    """When an attributed loss is a lead: at least so many whole days of quarter hours, so much of the loss, so much lost for each
    unit read, on so much of the days; and below which correlation two neighbours' losses mirror each other."""

    least_days: Above
    least_share_percent: Price
    least_coefficient: Price
    least_days_percent: Price
    mirror_correlation: Exact
    at_most: Count


class LineLoss(TopicModel):
    """Line loss of transformer areas."""

    topic_name: ClassVar[str] = "line_loss"

    bands: LossBandsRule
    computable: Computable
    ratios: Ratios
    follow_up: FollowUp
    leads: LeadTerms

    @model_validator(mode="after")
    def _bands_in_order(self) -> LineLoss:
        bands = self.bands
        if not bands.negative_percent < 0 < bands.high_percent < bands.very_high_percent:
            raise ValueError("negative lies below zero, high above it and very high above high")
        return self
