"""Words of voltage: classes and areas of points, faults of the data, states and causes of remedies."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CLASSES = {
    "A": _("A类（变电站母线）"),
    "B": _("B类（35千伏专线及110千伏以上用户）"),
    "C": _("C类（35千伏、10千伏用户）"),
    "D": _("D类（低压用户）"),
}
AREAS = {"CITY": _("城市"), "RURAL": _("农村")}
SOURCES = {"READINGS": _("读数"), "SUMS": _("装置统计")}
FAULTS = {
    "missing": _("缺数"),
    "negative": _("负值"),
    "dead": _("无压"),
    "doubled": _("加倍"),
    "beyond": _("超量程"),
    "stuck": _("死数"),
}
DEFECTS = {"LOW": _("低电压"), "HIGH": _("过电压")}
STATES = {
    "OPEN": _("待派工"),
    "ASSIGNED": _("治理中"),
    "DONE": _("待验证"),
    "VERIFIED": _("已验证"),
    "DROPPED": _("不治理"),
}
TONES = {"OPEN": "late", "ASSIGNED": "warn", "DONE": "info", "VERIFIED": "ok", "DROPPED": "neutral"}
CAUSES = {
    "LONG_LINE": _("供电半径过长"),
    "THIN_WIRE": _("导线截面偏小"),
    "OVERLOAD": _("配变或线路过载"),
    "TAP": _("分接头档位不当"),
    "UNBALANCE": _("三相不平衡"),
    "REACTIVE": _("无功不足"),
    "FEED_IN": _("分布式电源上网"),
    "DEVICE": _("装置问题"),
    "OTHER": _("其他"),
}
ACTIONS = {
    "voltage.open": _("电压治理立单"),
    "voltage.assign": _("电压治理派工"),
    "voltage.finish": _("电压治理完成"),
    "voltage.drop": _("电压治理不治理"),
}
