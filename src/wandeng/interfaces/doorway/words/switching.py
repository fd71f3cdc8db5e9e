"""Words of switching sheets."""

from __future__ import annotations

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

STATES = {
    "DRAFT": _("待审核"),
    "CHECKED": _("待签发"),
    "ISSUED": _("已签发"),
    "EXECUTING": _("执行中"),
    "DONE": _("已执行"),
    "VOIDED": pgettext_lazy("sheet", "已作废"),
}
TONES = {
    "DRAFT": "neutral", "CHECKED": "info", "ISSUED": "warn", "EXECUTING": "warn", "DONE": "ok", "VOIDED": "late",
}  # fmt: skip
STEPS = {
    "OPEN": _("断开"),
    "CLOSE": pgettext_lazy("switching", "合上"),
    "TAKE_OUT": pgettext_lazy("switching", "停用配变"),
    "PUT_IN": pgettext_lazy("switching", "投入配变"),
    "GROUND": pgettext_lazy("switching", "装设接地线"),
    "UNGROUND": pgettext_lazy("switching", "拆除接地线"),
    "VERIFY": pgettext_lazy("switching", "检查"),
}
FINDINGS = {
    "ALREADY_THERE": _("设备已在目标状态"),
    "EXPECTED_OTHERWISE": _("操作前状态不符"),
    "UNDER_LOAD": _("带负荷操作隔离开关"),
    "ONTO_GROUND": _("带接地线送电"),
    "RING_CLOSED": _("合环运行"),
    "PARALLEL_SOURCES": _("两路电源并列"),
    "PROTECTED_DARK": _("重要或保电用户失电"),
    "BEYOND_PLAN": _("停电范围超出停电计划"),
}
_SENTENCES = {
    "ALREADY_THERE": _("%(device)s（%(code)s）已在该状态，这一步不改变运行方式。"),
    "EXPECTED_OTHERWISE": _("%(device)s（%(code)s）操作前的状态与票面不符。"),
    "UNDER_LOAD": _("%(device)s（%(code)s）是隔离开关，操作时有 %(areas)s 个台区失电或来电。"),
    "ONTO_GROUND": _("送电前接地线未拆除：%(grounds)s"),
    "RING_CLOSED": _("合上 %(device)s（%(code)s）后馈线成环：%(feeders)s"),
    "PARALLEL_SOURCES": _("合上 %(device)s（%(code)s）后馈线并列：%(feeders)s"),
    "PROTECTED_DARK": _("%(count)s 户重要或保电用户失电：%(users)s"),
    "BEYOND_PLAN": _("%(count)s 个台区不在停电计划内，用户没有收到停电通知：%(areas)s"),
}
STAGES = {
    "WAITING": _("待停电"),
    "LATE": _("未按时停电"),
    "RUNNING": _("停电中"),
    "OVERDUE": _("超时未复电"),
    "OVER": _("已结束"),
}
STAGE_TONES = {"WAITING": "info", "LATE": "warn", "RUNNING": "warn", "OVERDUE": "late", "OVER": "ok"}
OVERRUNS = {"SOON": _("临近计划结束"), "OVER": _("已超过计划结束")}
ACTIONS = {
    "sheet.draft": _("填写操作票"),
    "sheet.rewrite": _("修改操作票"),
    "sheet.review": _("操作票预校核"),
    "sheet.check": _("审核操作票"),
    "sheet.acknowledge": _("确认操作票提醒"),
    "sheet.issue": _("签发操作票"),
    "sheet.begin": _("开始执行操作票"),
    "sheet.step": _("执行操作步骤"),
    "sheet.skip": _("跳过操作步骤"),
    "sheet.finish": _("操作票执行完毕"),
    "outage.overrun_acknowledge": _("确认停电超时告警"),
    "sheet.void": _("作废操作票"),
    "interruption.extend": _("扩大停电范围"),
}


def finding_text(code: str, facts: dict[str, object]) -> str:
    """What a finding says, with its numbers."""
    between = ", " if (get_language() or "").startswith("en") else "、"  # Chinese on purpose
    told = {key: between.join(map(str, one)) if isinstance(one, list) else one for key, one in facts.items()}
    return str(_SENTENCES[code]) % told
