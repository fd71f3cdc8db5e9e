"""Words of cases: states, channels, clocks, call-backs. What the definitions name stands in :mod:`doorway.process_names`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STATES = {
    "OPEN": _("处理中"),
    "FINISHED": _("待回访"),
    "CLOSED": _("已办结"),
    "MERGED": _("已合并"),
    "WITHDRAWN": _("已撤回"),
}
TONES = {"OPEN": "info", "FINISHED": "warn", "CLOSED": "ok", "MERGED": "neutral", "WITHDRAWN": "neutral"}
CHANNELS = {
    "PHONE_95598": _("95598 电话"),
    "HALL": _("营业厅"),
    "PORTAL": _("网上国网"),
    "SMS": _("短信"),
    "CELL": _("网格"),
    "MANAGER_LINE": _("经理直线"),
    "TRANSFER_12345": _("12345 转办"),
    "TRANSFER_12398": _("12398 转办"),
    "VISIT": _("上门"),
}
URGENCY_TONES = {"IMPORTANT": "warn", "URGENT": "late"}
SUPERVISED = {"": "", "yes": _("督办")}
SUPERVISED_TONES = {"yes": "late"}
KEPT = {
    "RUNNING": _("计时中"),
    "PAUSED": _("暂停计时"),
    "LATE": _("已超时"),
    "KEPT": _("按时"),
    "BROKEN": _("超时完成"),
}
KEPT_TONES = {"RUNNING": "info", "PAUSED": "neutral", "LATE": "late", "KEPT": "ok", "BROKEN": "late"}
EVIDENCE = {
    "KEPT": _("保管中"),
    "DUE": _("期满可销毁"),
    "HELD": _("已保全"),
    "PROPOSED": _("待批准销毁"),
    "DESTROYED": _("已销毁"),
}
EVIDENCE_TONES = {"KEPT": "ok", "DUE": "warn", "HELD": "info", "PROPOSED": "late", "DESTROYED": "neutral"}
MEASURES = {"MINUTE": _("分钟"), "HOUR": _("小时"), "DAY": _("日历日"), "WORKING_DAY": _("工作日")}
TABS = {
    "mine": pgettext_lazy("queue", "我的"),
    "role": _("我的岗位"),
    "all": pgettext_lazy("queue", "全部"),
    "late": _("已超时"),
    "soon": _("将超时"),
    "paused": _("暂停"),
    "unassigned": _("无人经办"),
    "owned": _("我首问的"),
    "waiting": _("待首问答复"),
}
SCORES = {5: _("很满意"), 4: _("满意"), 3: _("基本满意"), 2: _("不满意"), 1: _("很不满意")}
