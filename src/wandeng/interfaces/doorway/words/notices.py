"""Words of notices: states, channels, purposes, what stands in the way, what gateways said."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "WAITING": _("待发送"),
    "SENDING": _("发送中"),
    "SENT": _("已发出"),
    "DELIVERED": _("已送达"),
    "UNKNOWN": _("结果不明"),
    "FAILED": _("未送达"),
    "OPTED_OUT": _("已退订，未发"),
    "CANCELLED": _("已取消"),
}
STATE_TONES = {
    "WAITING": "info",
    "SENDING": "info",
    "SENT": "ok",
    "DELIVERED": "ok",
    "UNKNOWN": "late",
    "FAILED": "late",
    "OPTED_OUT": "neutral",
    "CANCELLED": "neutral",
}
CHANNELS = {
    "SMS": _("短信"),
    "WECHAT": _("微信"),
    "VOICE": _("语音电话"),
    "EMAIL": _("电子邮件"),
    "LETTER": _("信函"),
}
PURPOSES = {
    "PAYMENT": _("收费"),
    "BILL": _("电费"),
    "ARREARS": _("催费"),
    "DISCONNECTION": _("停电"),
    "SUPPLY": _("复电"),
    "PREPAY": _("余额"),
    "OUTAGE": _("停电公告"),
    "WORK": _("工单"),
}
AUDIENCES = {"CUSTOMER": _("客户"), "STAFF": _("员工")}
WHY = {
    "NO_ADDRESS": _("没有可用的号码或地址"),
    "OPTED_OUT": _("客户已退订"),
    "HOURS": _("不在发送时段"),
    "NO_RULE": _("没有可依据的发送规则"),
    "BUSY": _("网关忙"),
    "UNKNOWN": _("网关没有明确答复"),
    "REFUSED": _("号码被拒"),
    "UNDELIVERED": _("未能送达"),
    "CANCELLED": _("人工取消"),
    "": "",
}
OUTCOMES = {
    "ACCEPTED": _("网关已接收"),
    "DELIVERED": _("已送达"),
    "BUSY": _("网关忙，稍后再发"),
    "REFUSED": _("被拒"),
    "UNDELIVERED": _("未能送达"),
    "UNKNOWN": _("没有明确答复"),
    "NOT_KNOWN": _("网关未收到"),
    "": _("等待答复"),
}
OUTCOME_TONES = {
    "ACCEPTED": "ok",
    "DELIVERED": "ok",
    "BUSY": "warn",
    "REFUSED": "late",
    "UNDELIVERED": "late",
    "UNKNOWN": "late",
    "NOT_KNOWN": "warn",
    "": "info",
}
MOVES = {
    "begin": _("交给网关"),
    "accept": _("网关接收"),
    "deliver": _("送达"),
    "lose": _("没有答复"),
    "give_back": _("退回待发"),
    "fall_back": _("改用下一渠道"),
    "fail": _("未送达"),
    "opt_out": _("已退订，不发"),
    "cancel": _("取消"),
    "send_again": _("重发"),
}
VERSION_STATES = {"DRAFT": _("待审批"), "APPROVED": _("已审批"), "WITHDRAWN": _("已撤回")}
VERSION_TONES = {"DRAFT": "warn", "APPROVED": "ok", "WITHDRAWN": "neutral"}
SOURCES = {
    "REPLY": _("短信回复"),
    "HALL": _("营业厅"),
    "PHONE": _("电话"),
    "ONLINE": pgettext_lazy("opt-out", "网上"),
}
