"""Columns of tariffs, in and out, one module a subject; ``loading`` takes imported rows in, ``price_book`` and
``schedules`` compile the rule files."""

from wandeng.domains.tariffs.frames.price_book import book
from wandeng.domains.tariffs.frames.schedules import tou_schedule

__all__ = ["book", "tou_schedule"]
