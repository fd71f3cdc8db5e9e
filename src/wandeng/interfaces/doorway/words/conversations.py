"""Words of conversations: media, sides, states of turns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.words import halls

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
CONTACTS = {
    "SMS": _("短信"),
    "PHONE": _("自助电话"),
    "CALLED": _("自动外呼"),
    "HALL": _("营业厅"),
    "BOUND": _("网上营业厅绑定"),
    "UNBOUND": _("网上营业厅解绑"),
}
"""Kinds of contacts."""
_BILL, _OUTAGE, _POINTS, _REPORT = _("查电费"), _("查停电"), _("查缴费点"), _("自助报修")
ASKED = {
    "BILL": _BILL, "NO_BILL": _BILL, "BALANCE": _("查余额"), "OUTAGE": _OUTAGE, "NO_OUTAGE": _OUTAGE,
    "PAY_POINTS": _POINTS, "NO_PAY_POINTS": _POINTS, "REPORT": _REPORT, "REPORTED": _REPORT, "REPORTED_BEFORE": _REPORT,
    "OWED": _("电费提醒"), "MATTER": _("回访"), "SAYS_PAID": _("称已交费"), "WANTS_PERSON": _("要求人工"),
    "SATISFIED": _("满意"), "DISSATISFIED": _("不满意"), "ABSENT": _("无人上门"),
    "OPTED_OUT": _("退订提醒"), "OPTED_IN": _("恢复提醒"),
}  # fmt: skip
"""What was asked, by the answers of ``text_service`` and the actions of ``voice_menu``; what has no word of its own is not told."""


def about(code: str) -> Any:
    """What a contact was about, in words; empty for what has none."""
    return ASKED.get(code) or halls.PURPOSES.get(code, "")


PURPOSES = {"DUNNING": _("电费提醒"), "CALL_BACK": _("回访")}
RESULTS = {
    "REACHED": _("已按键"),
    "HUNG_UP": _("接听未按键"),
    "NO_ANSWER": _("无人接听"),
    "BUSY": _("占线"),
    "FAILED": _("未能拨出"),
    "LOST": _("没有结果"),
    "": _("拨打中"),
}
RESULT_TONES = {
    "REACHED": "ok", "HUNG_UP": "soon", "NO_ANSWER": "soon", "BUSY": "soon", "FAILED": "late", "LOST": "late", "": "info",
}  # fmt: skip
CHOICES = {
    "SAYS_PAID": _("称已交费"),
    "WANTS_PERSON": _("要求人工"),
    "SATISFIED": _("满意"),
    "DISSATISFIED": _("不满意"),
    "ABSENT": _("无人上门"),
    "": "",
}
