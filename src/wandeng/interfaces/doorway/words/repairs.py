"""Words of repairs: states of crews, incidents and permits, skills, why a crew stands where it stands in a proposal."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

CREW_STATES = {"OFF": _("下岗"), "FREE": _("空闲"), "ON_THE_WAY": _("途中"), "WORKING": _("作业中")}
CREW_TONES = {"OFF": "neutral", "FREE": "ok", "ON_THE_WAY": "info", "WORKING": "warn"}
SKILLS = {"LOW_VOLTAGE": _("低压"), "HIGH_VOLTAGE": _("高压"), "METERING": _("计量")}
SKILL_SETS = {
    "HIGH_VOLTAGE": _("高压"),
    "LOW_VOLTAGE": _("低压"),
    "METERING": _("计量"),
    "HIGH_VOLTAGE LOW_VOLTAGE": _("高压、低压"),
    "HIGH_VOLTAGE METERING": _("高压、计量"),
    "LOW_VOLTAGE METERING": _("低压、计量"),
    "HIGH_VOLTAGE LOW_VOLTAGE METERING": _("高压、低压、计量"),
}
INCIDENT_STATES = {"OPEN": _("抢修中"), "RESTORED": _("已恢复"), "ABSORBED": _("已并入上级"), "DISSOLVED": _("已解散")}
INCIDENT_TONES = {"OPEN": "late", "RESTORED": "ok", "ABSORBED": "neutral", "DISSOLVED": "neutral"}
LEVELS = {"TRANSFORMER": _("台区"), "SWITCH": _("开关后段"), "FEEDER": _("整条馈线")}
INCIDENT_STEPS = {
    "": _("待派工"), "DISPATCH": _("已派工"), "ACCEPT": _("已接单"), "ARRIVE": _("已到达"), "RESTORE": _("已恢复送电"),
}  # fmt: skip
PERMIT_STATES = {"DRAFT": _("待签发"), "ISSUED": _("已签发"), "CLOSED": _("已终结"), "WITHDRAWN": _("已作废")}
PERMIT_TONES = {"DRAFT": "warn", "ISSUED": "info", "CLOSED": "ok", "WITHDRAWN": "neutral"}
RESULTS = {"REPAIRED": _("已修复"), "CUSTOMER_OWNED": _("客户产权，已告知"), "FALSE_ALARM": _("未见故障")}
TIMES_BY = {"UNIT": _("单位"), "MONTH": _("月份"), "CLASS": _("故障分类"), "LOCALITY": _("城乡")}
BECAUSE = {
    "OPENED": _("受理时"), "CREW_FREE": _("有队伍空闲"), "CREW_MOVED": _("队伍位置变化"), "CREW_SENT": _("队伍已派出"),
    "DUTY": _("上下岗"), "GROUPED": _("故障归并"),
}  # fmt: skip
GROUNDS = {
    "late_claim": _("逾期未报"), "repair": _("按修复费用"), "full_price": _("购买六个月以内，按原价"),
    "residual": _("按折旧余值"), "floor": _("余值低于下限，按下限"), "not_liable": _("非供电企业责任"),
}  # fmt: skip


def reason(code: str, amount: int) -> str:
    """One reason of a crew's place in a proposal, in the reader's language."""
    if code == "SKILL_MISSING":
        return gettext("不具备所需技能")
    if code == "TRAVEL":
        return gettext("直线 %(km)s 公里") % {"km": f"{amount // 1000}.{amount % 1000 // 100}"}
    if code == "UNPLACED":
        return gettext("位置不明")
    if code == "PLACE_OLD":
        return ngettext("位置是 %(n)s 分钟前的", "位置是 %(n)s 分钟前的", amount) % {"n": amount}
    return ngettext("在手 %(n)s 项", "在手 %(n)s 项", amount) % {"n": amount}
