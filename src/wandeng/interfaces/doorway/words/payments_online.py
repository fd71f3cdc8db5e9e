"""Words of payments online: orders, refunds, messages and what was done on them, alarms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ORDER_STATES = {
    "CREATED": _("待付款"),
    "PAID": _("已付款"),
    "SETTLED": _("已对账"),
    "SUSPENDED": _("金额存疑"),
    "CLOSED": _("已关闭"),
    "REFUNDING": _("退款中"),
    "PART_REFUNDED": _("已部分退款"),
    "REFUNDED": _("已退款"),
}
ORDER_TONES = {
    "CREATED": "info",
    "PAID": "ok",
    "SETTLED": "ok",
    "SUSPENDED": "late",
    "CLOSED": "neutral",
    "REFUNDING": "warn",
    "PART_REFUNDED": "neutral",
    "REFUNDED": "neutral",
}
REFUND_STATES = {
    "PROPOSED": _("待复核"),
    "SENDING": _("退款处理中"),
    "DONE": _("已退款"),
    "FAILED": _("退款失败"),
    "REJECTED": _("已驳回"),
}
REFUND_TONES = {"PROPOSED": "warn", "SENDING": "info", "DONE": "ok", "FAILED": "late", "REJECTED": "neutral"}
CHANNEL_KINDS = {"WECHAT": _("微信支付"), "ALIPAY": _("支付宝"), "UNIONPAY": _("银联"), "DEMO": _("演示渠道")}
MESSAGE_KINDS = {"CALLBACK": _("通知"), "ANSWER": _("查询应答")}
OUTCOMES = {
    "": _("未处理"),
    "POSTED": _("已入账"),
    "POSTED_LATE": _("迟到，已入账"),
    "REPEAT": _("重复，未再入账"),
    "WRONG_AMOUNT": _("金额不符，转待查款"),
    "SECOND_PAYMENT": _("重复付款，转待查款"),
    "AFTER_REFUND": _("退款后又付款，转待查款"),
    "UNKNOWN_ORDER": _("订单不存在，转待查款"),
    "CONTRADICTION": _("前后矛盾，未入账"),
    "REFUNDED": _("已退款"),
    "REFUND_FAILED": _("退款失败"),
    "ASKED_ABOUT": _("已向平台核实"),
    "UNKNOWN_REFUND": _("退款单不存在"),
    "WRONG_REFUND": _("退款不符"),
    "NOTED": _("无需处理"),
}
FAULTS = {
    "": "",
    "NOT_SIGNED": _("没有签名"),
    "BAD_SIGNATURE": _("签名不对"),
    "UNKNOWN_KEY": _("不是平台的密钥"),
    "STALE": _("签名时间过期"),
    "SEALED_OTHERWISE": _("密文打不开"),
    "UNREADABLE": _("内容无法读取"),
    "OTHER_MERCHANT": _("不是本商户的"),
    "SENSELESS": _("内容不合理"),
}
ALARM_KINDS = {
    "WRONG_AMOUNT": _("到账金额与订单不符"),
    "SECOND_PAYMENT": _("同一订单付了两次"),
    "AFTER_REFUND": _("退款后又到账"),
    "UNKNOWN_ORDER": _("到账而订单不存在"),
    "CONTRADICTION": _("平台前后说法不一"),
    "NOT_BOOKED": _("到账未能入账"),
    "NO_ANSWER": _("平台多次不应答"),
    "REFUND_FAILED": _("平台退款失败"),
    "REFUND_UNANSWERED": _("退款长时间无结果"),
    "UNKNOWN_REFUND": _("平台退了本系统没有的款"),
    "WRONG_REFUND": _("退款与退款单不符"),
    "MISSING_HERE": _("平台有而系统没有（长款）"),
    "MISSING_THERE": _("系统有而平台没有（短款）"),
    "REFUND_NOT_THERE": _("系统已退款而平台明细没有"),
}
ALARM_STATES = {"OPEN": _("待处理"), "HANDLED": _("已处理")}
ALARM_TONES = {"OPEN": "late", "HANDLED": "neutral"}
SAID = {"PAID": _("已付款"), "NOT_PAID": _("未付款"), "CLOSED": _("已关闭"), "ABSENT": _("平台没有这个订单")}
CASHIER_GROUPS = {"PAY": _("付款"), "NOTICE": _("支付平台的通知"), "TROUBLE": _("异常情形")}
CASHIER_BUTTONS = {
    "pay": (_("付款"), _("付清，平台通知一次")),
    "fail": (_("付款失败"), _("余额不足，平台不通知")),
    "silent": (_("付款，但通知丢失"), _("系统要主动查询才知道")),
    "again": (_("补发通知"), _("迟到的通知")),
    "thrice": (_("重复通知三次"), _("只能入账一次")),
    "twice": (_("再付一次"), _("第二笔进待查款并告警")),
    "wrong": (_("多付 1 元"), _("金额不符，进待查款并告警")),
    "unknown": (_("付到不存在的订单"), _("进待查款并告警")),
    "forged": (_("伪造的通知"), _("签名不对，不入账")),
}
"""What can be played at the demo cashier: title, and what it shows."""
NOTHING_TO_TELL = _("还没有付款，没有可以通知的。")
DONE = _("已完成：%(what)s")
