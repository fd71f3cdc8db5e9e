"""Words of customers: classes, importance, agreements, contacts, supply, hints, what happened, and kinds of things found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CLASSES = {"HIGH_VOLTAGE": _("高压"), "LOW_VOLTAGE": _("低压非居民"), "RESIDENTIAL": _("居民")}
IMPORTANCES = {
    "SPECIAL": _("特级重要"),
    "FIRST": _("一级重要"),
    "SECOND": _("二级重要"),
    "TEMPORARY": _("临时重要"),
    "": _("普通"),
}
IMPORTANCE_TONES = {"SPECIAL": "late", "FIRST": "late", "SECOND": "warn", "TEMPORARY": "warn"}
LOCALITIES = {"URBAN": _("城镇"), "RURAL": _("农村"), "REMOTE": _("偏远")}
CUSTOMER_KINDS = {"PERSON": _("个人"), "ORGANIZATION": pgettext_lazy("customer", "单位")}

AGREEMENT_STATES = {
    "DRAFT": _("草稿"),
    "SIGNED": _("已签订"),
    "EXPIRED": _("已到期"),
    "TERMINATED": _("已终止"),
    "WITHDRAWN": _("已撤回"),
}
AGREEMENT_TONES = {
    "DRAFT": "warn",
    "SIGNED": "ok",
    "EXPIRED": "neutral",
    "TERMINATED": "neutral",
    "WITHDRAWN": "neutral",
}

VERIFICATIONS = {"UNVERIFIED": _("未核实"), "RIGHT": _("正确"), "WRONG": _("错误")}
VERIFICATION_TONES = {"UNVERIFIED": "warn", "RIGHT": "ok", "WRONG": "late"}

POINT_KINDS = {"LOAD": _("用电"), "SUBMETER": _("扣减表"), "FEED_IN": _("上网"), "SUPPLY": _("考核表")}
OWNERSHIPS = {"PUBLIC": _("公变"), "CUSTOMER": _("专变")}
METERED_SIDES = {"HIGH": _("高供高计"), "LOW": _("低计")}
VOLTAGES = {
    "AC02202": "220 V",
    "AC03802": "380 V",
    "AC00061": "6 kV",
    "AC00101": "10 kV",
    "AC00201": "20 kV",
    "AC00351": "35 kV",
    "AC00661": "66 kV",
    "AC01101": "110 kV",
    "AC02201": "220 kV",
}

READING_SOURCES = {
    "HEAD_END": _("自动采集"),
    "MANUAL": _("人工抄表"),
    "CUSTOMER": _("客户自报"),
    "ESTIMATE": _("估抄"),
    "INSTALLATION": _("装表"),
    "REMOVAL": _("拆表"),
}
READING_STATES = {"ACCEPTED": _("有效"), "HELD": _("待审"), "REFUSED": _("已剔除"), "SUPERSEDED": _("已更正")}
READING_TONES = {"ACCEPTED": "ok", "HELD": "warn", "REFUSED": "late", "SUPERSEDED": "neutral"}

HOLD_REASONS = {
    "FUTURE_DATE": _("抄表日期在未来"),
    "BEFORE_LAST": _("早于最近一次抄表"),
    "PERIOD_MISSING": _("缺少分时示数"),
    "LOWER_THAN_LAST": _("示数小于上次且非翻转"),
    "PERIODS_EXCEED_TOTAL": _("分时之和大于总"),
    "OVER_MODULUS": _("超出电能表位数"),
    "JUMP": _("电量突增"),
}

HINTS = {
    "CLOSED": _("已销户，自 %(on)s 起停止用电。"),
    "NO_AGREEMENT": _("没有在有效期内的供用电合同。"),
    "AGREEMENT_ENDS": _("供用电合同将于 %(on)s 到期，尚未续签。"),
    "NO_CONTACT": _("没有联系电话，停电时通知不到。"),
    "CONTACT_WRONG": _("主要联系电话已查明有误，请向客户更正。"),
    "CONTACT_UNCHECKED": _("主要联系电话还没有核实，请顺便核对。"),
}
HINT_TONES = {
    "CLOSED": "info",
    "NO_AGREEMENT": "warn",
    "AGREEMENT_ENDS": "warn",
    "NO_CONTACT": "warn",
    "CONTACT_WRONG": "late",
    "CONTACT_UNCHECKED": "info",
}
HINT_TABS = {
    "NO_AGREEMENT": "agreements",
    "AGREEMENT_ENDS": "agreements",
    "NO_CONTACT": "contacts",
    "CONTACT_WRONG": "contacts",
    "CONTACT_UNCHECKED": "contacts",
}

ENTRY_KINDS = {
    "account": _("户"),
    "agreement": _("合同"),
    "price": _("电价"),
    "meter": _("计量"),
    "reading": _("抄表"),
    "bill": _("电费"),
    "correction": _("退补"),
    "case": _("工单"),
    "conversation": _("会话与来访"),
    "contact": _("联系人"),
    "operation": _("操作"),
}
ENTRIES = {
    ("account", "OPENED"): _("立户，归属 %(unit)s"),
    ("account", "CLOSED"): _("销户"),
    ("agreement", "SIGNED"): _("签订合同 %(number)s"),
    ("agreement", "WITHDRAWN"): _("撤回合同草稿 %(number)s"),
    ("agreement", "EXPIRED"): _("合同 %(number)s 到期终止"),
    ("agreement", "TERMINATED"): _("提前终止合同 %(number)s"),
    ("agreement", "OVER"): _("合同 %(number)s 期满"),
    ("price", "ASSIGNED"): _("执行电价 %(price_code)s"),
    ("price", "CODE"): _("改为执行电价 %(price_code)s"),
    ("price", "TERMS"): _("计费参数变更（%(price_code)s）"),
    ("meter", "INSTALLED"): _("装表 %(meter)s"),
    ("meter", "EXCHANGED"): _("换表：%(was)s 换为 %(meter)s"),
    ("meter", "REMOVED"): _("拆表 %(meter)s"),
    ("case", "OPENED"): _("%(process)s %(number)s"),
    ("conversation", "SMS"): _("客户来短信"),
    ("conversation", "PHONE"): _("客户来电（自助）"),
    ("conversation", "CALLED"): _("自动外呼客户"),
    ("conversation", "HALL"): _("营业厅取号"),
    ("conversation", "BOUND"): _("网上营业厅绑定本户"),
    ("conversation", "UNBOUND"): _("网上营业厅解除绑定"),
    ("reading", "HELD"): _("示数待审"),
    ("reading", "REFUSED"): _("示数被剔除"),
    ("reading", "CORRECTED"): _("示数更正"),
    ("reading", "ESTIMATE"): _("估抄"),
    ("reading", "CUSTOMER"): _("客户自报示数"),
    ("bill", "ORDINARY"): _("%(month)s 电费"),
    ("bill", "REBILL"): _("%(month)s 电费重算"),
    ("bill", "CANCELLATION"): _("%(month)s 电费冲销"),
    ("bill", "ADJUSTMENT"): _("%(month)s 电费退补"),
    ("correction", "CANCEL"): _("决定冲销 %(month)s 电费"),
    ("correction", "REBILL"): _("决定重算 %(month)s 电费"),
    ("correction", "ADJUST"): _("决定退补 %(month)s 电费"),
}
ENTRY_TONES = {
    ("agreement", "SIGNED"): "ok",
    ("agreement", "OVER"): "warn",
    ("agreement", "TERMINATED"): "warn",
    ("price", "CODE"): "info",
    ("meter", "EXCHANGED"): "info",
    ("reading", "HELD"): "warn",
    ("reading", "REFUSED"): "late",
    ("correction", "CANCEL"): "warn",
    ("correction", "REBILL"): "warn",
    ("correction", "ADJUST"): "warn",
    ("account", "CLOSED"): "late",
}

FOUND = {
    "account": _("客户"),
    "meter": _("电能表"),
    "bill": _("账单"),
    "agreement": _("合同"),
    "usage_point": _("计量点"),
    "transformer": _("台区"),
    "feeder": _("馈线"),
    "switch": _("开关"),
    "substation": _("变电站"),
    "unit": _("单位"),
    "person": _("人员"),
}
FOUND_NOTES = {**IMPORTANCES, "CLOSED": _("已销户"), "PHONE": _("电话")}
