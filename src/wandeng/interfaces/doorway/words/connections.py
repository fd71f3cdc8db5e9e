"""Words of new connections: classes, what a load is known from."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CLASSES = {
    "": "–",
    "RESIDENTIAL": _("居民"),
    "SMALL_BUSINESS": _("小微企业（三零）"),
    "LOW_VOLTAGE": _("其他低压"),
    "HV_SINGLE": _("高压单电源"),
    "HV_DUAL": _("高压双电源"),
}
BASES = {"METERED": _("考核表最大需量"), "CONTRACT": _("合同容量折算")}
LATE = {"True": _("已超时"), "False": _("未超时")}
LATE_TONES = {"True": "late", "False": "neutral"}
METHODS = {0: _("无（单一制）"), 1: _("按容量"), 2: _("按合同需量"), 3: _("按实际需量")}
