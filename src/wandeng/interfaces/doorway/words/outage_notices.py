"""Words of telling people of outages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "ANNOUNCEMENT": _("停电通知"),
    "CORRECTION": _("变更通知"),
    "CANCELLATION": _("取消通知"),
    "RESTORATION": _("复电告知"),
}
STATES = {
    "WAITING": _("待发"),
    "SENDING": _("发送中"),
    "SENT": _("已发出"),
    "DELIVERED": _("已送达"),
    "UNKNOWN": _("结果不明"),
    "FAILED": _("未送达"),
    "OPTED_OUT": _("已退订"),
    "CANCELLED": _("已取消"),
}
CALLS = {"TO_CALL": _("待告知"), "CONFIRMED": _("已确认"), "DROPPED": _("不再需要")}
CALL_TONES = {"TO_CALL": "late", "CONFIRMED": "ok", "DROPPED": "neutral"}
WAYS = {
    "DOOR": _("上门告知"),
    "CALL": _("电话告知"),
    "GROUP": _("社区群告知"),
    "LOUDSPEAKER": _("广播告知"),
    "NOTICE_BOARD": _("张贴告知"),
}
NEXT = {
    "SMS": _("短信"),
    "VOICE": _("语音电话"),
    "WECHAT": _("微信"),
    "EMAIL": _("邮件"),
    "LETTER": _("信函"),
    "CALL": _("人工电话"),
    "DOOR": _("上门告知"),
}
ACTIONS = {
    "outage.told_by_hand": _("人工告知停电"),
    "outage.call": _("告知重要用户停电"),
    "outage.start": _("计划停电开始"),
    "outage.restore": _("计划停电复电"),
    "outage.new_end": _("计划停电送电时间变更"),
    "outage.finish": _("计划停电结束"),
}
