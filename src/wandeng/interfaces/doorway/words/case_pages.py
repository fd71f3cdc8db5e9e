"""Words of the intake and of the page of one case: entries of its log, proofs, measures, verbs, what was done."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

ENTRIES = {
    "OPENED": _("受理"),
    "FINISHED": _("完成环节"),
    "RETURNED": _("退回"),
    "PAUSED": _("暂停计时"),
    "RESUMED": _("恢复计时"),
    "REOPENED": _("重启"),
    "ASSIGNED": _("指派"),
    "FILLED": _("补填"),
    "ATTACHED": _("收到资料"),
    "PRESSED": _("催办"),
    "SUPERVISED": _("督办"),
    "NOTED": pgettext_lazy("case", "备注"),
    "TRANSFERRED": _("转派单位"),
    "RECLASSIFIED": _("更正分类"),
    "JOINED": _("并入重复诉求"),
    "SPLIT": _("拆分"),
    "MERGED": _("合并到他单"),
    "WITHDRAWN": _("客户撤回"),
    "WARNED": _("时限预警"),
    "BREACHED": _("超时"),
    "CALLED_BACK": _("回访"),
    "CLOSED": _("办结"),
    "REVEALED": _("查看个人信息"),
    "HELD": _("证据保全"),
    "RELEASED": _("解除保全"),
    "DESTROYED": _("证据销毁"),
    "ANSWERED": _("首问答复"),
    "OWNED": _("移交首问"),
}
ENTRY_TONES = {
    "OPENED": "info", "FINISHED": "ok", "RETURNED": "warn", "PAUSED": "warn", "REOPENED": "late", "PRESSED": "warn",
    "SUPERVISED": "late", "WARNED": "warn", "BREACHED": "late", "CLOSED": "ok", "WITHDRAWN": "warn", "HELD": "info", "DESTROYED": "late",
    "JOINED": "warn", "ANSWERED": "ok", "OWNED": "info",
}  # fmt: skip
MACHINES = {"sms": _("短信自助（待接单人）"), "ivr": _("电话自助（待接单人）"), "portal": _("网上自助（待接单人）")}
"""Who was asked first where the customer helped themselves."""
SELF_SERVICE = {"sms": _("短信自助"), "ivr": _("语音自动"), "portal": _("网上自助")}
"""Who wrote in the log where a machine did."""
DROPPED = _("不再计时")
"""A clock that was taken back: its step is not to be done any more."""
PROOFS = {
    "PHOTO": _("照片"),
    "PLACE": _("定位"),
    "TIME": _("时间"),
    "SIGNATURE": _("签名"),
    "RECORDING": _("录音"),
    "PAPER": _("书面材料"),
    "DOCUMENT": _("客户资料"),
}
MEASURES = {
    "MINUTE": ngettext_lazy("%(n)d 分钟", "%(n)d 分钟", "n"),
    "HOUR": ngettext_lazy("%(n)d 小时", "%(n)d 小时", "n"),
    "DAY": ngettext_lazy("%(n)d 天", "%(n)d 天", "n"),
    "WORKING_DAY": ngettext_lazy("%(n)d 个工作日", "%(n)d 个工作日", "n"),
}
CALL_BACKS = {
    "WANTED": _("待回访"),
    "SATISFIED": pgettext_lazy("call-back", "满意"),
    "DISSATISFIED": pgettext_lazy("call-back", "不满意"),
    "UNREACHED": _("未联系上"),
    "NOT_REACHED": _("未联系上"),
}
CALL_BACK_TONES = {"WANTED": "warn", "SATISFIED": "ok", "DISSATISFIED": "late", "UNREACHED": "neutral"}
CALL_CHANNELS = {"PHONE": pgettext_lazy("call-back", "电话"), "SMS": _("短信"), "PORTAL": _("网上国网")}
YES_NO = {"YES": _("是"), "NO": _("否")}
DONE = {
    "finish": _("环节已完成。"),
    "assign": _("已指派。"),
    "back": _("已退回。"),
    "pause": _("已暂停计时。"),
    "resume": _("已恢复计时。"),
    "fill": _("已保存。"),
    "hand-in": _("已收下。"),
    "note": _("已记下。"),
    "press": _("已催办，经办人会立即收到。"),
    "supervise": _("已督办。"),
    "answer-contact": _("答复已登记。"),
    "hand-over": _("首问责任已移交，对方会收到通知。"),
    "transfer": _("已转派，首问责任不变。"),
    "reclassify": _("分类已更正。"),
    "merge": _("已合并。"),
    "withdraw": _("工单已撤回。"),
    "withdraw-link": _("链接已停用，工单有了新的链接。"),
    "call-back": _("回访结果已登记。"),
    "not-reached": _("已记为未联系上。"),
    "reopen": _("工单已重启，时限重新计算。"),
}
