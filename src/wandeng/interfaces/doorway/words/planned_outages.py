"""Planned outages in words for everybody: when, where, why, what became of it; the same on the page, in files, in calendars."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from wandeng.flows.supply_status.planned import Mark, PlannedNotice
from wandeng.kernel.periods import BILLING_ZONE

REASONS: dict[str, Any] = {
    "MAINTENANCE": gettext_lazy("检修线路和设备"),
    "CONSTRUCTION": gettext_lazy("电网施工"),
    "CUSTOMER": gettext_lazy("用户工程"),
    "OTHER_LEVEL": gettext_lazy("上级电网检修"),
    "RATIONING": gettext_lazy("有序用电（电力供应不足，轮流限电）"),
}
MARKS: dict[str, Any] = {
    "STANDS": "",
    "CHANGED": gettext_lazy("有变更"),
    "RUNNING": gettext_lazy("正在停电"),
    "CANCELED": gettext_lazy("已取消"),
}
TONES = {"STANDS": "", "CHANGED": "warn", "RUNNING": "late", "CANCELED": "ok"}
MOST_PLACES = 30
"""Places named of one outage; whoever looks for one of the others finds it by its name."""


def said(one: PlannedNotice) -> list[str]:
    """When, where, why, and what became of it, in the language that is active."""
    day = date_format(one.starts_at.astimezone(BILLING_ZONE).date(), pgettext("day with weekday", "n月j日 l"))
    when = _("%(day)s %(window)s") % {"day": day, "window": window(one.starts_at, one.ends_at)}
    told = [when, places(one), str(REASONS.get(one.reason, ""))]
    return [line for line in (*told, became(one)) if line]


def everywhere(one: PlannedNotice) -> dict[str, list[str]]:
    """The same in every language."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = said(one)
    return told


def window(begin: datetime, end: datetime) -> str:
    """Hours from and to, with the day of the end where it is another one."""
    begins, ends = begin.astimezone(BILLING_ZONE), end.astimezone(BILLING_ZONE)
    until = f"{ends:%H:%M}"
    if ends.date() == begins.date() + timedelta(days=1):
        until = _("次日 %(time)s") % {"time": until}
    elif ends.date() != begins.date():
        until = date_format(ends, pgettext("day and time", "n月j日 H:i"))
    return _("%(begin)s 至 %(end)s") % {"begin": f"{begins:%H:%M}", "end": until}


def places(one: PlannedNotice, asked: str = "") -> str:
    """Villages and communities, those that are called so first, and how many more there are."""
    wanted = asked.strip().casefold()
    order = sorted(one.places, key=lambda name: wanted not in name.casefold()) if wanted else list(one.places)
    named = pgettext("between items", "、").join(order[:MOST_PLACES])
    more = len(order) - MOST_PLACES
    if more <= 0:
        return named
    return ngettext("%(named)s，另有 %(n)d 处", "%(named)s，另有 %(n)d 处", more) % {"named": named, "n": more}


def became(one: PlannedNotice) -> str:
    """What became of it since it was told; empty when it stands."""
    if one.mark is Mark.CANCELED:
        return _("已取消，照常供电。")
    changed = ""
    if one.was_from and one.was_until:
        at = date_format(one.was_from.astimezone(BILLING_ZONE).date(), pgettext("day with weekday", "n月j日 l"))
        changed = _("时间有变，原定%(day)s %(window)s。") % {"day": at, "window": window(one.was_from, one.was_until)}
    elif one.mark is Mark.CHANGED:
        changed = _("停电范围有变，以本页为准。")
    if one.mark is Mark.RUNNING:
        return _("正在停电。") + changed
    return changed


def day(of: date, today: date) -> str:
    """A day as a heading: today and tomorrow by their names too."""
    name = date_format(of, pgettext("day with weekday", "n月j日 l"))
    if of == today:
        return _("今天 %(day)s") % {"day": name}
    if of == today + timedelta(days=1):
        return _("明天 %(day)s") % {"day": name}
    return name


def calendar_title(one: PlannedNotice) -> str:
    """What stands in a calendar: what it is, and where."""
    place = one.places[0]
    if len(one.places) > 1:
        place = _("%(place)s等 %(n)d 处") % {"place": place, "n": len(one.places)}
    if one.is_canceled:
        return _("停电取消：%(place)s") % {"place": place}
    return _("停电：%(place)s") % {"place": place}
