"""When supply is back, in words for everybody: a headline and short sentences, the same on pages, in files and on the phone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from wandeng.flows.supply_status.answers import Answer
from wandeng.kernel.periods import BILLING_ZONE

STANDING = {
    "FAULT": gettext_lazy("故障停电"),
    "PLANNED": gettext_lazy("计划停电"),
    "REPORTED": gettext_lazy("已接报修，待核实"),
    "NONE": gettext_lazy("没有已知停电"),
}
STANDING_TONES = {"FAULT": "late", "PLANNED": "warn", "REPORTED": "info", "NONE": "ok"}
STAGES: dict[str, Any] = {
    "SENT": gettext_lazy("已经派人抢修。"),
    "ON_THE_WAY": gettext_lazy("抢修人员正在路上。"),
    "ON_SITE": gettext_lazy("抢修人员已到现场。"),
}
SOURCES: dict[str, Any] = {
    "CREW": gettext_lazy("来电时间是现场抢修人员估计的。"),
    "DISPATCHER": gettext_lazy("来电时间是调度估计的，到现场查看后可能变化。"),
    "PLAN": gettext_lazy("来电时间按停电计划。"),
}
SURE: dict[str, Any] = {
    "HIGH": gettext_lazy("来电时间按以往同类故障推算，比较有把握。"),
    "MEDIUM": gettext_lazy("来电时间按以往同类故障推算，可能变化。"),
    "LOW": gettext_lazy("来电时间只是初步推算，可能变化较大。"),
}


def said(answer: Answer, now: datetime) -> list[str]:
    """The headline and what follows it, in the language that is active."""
    return [headline(answer, now), *_since(answer, now), *_until(answer, now), *_next(answer, now)]


def everywhere(answer: Answer, now: datetime) -> dict[str, list[str]]:
    """The same in every language."""
    told = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            told[code] = said(answer, now)
    return told


def headline(answer: Answer, now: datetime) -> str:
    """One line: what is the matter, and when supply is back."""
    if answer.standing == "NONE":
        return _("没有查到停电")
    if answer.standing == "REPORTED":
        return _("有人报修，正在核实")
    at = {"at": when(answer.until, now)} if answer.until else {}
    if answer.standing == "FAULT":
        if answer.is_late:
            return _("故障停电，抢修比预计的慢")
        return _("故障停电，预计%(at)s来电") % at if at else _("故障停电，正在抢修")
    if answer.is_late:
        return _("计划停电，送电推迟")
    if answer.reason == "RATIONING":
        return _("有序用电停电，预计%(at)s来电") % at if at else _("有序用电停电中")
    return _("计划停电，预计%(at)s来电") % at if at else _("计划停电中")


def when(moment: datetime, now: datetime) -> str:
    """A time as people say it: today 18:30, tomorrow 08:00, else with the day."""
    local, day = moment.astimezone(BILLING_ZONE), now.astimezone(BILLING_ZONE).date()
    time = {"time": f"{local:%H:%M}"}
    if local.date() == day:
        return _("今天 %(time)s") % time
    if local.date() == day + timedelta(days=1):
        return _("明天 %(time)s") % time
    if local.date() == day - timedelta(days=1):
        return _("昨天 %(time)s") % time
    return date_format(local, pgettext("day and time", "n月j日 H:i"))


def _since(answer: Answer, now: datetime) -> list[str]:
    if answer.since is None:
        return []
    at = {"at": when(answer.since, now)}
    if answer.standing == "REPORTED":
        return [_("最早的报修在%(at)s。核实后会显示在这里。") % at]
    stage = [str(STAGES[answer.stage])] if answer.standing == "FAULT" and answer.stage in STAGES else []
    return [_("%(at)s停电。") % at, *stage]


def _until(answer: Answer, now: datetime) -> list[str]:
    if not answer.is_off:
        return []
    if answer.until is None:
        return [_("还不知道什么时候来电，一有消息就显示在这里。")]
    if answer.is_late:
        return [_("原来预计%(at)s来电，已经过了，正在核实新的时间。") % {"at": when(answer.until, now)}]
    if answer.source == "STATISTICS":
        return [str(SURE.get(answer.confidence, SURE["LOW"]))]
    return [str(SOURCES[answer.source])] if answer.source in SOURCES else []


def _next(answer: Answer, now: datetime) -> list[str]:
    if answer.next_from is None:
        return []
    begin = when(answer.next_from, now)
    if answer.next_until is None:
        return [_("接下来的计划停电：%(begin)s 开始。") % {"begin": begin}]
    return [_("接下来的计划停电：%(begin)s 至 %(end)s。") % {"begin": begin, "end": when(answer.next_until, now)}]
