"""Words of conversations: media, sides, states of turns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MEDIA = {"SMS": _("短信"), "PHONE": _("电话")}
SIDES = {"IN": _("客户"), "OUT": _("供电公司")}
OUTCOMES = {
    "PENDING": _("待处理"),
    "ANSWERED": _("已回复"),
    "IGNORED": _("过于频繁，未回复"),
    "SENT": _("已发出"),
    "UNKNOWN": _("结果不明"),
    "REFUSED": _("网关拒收"),
}
TONES = {"PENDING": "info", "ANSWERED": "ok", "IGNORED": "soon", "SENT": "ok", "UNKNOWN": "soon", "REFUSED": "late"}
VERIFIED = {True: _("已核实"), False: _("未核实")}
