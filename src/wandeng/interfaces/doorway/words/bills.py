"""Words of the bill desk: states of runs and exceptions, reasons, gates, kinds of bills, causes of a difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wandeng.kernel.periods import Month

RUN_STATES = {
    "OPEN": _("开立"),
    "FROZEN": _("已冻结"),
    "PRICED": _("已计价"),
    "HALTED": _("审核中止"),
    "CHECKED": _("已审核"),
    "APPROVED": _("已批准"),
    "POSTED": _("已记账"),
    "PUBLISHED": _("已发行"),
    "DISCARDED": _("已作废"),
}
RUN_TONES = {
    "OPEN": "info",
    "FROZEN": "info",
    "PRICED": "info",
    "HALTED": "late",
    "CHECKED": "warn",
    "APPROVED": "warn",
    "POSTED": "warn",
    "PUBLISHED": "ok",
    "DISCARDED": "neutral",
}
RUN_KINDS = {"ORDINARY": _("月度核算"), "CORRECTION": _("更正"), "FINAL": _("末次账单")}
STEPS = {
    "freeze": _("冻结"),
    "price": _("计价"),
    "check": _("总检"),
    "approve": _("批准"),
    "post": _("记账"),
    "publish": _("发行"),
}
NEXT_STEPS = {
    "price": _("计价中"),
    "override": _("等待放行或作废"),
    "approve": _("等待第二人批准"),
    "post": _("等待记账"),
    "publish": _("等待发行"),
}
MOVES = {
    "freeze": _("冻结"),
    "price": _("计价"),
    "pass": _("总检通过"),
    "halt": _("总检中止"),
    "override": _("复核放行"),
    "retake": _("重取异常户"),
    "approve": _("批准"),
    "post": _("记账"),
    "publish": _("发行"),
    "discard": _("作废"),
}
EXCEPTION_STATES = {"PARKED": _("待处理"), "ACCEPTED": _("已认可"), "MENDED": _("已处理")}
EXCEPTION_TONES = {"PARKED": "warn", "ACCEPTED": "ok", "MENDED": "ok"}
CODES = {
    "MISSING_READING": _("缺抄表示数"),
    "MULTIPLIER_MISSING": _("缺倍率"),
    "NEGATIVE": _("电量为负"),
    "NO_RULE_IN_FORCE": _("无有效电价"),
    "NO_TERMS": _("无执行电价"),
    "OVERFLOW": _("数值溢出"),
    "PERIODS_EXCEED_TOTAL": _("分时之和大于总"),
    "PARENT_MISSING": _("扣减表无主表"),
    "DEMAND_MISSING": _("缺需量"),
    "NO_REACTIVE": _("无功示数未走"),
    "ZERO": _("零电量"),
    "JUMP": _("电量突变"),
    "OVER_CAPACITY": _("超容量"),
    "TOO_MANY_LINES": _("明细过多"),
}
CODE_ADVICE = {
    "MISSING_READING": _("补抄或估抄；示数到了会自动转为已处理。"),
    "MULTIPLIER_MISSING": _("补录表计的 CT、PT 倍率。"),
    "NEGATIVE": _("更正示数。"),
    "NO_RULE_IN_FORCE": _("补充当日有效的电价规则，由下一批次计费。"),
    "NO_TERMS": _("补录执行电价。"),
    "OVERFLOW": _("核对示数与倍率。"),
    "PERIODS_EXCEED_TOTAL": _("更正分时示数。"),
    "PARENT_MISSING": _("补录主表或改正扣减关系。"),
    "DEMAND_MISSING": _("补录最大需量。"),
    "NO_REACTIVE": _("核对无功示数；确实没有无功即可认可。"),
    "ZERO": _("查看是否空置；确认无误即可认可。"),
    "JUMP": _("与上期对照；确认无误即可认可。"),
    "OVER_CAPACITY": _("核对倍率与合同容量；确认无误即可认可。"),
    "TOO_MANY_LINES": _("核对执行电价的分段。"),
}
"""What to do about each reason, in one line."""
GATES = {
    "MOVED_SHARE": _("突变超过 5 倍的户数占比"),
    "BILL_LIMIT": _("最大一户金额"),
    "LINES_LIMIT": _("一户最多明细行数"),
    "SUPPLY_UNKNOWN": _("缺总表或户表读数、无法比对的台区"),
    "SUPPLY_LOSS": _("售电量低于供电总表的比例"),
    "SUPPLY_GAIN": _("售电量高于供电总表的比例"),
}
BILL_KINDS = {
    "ORDINARY": pgettext_lazy("kind of bill", "电费账单"),
    "CANCELLATION": _("冲销账单"),
    "REBILL": _("重算账单"),
    "ADJUSTMENT": _("退补账单"),
}
BILL_KIND_TONES = {"ORDINARY": "neutral", "CANCELLATION": "late", "REBILL": "info", "ADJUSTMENT": "warn"}
CLASSES = {"HIGH_VOLTAGE": _("高压用户"), "LOW_VOLTAGE": _("低压非居民"), "RESIDENTIAL": _("居民用户")}
ACTIONS = {"CANCEL": _("冲销"), "REBILL": _("重算"), "ADJUST": _("退补")}
CAUSES = {
    "days": _("计费天数"),
    "use": _("用电多少"),
    "mix": _("阶梯与峰谷分布"),
    "price": _("电价变化"),
    "basic": _("基本电费"),
    "power_factor": _("功率因数调整"),
    "other": _("其他项目"),
}
CAUSE_NOTES = {
    "days": _("两期天数不同，按第一期的日均电费折算"),
    "use": _("日均用电的变化，按第一期的平均单价折算"),
    "mix": _("电量落在不同的档和时段，按第一期的单价计算"),
    "price": _("同样的电量按新单价多付或少付的部分"),
    "basic": _("按容量或需量收取的部分"),
    "power_factor": _("力调电费的变化"),
    "other": _("一期有、另一期没有的项目"),
}
PERIOD_NAMES = {
    "尖": pgettext_lazy("period", "尖"),  # Chinese on purpose
    "峰": pgettext_lazy("period", "峰"),  # Chinese on purpose
    "平": pgettext_lazy("period", "平"),  # Chinese on purpose
    "谷": pgettext_lazy("period", "谷"),  # Chinese on purpose
    "深谷": pgettext_lazy("period", "深谷"),  # Chinese on purpose
}
"""A bill's own word for a period → what people call it."""
MEASURES = {"总": pgettext_lazy("period", "总"), **PERIOD_NAMES}  # Chinese on purpose
JOB_KINDS = {
    "bill_run.check": _("冻结、计价与总检"),
    "bill_run.post": _("记账"),
    "bill_run.verify": _("复算核对"),
    "bill_run.preview": _("试算预览"),
}
JOB_STATES = {"QUEUED": _("排队中"), "RUNNING": _("正在进行"), "PARKED": _("多次失败，已停放")}


_SHARE = re.compile(r"^(\d+) of (\d+)(?: areas)?(?: \((.*)\))?$")


def gate_in(text: str, language: str) -> str:
    """What the run-level check found, which says it in English, in the reader's language.

    >>> gate_in("14 of 33 areas", "zh-hans"), gate_in("7 of 90 (7.77 %)", "zh-hans"), gate_in("14 of 33 areas", "en")
    ('33 个中的 14 个', '90 个中的 7 个（7.77 %）', '14 of 33 areas')
    """
    found = _SHARE.match(text)
    if found is None or not language.startswith("zh"):
        return text
    part, whole, share = found.groups()
    told = f"{whole} 个中的 {part} 个"  # Chinese on purpose
    return f"{told}（{share}）" if share else told  # Chinese on purpose


class MonthWords(Mapping[str, str]):
    """Month indexes as people write months: every index has its word.

    >>> MonthWords().get("24321")
    '2026-10'
    """

    def __getitem__(self, key: str) -> str:
        return str(Month.from_index(int(key)))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0
