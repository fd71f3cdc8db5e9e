"""Words of dunning: states of cases, steps, promises and protections, whom a step reached, why nobody may be cut."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CASE_STATES = {"OPEN": _("催缴中"), "PROMISED": _("承诺中"), "CUT": _("已停电"), "CLOSED": _("已结案")}
CASE_TONES = {"OPEN": "warn", "PROMISED": "info", "CUT": "late", "CLOSED": "ok"}
STEPS = {
    "": _("未催"),
    "SMS": _("短信催费"),
    "VOICE": _("电话催费"),
    "VISIT": _("上门催费"),
    "NOTICE": _("停电通知书"),
    "SECOND_NOTICE": _("停电前再次通知"),
    "CUT": pgettext_lazy("dunning", "停电"),
}
STEP_STATES = {"PENDING": _("待反馈"), "REACHED": _("已送达"), "MISSED": _("未送达"), "CANCELLED": _("已取消")}
STEP_TONES = {"PENDING": "info", "REACHED": "ok", "MISSED": "warn", "CANCELLED": "neutral"}
STANDINGS = {
    "": "–",
    "STEP": _("按阶梯催缴"),
    "TASK": _("等上门结果"),
    "READY": _("可申请停电"),
    "PROTECTED": _("保护用户，不停电"),
    "DONE": _("已执行停电"),
}
STANDING_TONES = {"STEP": "info", "TASK": "warn", "READY": "late", "PROTECTED": "ok", "DONE": "neutral"}
BY = {"MESSAGE": _("消息"), "CALL": _("自动外呼"), "PERSON": _("人工"), "ORDER": _("工单")}
WHOM = {
    "CUSTOMER": _("用户本人"),
    "FAMILY": _("家属"),
    "EMPLOYEE": _("单位人员"),
    "WITNESS": _("留置（见证人）"),
}
CHANNELS = {
    "": "",
    "SMS": _("短信"),
    "WECHAT": _("微信"),
    "VOICE": _("语音"),
    "EMAIL": _("邮件"),
    "LETTER": _("信函"),
    "PHONE": _("电话"),
    "VISIT": _("上门"),
    "PAPER": _("书面"),
    "FIELD": _("现场"),
}
PROMISE_CHANNELS = {"PHONE": _("电话"), "VISIT": _("上门"), "COUNTER": _("营业厅"), "ONLINE": _("网上")}
PROMISE_STATES = {"HOLDING": _("承诺期内"), "KEPT": _("已兑现"), "BROKEN": _("未兑现"), "WITHDRAWN": _("已撤回")}
PROMISE_TONES = {"HOLDING": "info", "KEPT": "ok", "BROKEN": "late", "WITHDRAWN": "neutral"}
PROTECTION_KINDS = {
    "LIFE_SUPPORT": _("居家生命支持设备"),
    "HOSPITAL": _("医疗机构"),
    "WELFARE": _("福利与养老机构"),
    "APPROVED": _("批准名单"),
}
PROTECTION_STATES = {"PROPOSED": _("待审批"), "APPROVED": _("已批准"), "REFUSED": _("已驳回"), "ENDED": _("已终止")}
PROTECTION_TONES = {"PROPOSED": "warn", "APPROVED": "ok", "REFUSED": "neutral", "ENDED": "neutral"}
CLOSED_AS = {
    "": "",
    "PAID": _("已交清"),
    "PROMISE_KEPT": _("承诺兑现"),
    "PLAN": _("分期付款"),
    "WRITTEN_OFF": _("核销"),
    "SMALL": _("余额过小"),
}
MOVES = {
    "promise": _("作出承诺"),
    "release": _("恢复催缴"),
    "cut": _("执行停电"),
    "close": _("结案"),
}
DAYS = {"ANY": _("每天"), "NOT_HOLIDAYS": _("节假日除外"), "WORKING": _("工作日")}
CLOSED_DAYS = {
    "HOLIDAY": _("法定节假日"),
    "HOLIDAY_EVE": _("节假日前一天"),
    "REST_DAY": _("休息日"),
    "REST_DAY_EVE": _("休息日前一天"),
}
OBJECTIONS = {
    "PAID": _("已无欠费"),
    "BELOW_LEAST": _("欠费金额低于停电下限"),
    "NOT_OVERDUE_ENOUGH": _("逾期未超过法定天数"),
    "NOT_DUNNED": _("没有一次催缴送达"),
    "NOTICE_MISSING": _("停电通知书未送达"),
    "NOTICE_TOO_RECENT": _("停电通知书送达未满规定天数"),
    "NOTICE_LAPSED": _("停电通知书已失效，须重新送达"),
    "NOTICE_NOT_FOR_THIS_DEBT": _("停电通知书所列欠费已交，须重新通知"),
    "AUTHORITY_NOT_TOLD": _("重要用户，未报送电力管理部门"),
    "SECOND_NOTICE_MISSING": _("停电前未再次通知"),
    "SECOND_NOTICE_TOO_RECENT": _("再次通知未满规定时间"),
    "SECOND_NOTICE_LAPSED": _("再次通知已失效"),
    "PROTECTED": _("不停电保护用户"),
    "PROTECTION_PENDING": _("保护申请待审批"),
    "PROMISE": _("承诺期内"),
    "INSTALMENT_PLAN": _("分期付款履行中"),
    "MORATORIUM_DAY": _("停电禁止日"),
    "OUTSIDE_HOURS": _("不在停电时段"),
    "NOT_PREPAY": _("费控余额没有透支"),
    "BALANCE_UNKNOWN": _("费控余额没有测算出来"),
    "BALANCE_OLD": _("费控余额的示数过旧"),
    "BALANCE_DOUBTFUL": _("费控余额的用电量存疑"),
    "BALANCE_ENOUGH": _("费控余额已高于停电阈值"),
    "WARNING_NOT_REACHED": _("余额预警未送达"),
    "OVERDRAFT_NOT_REACHED": _("费控停电预告未送达"),
    "GRACE": _("费控宽限期未满"),
    "IMPORTANT": _("重要用户，不按余额停电"),
}
