"""Words of rationing: measures, states, why somebody is chosen or not, why nothing can be computed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.words.customers import IMPORTANCES
from wandeng.interfaces.doorway.words.outages import PROTECTIONS

MEASURES = {"STAGGER": _("错峰"), "AVOID": _("避峰"), "LIMIT": _("限电"), "CUT": _("拉路")}
KINDS = {"ACCOUNT": _("用户"), "LINE": _("线路")}
SCHEME_STATES = {"DRAFT": _("方案草稿"), "APPROVED": _("执行中的方案"), "REPLACED": _("已由新版代替")}
SCHEME_TONES = {"DRAFT": "warn", "APPROVED": "ok", "REPLACED": "neutral"}
STATES = {
    "DRAFT": _("待批准"),
    "APPROVED": _("已批准，待发布"),
    "PUBLISHED": _("已发布，待执行"),
    "RUNNING": _("限电中"),
    "DONE": _("限电已结束"),
    "CANCELED": _("已取消"),
}
TONES = {
    "DRAFT": "warn",
    "APPROVED": "info",
    "PUBLISHED": "info",
    "RUNNING": "late",
    "DONE": "ok",
    "CANCELED": "neutral",
}
SHORTAGES = {"SYSTEM": _("系统电源不足"), "NETWORK": _("供电网能力不足")}
WHYS = {
    "NEEDED": _("轮到，补足缺口"),
    "PROTECTED": _("受保护，不参与"),
    "BUSY": _("同时段另有指令"),
    "NOTHING_TO_SHED": _("没有可压降负荷"),
    "OFF_ALREADY": _("台区已随其他线路停电"),
    "NOT_NEEDED": _("缺口已补足，下次优先"),
    "SWAPPED_IN": _("人工换入"),
    "SWAPPED_OUT": _("人工换出"),
}
NOT_COMPUTABLE = {
    "NO_WINDOW": _("没有完整的一刻钟限电时段"),
    "MISSING_READINGS": _("限电时段缺曲线"),
    "FEW_LIKE_DAYS": _("可比日不足"),
    "": "",
}
GROUNDS = {**IMPORTANCES, **PROTECTIONS}
"""Why somebody is protected: importance of the user, or kind of protection."""
TELLINGS = {
    "ANNOUNCEMENT": _("限电通知"),
    "CORRECTION": _("限电变更通知"),
    "CANCELLATION": _("限电取消通知"),
    "RESTORATION": _("限电结束通知"),
}
ACTIONS = {
    "rationing.scheme_draft": _("新建有序用电方案"),
    "rationing.scheme_take_in": _("登记有序用电参与对象"),
    "rationing.scheme_drop": _("移出有序用电参与对象"),
    "rationing.scheme_approve": _("批准有序用电方案"),
    "rationing.propose": _("新建限电指令"),
    "rationing.change": _("变更限电指令"),
    "rationing.swap": _("调换限电对象"),
    "rationing.approve": _("批准限电指令"),
    "rationing.publish": _("发布限电指令"),
    "rationing.cancel": _("取消限电指令"),
    "rationing.start": _("限电开始"),
    "rationing.allow": _("登记限电允许负荷"),
    "rationing.restore": _("恢复用电"),
    "rationing.finish": _("限电结束"),
    "rationing.told_by_hand": _("人工告知限电"),
    "rationing.call": _("电话告知限电"),
}
