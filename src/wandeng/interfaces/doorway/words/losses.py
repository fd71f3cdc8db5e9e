"""Words of line loss: statuses, reasons, hints, follow-up, causes, leads and what speaks against them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

STATUSES = {
    "NORMAL": _("正常"),
    "HIGH": _("高损"),
    "VERY_HIGH": _("超高损"),
    "NEGATIVE": _("负损"),
    "NOT_COMPUTABLE": _("不可计算"),
}
STATUS_TONES = {"NORMAL": "ok", "HIGH": "warn", "VERY_HIGH": "late", "NEGATIVE": "info", "NOT_COMPUTABLE": "neutral"}
REASONS = {
    "": "",
    "NO_SUPPLY_METER": _("没有考核表"),
    "NO_CUSTOMER": _("没有用户"),
    "RATIO_UNKNOWN": _("考核表倍率不明"),
    "SUPPLY_UNREAD": _("考核表缺示数"),
    "RELATION_CHANGED": _("当日户变关系变动"),
    "FEED_IN_UNREAD": _("光伏上网表缺示数"),
    "COLLECTION_LOW": _("采集成功率低"),
    "TIMES_NOT_ALIGNED": _("抄表时刻不一致"),
    "OVER_CAPACITY": _("供电量超过配变容量，疑倍率有误"),
    "NOTHING_SUPPLIED": _("没有供电量"),
}
HINTS = {
    "METERS_MISSING": _("部分表缺示数"),
    "FEED_IN": _("有光伏上网"),
    "TIMES_DIFFER": _("部分示数非零点"),
    "RATIO_SUSPECT": _("疑似互感器变比"),
}
WORK_KINDS = {"HIGH": _("高损"), "NEGATIVE": _("负损")}
WORK_STATES = {"OPEN": _("待分析"), "TAKEN": _("分析中"), "FOUND": _("已查明"), "DONE": _("已治理")}
WORK_TONES = {"OPEN": "warn", "TAKEN": "info", "FOUND": "info", "DONE": "ok"}
CAUSES = {
    "": "",
    "RELATION": _("户变关系错误"),
    "MISSING_READING": _("示数缺失"),
    "RATIO": _("互感器变比错误"),
    "THEFT": _("窃电"),
    "UNMETERED": _("无表用电"),
    "FEED_IN": _("光伏计量"),
    "CLOCK": _("表计时钟偏差"),
    "WIRING": _("计量接线错误"),
    "TECHNICAL": _("技术线损"),
}
LEAD_STATES = {
    "NEW": _("待核查"),
    "IN_CASE": _("核查中"),
    "CONFIRMED": _("窃电属实"),
    "WIRING": _("计量接线错误"),
    "RELATION": _("户变关系错误"),
    "NOTHING_FOUND": _("未发现问题"),
}
LEAD_TONES = {
    "NEW": "warn", "IN_CASE": "info", "CONFIRMED": "late", "WIRING": "warn", "RELATION": "warn", "NOTHING_FOUND": "ok",
}  # fmt: skip
TESTS = {
    "MIRRORED": _("相邻台区线损相反，先查户变关系"),
    "SUDDEN": _("线损在某日突变，先查当日的变动"),
    "FEW_METERS": _("部分用户没有曲线，其用电也在损失里"),
}
USES = {"LIGHTING": _("照明（居民生活）"), "POWER": _("动力及其他")}
WAYS = {"UNIT": _("按单位"), "FEEDER": _("按馈线"), "AREA": _("按台区")}
ACTIONS = {"lead.case": _("窃电线索立案"), "lead.answer": _("窃电线索答复")}
