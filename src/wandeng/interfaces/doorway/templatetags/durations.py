"""Spans of time in words: how long ago, how soon, how much is left."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTES_A_DAY = 1440


def span(minutes: int) -> str:
    """Minutes as people say them: hours carry their minutes, days stand alone.

    >>> span(12), span(125), span(4000)
    ('12 分', '2 小时 5 分', '2 天')
    """
    if minutes < 60:
        return _minutes(minutes)
    if minutes < 2 * MINUTES_A_DAY:
        hours = _hours(minutes // 60)
        return f"{hours} {_minutes(minutes % 60)}" if minutes % 60 else hours
    return _days(minutes // MINUTES_A_DAY)


def relative(value: datetime, now: datetime) -> str:
    """刚刚, 5 分钟前, 3 小时后, 2 天前: one unit is enough beside the whole time."""
    seconds = int((now - value).total_seconds())
    minutes = abs(seconds) // 60
    if minutes == 0:
        return _("刚刚")
    if minutes < 60:
        words = ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    elif minutes < MINUTES_A_DAY:
        words = _hours(minutes // 60)
    else:
        words = _days(minutes // MINUTES_A_DAY)
    return (_("%(span)s前") if seconds > 0 else _("%(span)s后")) % {"span": words}


def left(due: datetime, now: datetime, warn_minutes: int) -> tuple[str, str]:
    """What is left until a limit, and its tone: neutral, warn within ``warn_minutes``, late behind it."""
    seconds = int((due - now).total_seconds())
    words = span(abs(seconds) // 60)
    if seconds < 0:
        return _("超时 {span}").format(span=words), "late"
    return _("剩 {span}").format(span=words), "warn" if seconds <= warn_minutes * 60 else "neutral"


def _minutes(number: int) -> str:
    return ngettext("%(n)d 分", "%(n)d 分", number) % {"n": number}


def _hours(number: int) -> str:
    return ngettext("%(n)d 小时", "%(n)d 小时", number) % {"n": number}


def _days(number: int) -> str:
    return ngettext("%(n)d 天", "%(n)d 天", number) % {"n": number}
