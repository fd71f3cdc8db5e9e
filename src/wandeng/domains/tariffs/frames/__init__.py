"""Columns of tariffs, in and out, one module a subject; ``loading`` takes imported rows in, ``price_book`` and
``schedules`` compile the rule files, ``terms`` reads what usage points have agreed."""

from wandeng.domains.tariffs.frames.price_book import book
from wandeng.domains.tariffs.frames.schedules import tou_schedule
from wandeng.domains.tariffs.frames.terms import TERMS, terms_for_period, terms_for_points

__all__ = ["TERMS", "book", "terms_for_period", "terms_for_points", "tou_schedule"]
