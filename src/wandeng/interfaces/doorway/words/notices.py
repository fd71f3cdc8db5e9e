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
    "APPOINTMENT": _("预约"),
    "WORK": _("工单"),
}
AUDIENCES = {"CUSTOMER": _("客户"), "STAFF": _("员工")}
WHY = {
    "NO_ADDRESS": _("没有可用的号码或地址"),
    "OPTED_OUT": _("客户已退订"),
    "HOURS": _("不在发送时段"),
    "PREFERRED": _("按客户选择的方式"),
    "QUIET": _("客户的免打扰时段"),
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
NAMES = {
    "收费通知": _("收费通知"),  # Chinese on purpose
    "电费通知": _("电费通知"),  # Chinese on purpose
    "催费通知（第一次）": _("催费通知（第一次）"),  # Chinese on purpose
    "催费通知（第二次）": _("催费通知（第二次）"),  # Chinese on purpose
    "语音催费": _("语音催费"),  # Chinese on purpose
    "欠费停电通知": _("欠费停电通知"),  # Chinese on purpose
    "停电前再次通知": _("停电前再次通知"),  # Chinese on purpose
    "复电工单通知": _("复电工单通知"),  # Chinese on purpose
    "复电通知": _("复电通知"),  # Chinese on purpose
    "余额不足提醒": _("余额不足提醒"),  # Chinese on purpose
    "费控停电预告": _("费控停电预告"),  # Chinese on purpose
    "抢修恢复送电": _("抢修恢复送电"),  # Chinese on purpose
    "抢修预计恢复时间": _("抢修预计恢复时间"),  # Chinese on purpose
    "失约致歉": _("失约致歉"),  # Chinese on purpose
    "预约改时": _("预约改时"),  # Chinese on purpose
    "预约取消": _("预约取消"),  # Chinese on purpose
    "预约提醒": _("预约提醒"),  # Chinese on purpose
    "预约确认": _("预约确认"),  # Chinese on purpose
}
"""The product's own templates, by the name that they are kept under."""
SLOTS = {
    "供电公司": _("供电公司"),  # Chinese on purpose
    "服务热线": _("服务热线"),  # Chinese on purpose
    "户号": _("户号"),  # Chinese on purpose
    "户名": _("户名"),  # Chinese on purpose
    "用电地址": _("用电地址"),  # Chinese on purpose
    "金额（元）": _("金额（元）"),  # Chinese on purpose
    "电费年月": _("电费年月"),  # Chinese on purpose
    "交费截止日": _("交费截止日"),  # Chinese on purpose
    "电量（千瓦时）": _("电量（千瓦时）"),  # Chinese on purpose
    "欠费合计（元）": _("欠费合计（元）"),  # Chinese on purpose
    "违约金（元）": _("违约金（元）"),  # Chinese on purpose
    "预收余额（元）": _("预收余额（元）"),  # Chinese on purpose
    "可用余额（元）": _("可用余额（元）"),  # Chinese on purpose
    "天数": _("天数"),  # Chinese on purpose
    "停电日期": _("停电日期"),  # Chinese on purpose
    "停电时间": _("停电时间"),  # Chinese on purpose
    "时间": _("时间"),  # Chinese on purpose
    "时限": _("时限"),  # Chinese on purpose
    "交费渠道": _("交费渠道"),  # Chinese on purpose
    "工单编号": _("工单编号"),  # Chinese on purpose
    "事由": _("事由"),  # Chinese on purpose
    "停电范围": _("停电范围"),  # Chinese on purpose
    "最早日期": _("最早日期"),  # Chinese on purpose
    "工单号": _("工单号"),  # Chinese on purpose
    "预约号": _("预约号"),  # Chinese on purpose
    "预约地点": _("预约地点"),  # Chinese on purpose
    "预计复电时间": _("预计复电时间"),  # Chinese on purpose
    "本号码涉及户数": _("本号码涉及户数"),  # Chinese on purpose
    "限电要求": _("限电要求"),  # Chinese on purpose
    "预约事项": _("预约事项"),  # Chinese on purpose
}
"""What the slots of a text are about, by the word that the renderer has for them."""
