"""Words of metering: states, sources, reasons, registers, doubts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

METER_STATES = {
    "IN_STOCK": _("库存"),
    "INSTALLED": _("在装"),
    "REMOVED": _("已拆"),
    "SCRAPPED": _("已报废"),
}
METER_TONES = {"IN_STOCK": "info", "INSTALLED": "ok", "REMOVED": "neutral", "SCRAPPED": "neutral"}
READING_STATES = {"ACCEPTED": _("已认可"), "HELD": _("待审"), "REFUSED": _("已退回")}
READING_TONES = {"ACCEPTED": "ok", "HELD": "warn", "REFUSED": "neutral"}
SOURCES = {
    "HEAD_END": _("采集"),
    "MANUAL": _("人工"),
    "CUSTOMER": _("客户自报"),
    "ESTIMATE": _("估抄"),
    "INSTALLATION": _("装表"),
    "REMOVAL": _("拆表"),
}
BILLED_BY = {"REGISTER": _("示数"), "INTERVAL": _("曲线")}
HOLD_REASONS = {
    "FUTURE_DATE": _("抄表日期在未来"),
    "BEFORE_LAST": _("早于最近一次抄表"),
    "PERIOD_MISSING": _("缺少分时示数"),
    "LOWER_THAN_LAST": _("示数小于上次"),
    "PERIODS_EXCEED_TOTAL": _("分时之和大于总"),
    "OVER_MODULUS": _("超出电能表位数"),
    "OVER_CAPACITY": _("超过合同容量"),
    "JUMP": _("电量突增"),
    "ZERO": _("首次零电量"),
}
HOLD_TONES = dict.fromkeys(HOLD_REASONS, "warn") | {"OVER_CAPACITY": "late", "OVER_MODULUS": "late"}
HOLD_ADVICE = {
    "FUTURE_DATE": _("核对抄表日期；日期录错时退回，按正确日期重录。"),
    "BEFORE_LAST": _("这一天之后已有认可的示数；补录旧示数前先核对后面的示数。"),
    "PERIOD_MISSING": _("上次有分时示数，这次没有；补齐后更正。"),
    "LOWER_THAN_LAST": _("示数倒走，又不像翻转；多为看错位或换表未登记，宜复抄。"),
    "PERIODS_EXCEED_TOTAL": _("分时电量之和大于总电量；多为看错行，宜复抄。"),
    "OVER_MODULUS": _("示数的整数位多于电能表的位数；多抄了一位。"),
    "OVER_CAPACITY": _("即使全天按合同容量用电也用不到这么多；多抄了一位，或倍率有误。"),
    "JUMP": _("日均电量是上次的数倍；确有增加的放行，否则复抄。"),
    "ZERO": _("上次有电量，这次为零；房屋空置的放行，否则查看电能表。"),
}
REREAD_STATES = {
    "": "",
    "ORDERED": _("待领取"),
    "TAKEN": _("已领取"),
    "DONE": _("已完成"),
    "CANCELLED": _("已取消"),
}
REREAD_TONES = {"ORDERED": "warn", "TAKEN": "info", "DONE": "ok", "CANCELLED": "neutral"}
REGISTERS = {
    "total_ckwh": pgettext_lazy("register", "总"),
    "sharp_ckwh": pgettext_lazy("register", "尖"),
    "peak_ckwh": pgettext_lazy("register", "峰"),
    "valley_ckwh": pgettext_lazy("register", "谷"),
    "deep_ckwh": pgettext_lazy("register", "深谷"),
    "reactive_ckvarh": pgettext_lazy("register", "无功"),
    "reactive_export_ckvarh": pgettext_lazy("register", "反向无功"),
    "export_ckwh": pgettext_lazy("register", "上网"),
    "demand_e4": pgettext_lazy("register", "需量"),
}
DOUBTS = HOLD_REASONS | {
    "NOT_IN_STOCK": _("新表不在库存"),
    "UNKNOWN_METER": _("没有这块新表"),
    "MULTIPLIER_CHANGES": _("倍率与旧表不同"),
    "READ_LATER": _("旧表在此日之后已有示数"),
}
STOPS = frozenset({"NOT_IN_STOCK", "UNKNOWN_METER", "READ_LATER", "LOWER_THAN_LAST", "OVER_MODULUS"})
"""Doubts with which an exchange is usually refused; the others only want a second look."""
