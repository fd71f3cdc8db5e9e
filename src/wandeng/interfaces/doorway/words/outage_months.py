"""Words of month plans of outages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {"OPEN": _("编制中"), "ADOPTED": pgettext_lazy("month plan", "已采用")}
TONES = {"ADOPTED": "good", "OPEN": "info"}
SOLUTION_STATES = {
    "QUEUED": pgettext_lazy("month plan", "等待求解"),
    "SOLVING": pgettext_lazy("month plan", "求解中"),
    "SOLVED": pgettext_lazy("month plan", "已求解"),
    "FAILED": pgettext_lazy("month plan", "求解未成功"),
}
SOLUTION_KINDS = {"SOLVER": _("自动编排"), "MOVED": _("人工调整")}
LEFT_OUT = {"TOO_LONG": _("停电超过一天，不参与编排")}
WHY = {
    "FIXED": _("已提交或已批准，位置不变"),
    "PINNED": _("由编制人固定"),
    "LIVE": _("带电作业，不停电"),
    "MERGED": _("与同日停电合并"),
    "SAME_DAY": _("与同日停电同一天，时段不同"),
    "PROPOSED": _("按申报时间，没有更好的位置"),
    "CHEAPER": _("移到影响更小的时段"),
}
RULES = {
    "NO_DAY": _("通知期或约定日期不满足"),
    "FORBIDDEN": _("不得停电的时段"),
    "AVOIDED": _("宜避开的时段"),
    "NO_CREW": _("班组不足或冲突"),
    "TIES_EXCLUDE": _("联络开关互相占用"),
    "AREA_OVER_LIMIT": _("台区超过全年计划停电次数"),
    "AREA_TOO_SOON": _("台区短期内频繁停电"),
    "NOT_WORTH_IT": _("时间内未找到合适位置"),
}
RULE_TONES = {"AVOIDED": "warn", "AREA_TOO_SOON": "warn", "NOT_WORTH_IT": "warn"}
