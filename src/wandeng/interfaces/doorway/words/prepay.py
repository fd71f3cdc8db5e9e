"""Words of prepay: where an account stands, why a day has no figures, why a bill differs, how an episode ended."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wandeng.interfaces.doorway.words import bills

STANDINGS = {
    "NORMAL": _("余额充足"),
    "WARNED": _("已预警"),
    "OVERDRAWN": _("已透支"),
    "CUT_ORDERED": _("待停电"),
    "CUT": _("已停电"),
    "ENDED": _("已解约"),
    "CLOSED": pgettext_lazy("prepay episode", "已结束"),
}
STANDING_TONES = {
    "NORMAL": "ok", "WARNED": "warn", "OVERDRAWN": "late", "CUT_ORDERED": "late", "CUT": "late", "ENDED": "neutral",
    "CLOSED": "neutral",
}  # fmt: skip
AGREEMENT_STATES = {"ACTIVE": _("生效"), "ENDED": _("已解约")}
GAPS = {
    **{
        code: bills.CODES[code]
        for code in (
            "MISSING_READING", "MULTIPLIER_MISSING", "NO_TERMS", "NO_RULE_IN_FORCE", "NEGATIVE", "OVERFLOW",
            "PERIODS_EXCEED_TOTAL", "DEMAND_MISSING", "PARENT_MISSING", "TOO_MANY_LINES",
        )
    },
    "NO_POINTS": _("没有计量点"),
    "UNBILLED_LONG": _("过久未出账"),
}  # fmt: skip
"""Why a day could not be computed."""
GAP_TONES = dict.fromkeys(GAPS, "warn")
DOUBTS = {"JUMP": bills.CODES["JUMP"], "OVER_CAPACITY": bills.CODES["OVER_CAPACITY"]}
"""Computed, but nobody is cut by it."""
DOUBT_TONES = dict.fromkeys(DOUBTS, "warn")
TRUE_UP_REASONS = {
    "SAME": _("与账单一致"),
    "LATER_USE": _("账单含其后用电"),
    "READING": _("示数不同"),
    "PRICE": _("电价或约定变更"),
    "CORRECTED": _("账单已更正"),
}
TRUE_UP_TONES = {"SAME": "ok", "LATER_USE": "neutral", "READING": "warn", "PRICE": "info", "CORRECTED": "info"}
CLOSED_AS = {
    "": "–",
    "TOPPED_UP": _("充值后恢复"),
    "RECOVERED": _("测算后恢复"),
    "ENDED": _("解约"),
}
