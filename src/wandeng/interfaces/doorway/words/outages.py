"""Words of outage plans."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

CATEGORIES = {"PLANNED": _("计划停电"), "TEMPORARY": _("临时停电")}
REASONS = {
    "MAINTENANCE": _("检修"),
    "CONSTRUCTION": _("施工"),
    "CUSTOMER": _("用户申请"),
    "OTHER_LEVEL": _("上级停电"),
}
STATES = {
    "DRAFT": _("草稿"),
    "SUBMITTED": _("待审批"),
    "APPROVED": _("已批准"),
    "REFUSED": _("已退回"),
    "PUBLISHED": _("已发布"),
    "RUNNING": _("执行中"),
    "DONE": _("已完成"),
    "CANCELED": _("已取消"),
}
TONES = {
    "SUBMITTED": "warn", "APPROVED": "info", "REFUSED": "late", "PUBLISHED": "ok", "RUNNING": "warn", "DONE": "ok",
}  # fmt: skip
VERSION_STATES = {
    "PROPOSED": _("变更待审批"),
    "STANDS": _("现行"),
    "REFUSED": _("变更未批准"),
    "WITHDRAWN": _("变更已撤回"),
    "REPLACED": _("已被替代"),
}
LIVE = {"NONE": _("不能带电作业"), "POSSIBLE": _("可以带电作业"), "CHOSEN": _("带电作业，不停电")}
WORKS = {"GRID": _("电网作业"), "CUSTOMER": _("用户侧作业"), "OTHER_LEVEL": _("上级作业")}
ISOLATION = {"OPEN": _("断开"), "CLOSE": _("合上转供"), "OUT": _("停运")}
LEVELS = {"STATION": _("供电所"), "COUNTY": _("县公司"), "CITY": _("市、省公司")}
SEVERITIES = {"REFUSES": _("禁止"), "WARNS": _("须确认")}
PROTECTIONS = {
    "LIFE_SUPPORT": _("生命支持"),
    "HOSPITAL": _("医院"),
    "WELFARE": _("福利机构"),
    "APPROVED": _("批准保电"),
}
FINDINGS = {
    "NOTICE_TOO_SHORT": _("提前通知时间不足"),
    "TEMPORARY_SHORT": _("临时停电提前通知不足"),
    "NOTICE_CLOSE": _("内部报送时间不足"),
    "AREA_TOO_OFTEN": _("台区年内计划停电次数超限"),
    "AREA_FREQUENT": _("台区两个月内频繁停电"),
    "PEAK_HOURS": _("占用高峰时段"),
    "EXAM_DAY": _("考试期间停电"),
    "FARM_SEASON": _("农忙季节停电"),
    "CREW_TWICE": _("班组时间冲突"),
    "TIE_TWICE": _("联络开关冲突"),
    "OFF_TOGETHER": _("与其他计划叠加停电"),
    "AREA_SHARED": _("同一台区同时另有停电计划"),
    "PROTECTED_OFF": _("保电用户停电"),
    "IMPORTANT_OFF": _("重要用户停电"),
    "SECOND_SUPPLY_ONLY": _("双电源用户只剩一路电源"),
    "LIVE_POSSIBLE": _("可以带电作业而未选用"),
    "RING_CLOSED": _("合环或并列运行"),
}


def finding_text(code: str, facts: dict[str, object]) -> str:
    """What a finding says, with its numbers."""
    is_english = (get_language() or "").startswith("en")
    between = ", " if is_english else "、"  # Chinese on purpose
    told = {key: between.join(map(str, one)) if isinstance(one, list) else one for key, one in facts.items()}
    if is_english and "names_en" in told:
        told["names"] = told["names_en"]
    return str(_SENTENCES[code]) % told


_SENTENCES = {
    "NOTICE_TOO_SHORT": _("距停电 %(days_left)s 天，须提前 %(days_wanted)s 天通知。"),
    "TEMPORARY_SHORT": _(
        "距停电 %(hours_left)s 小时，须提前 %(hours_wanted)s 小时通知；确属紧急的，说明理由，报上级批准。"
    ),
    "NOTICE_CLOSE": _("距停电 %(days_left)s 天，内部须提前 %(days_wanted)s 天报送，通知时间很紧。"),
    "AREA_TOO_OFTEN": _("%(count)s 个台区本年将达第 %(times)s 次计划停电，最多 %(most)s 次：%(areas)s"),
    "AREA_FREQUENT": _("%(count)s 个台区两个月内将达第 %(times)s 次停电，%(limit)s 次即为频繁停电：%(areas)s"),
    "PEAK_HOURS": _("停电时段包含%(names)s。"),
    "EXAM_DAY": _("停电时段在%(names)s期间。"),
    "FARM_SEASON": _("停电时段在%(names)s期间，影响农村用户。"),
    "CREW_TWICE": _("班组 %(crews)s 同一时间已在 %(plans)s 中。"),
    "TIE_TWICE": _("联络开关 %(ties)s 同一时间另有安排：%(plans)s"),
    "OFF_TOGETHER": _("与 %(plans)s 同时停电，会使另外 %(count)s 个台区、%(customers)s 户失电。%(areas)s"),
    "AREA_SHARED": _("%(plans)s 同一时间也停这些台区，宜合并为一次停电。"),
    "PROTECTED_OFF": _("%(count)s 户保电用户（生命支持等）将停电，须先落实应急电源。"),
    "IMPORTANT_OFF": _("%(count)s 户重要用户将停电，须逐户确认。"),
    "SECOND_SUPPLY_ONLY": _("%(count)s 户重要或保电用户只剩一路电源。"),
    "LIVE_POSSIBLE": _("可以带电作业，%(customers)s 户可免于停电。"),
    "RING_CLOSED": _("合上联络后这些馈线合环或并列：%(feeders)s"),
}
