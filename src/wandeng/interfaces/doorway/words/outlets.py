"""Words of outlets and payment circles: kinds, services, hours, what serves a village, what a scenario changes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.words.planned_outages import day

METERS_A_KILOMETER = 1000

KINDS = {
    "HALL": _("营业厅"),
    "VILLAGE": _("村级服务点"),
    "AGENT": _("代收点"),
    "BANK": _("银行网点"),
    "TERMINAL": _("自助终端"),
}
SERVICES = {
    "PAY": pgettext_lazy("service of an outlet", "缴费"),
    "PREPAY": pgettext_lazy("service of an outlet", "购电"),
    "INVOICE": pgettext_lazy("service of an outlet", "发票"),
    "BUSINESS": pgettext_lazy("service of an outlet", "业务办理"),
    "ADVICE": pgettext_lazy("service of an outlet", "咨询"),
}
AREAS = {"CITY": _("城市"), "RURAL": _("农村")}
OPEN_ON = {"WORKING_DAYS": _("法定节假日休息"), "EVERY_DAY": _("节假日照常")}
SERVED = {"OUTLET": _("有网点"), "VEHICLE": _("流动服务车"), "NOTHING": _("没有")}
SERVED_TONES = {"OUTLET": "ok", "VEHICLE": "info", "NOTHING": "late"}
CHANGES = {"ADD": _("新增网点"), "CLOSE": _("撤销网点")}
ACTIONS = {
    "outlet.except": _("设置营业时间例外"),
    "outlet.lift": _("取消营业时间例外"),
    "outlet.close": _("停用网点"),
    "circle.compute": _("测算缴费圈"),
}
_WEEKDAYS = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))


def hours(kept: str) -> str:
    """Opening hours as they are kept, in words: by groups of weekdays; empty: closed."""
    if not kept:
        return gettext("不营业")
    told = []
    for group in kept.split(";"):
        days, _blank, spans = group.partition(" ")
        whole = gettext("全天") if spans == "00:00-24:00" else spans.replace(",", pgettext("between items", "、"))
        told.append(f"{_weekdays(days)} {whole}")
    return pgettext("between groups of hours", "；").join(told)


def _weekdays(days: str) -> str:
    if days == "1234567":
        return gettext("每天")
    numbers = [int(one) - 1 for one in days]
    names = [str(_WEEKDAYS[one]) for one in numbers]
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return gettext("%(first)s至%(last)s") % {"first": names[0], "last": names[-1]}
    return pgettext("between items", "、").join(names)


def spans(found: tuple[tuple[int, int], ...]) -> str:
    """The hours of a day; empty: closed."""
    if not found:
        return gettext("不营业")
    return pgettext("between items", "、").join(f"{clock(begin)}-{clock(end)}" for begin, end in found)


def clock(minute: int) -> str:
    """A minute of a day as a clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def standing(until: int | None, following: tuple[date, int] | None, today: date) -> str:
    """Open until when, or closed and when it opens next (a day and a minute), where that is known."""
    if until is not None:
        return gettext("营业中，%(time)s 结束") % {"time": clock(until)}
    if following is None:
        return gettext("现在不营业")
    on, minute = following
    return gettext("现在不营业，%(day)s %(time)s 开门") % {"day": day(on, today), "time": clock(minute)}


def distance(meters: int | None) -> str:
    """As the crow flies, as people say it; nothing where nobody asked from a place."""
    if meters is None:
        return ""
    if meters < METERS_A_KILOMETER:
        return gettext("%(meters)s 米") % {"meters": max(10, round(meters, -1))}
    return gettext("%(km)s 公里") % {"km": f"{meters / METERS_A_KILOMETER:.1f}"}
