"""Weekdays and hours as people write them, into what is kept: digits 1 to 7, minutes after local midnight."""

from __future__ import annotations

import polars as pl

from wandeng.infra.imports import findings

MINUTES_A_DAY = 24 * 60
CLOCK_EXPECTED = "时刻，如 09:00 (an hour and minute)"
WEEKDAYS_EXPECTED = "星期，如 135、周一、周三 (digits, 1 Monday to 7 Sunday)"
_CLOCK = r"^(\d{1,2}):(\d{2})(?::00)?$"
_DAYS = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "日": "7", "天": "7"}
_NOISE = r"星期|周|礼拜|[、,，;；\s]"


def weekdays(rows: pl.DataFrame, column: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """``column`` as sorted digits; and findings for cells that name no weekdays."""
    text = pl.col(column).str.replace_all(_NOISE, "").str.replace_many(list(_DAYS), list(_DAYS.values()))
    digits = text.str.extract(r"^([1-7]+)$", 1)
    wrong = findings.about(rows.filter(digits.is_null()), column, "UNKNOWN_VALUE", WEEKDAYS_EXPECTED)
    ordered = pl.concat_str(
        pl.when(digits.str.contains(day)).then(pl.lit(day)).otherwise(pl.lit("")) for day in "1234567"
    )
    return findings.without(rows, wrong).with_columns(ordered.alias(column)), wrong


def span(rows: pl.DataFrame, first: str, last: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two columns of clock times as ``from_minute`` and ``to_minute``; and findings for what is no time of a day, or none
    after the first."""
    read = rows.with_columns(from_minute=_minute(first), to_minute=_minute(last))
    wrong = findings.gather(
        *(
            findings.about(read.filter(pl.col(minute).is_null()), column, "NOT_A_TIME", CLOCK_EXPECTED)
            for column, minute in ((first, "from_minute"), (last, "to_minute"))
        )
    )
    sound = findings.without(read, wrong)
    backward = findings.about(
        sound.filter(pl.col("to_minute") <= pl.col("from_minute")),
        last,
        "NOT_FORWARD",
        "晚于开始时刻 (after the start)",
    )
    return findings.without(sound, backward), findings.gather(wrong, backward)


def _minute(column: str) -> pl.Expr:
    hour, minute = (pl.col(column).str.extract(_CLOCK, at).cast(pl.Int64, strict=False) for at in (1, 2))
    total = hour * 60 + minute
    return pl.when((minute < 60) & (total <= MINUTES_A_DAY)).then(total)
