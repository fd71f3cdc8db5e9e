"""Words of storms: devices, how sure, whose word, verdicts about ties, generators, storm modes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DEVICES = {
    "FEEDER": _("馈线"),
    "SWITCH": _("开关"),
    "TRANSFORMER": _("配变"),
    "LOW_VOLTAGE": _("低压"),
}
CONFIDENCES = {"HIGH": _("高"), "MEDIUM": _("中"), "LOW": _("低")}
CONFIDENCE_TONES = {"HIGH": "ok", "MEDIUM": "planned", "LOW": "warn"}
SOURCES = {
    "CREW": _("现场抢修队"),
    "DISPATCHER": _("调度员"),
    "STATISTICS": _("历史抢修时长"),
    "PLAN": _("停电计划"),
}
SPOKEN = {code: word for code, word in SOURCES.items() if code != "STATISTICS"}
VERDICTS = {"FITS": _("可以转供"), "UNKNOWN": _("资料不全，须核实"), "OVERLOADED": _("过载")}
RATED = {"True": _("有资料"), "False": _("缺资料")}
RATED_TONES = {"True": "ok", "False": "warn"}
VERDICT_TONES = {"FITS": "ok", "UNKNOWN": "warn", "OVERLOADED": "late"}
GENERATOR_STATES = {
    "FREE": _("待命"),
    "ON_THE_WAY": _("途中"),
    "SUPPLYING": _("供电中"),
    "OUT_OF_ORDER": _("故障"),
}
GENERATOR_TONES = {"FREE": "ok", "ON_THE_WAY": "planned", "SUPPLYING": "warn", "OUT_OF_ORDER": "dead"}
STORM_STATES = {"ON": _("进行中"), "OFF": _("已解除")}
ACTIONS = {
    "backup.note": _("登记自备应急电源"),
    "fault.confirm": _("故障确认"),
    "generator.fail": _("发电车报故障"),
    "generator.mend": _("发电车修复"),
    "generator.note": _("登记应急发电车"),
    "generator.release": _("撤回发电车"),
    "generator.send": _("派发电车"),
    "generator.supply": _("发电车供电"),
    "incident.found": _("按研判归并故障"),
    "storm.announce": _("更改话务公告"),
    "storm.begin": _("启动风暴模式"),
    "storm.end": _("解除风暴模式"),
    "switch.rate": _("登记开关载流能力"),
}
"""What was done, in the operation log."""
