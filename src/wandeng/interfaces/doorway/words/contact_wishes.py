"""Words of contact preferences: what each purpose brings, and why some of it always comes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "BILL": _("每月电费出账通知"),
    "PAYMENT": _("缴费到账通知"),
    "PREPAY": _("余额不足提醒"),
    "APPOINTMENT": _("预约确认和提醒"),
    "ARREARS": _("欠费催缴"),
    "DISCONNECTION": _("欠费停电前的通知"),
    "SUPPLY": _("恢复供电通知"),
    "OUTAGE": _("计划停电、故障抢修和限电"),
}
REASONS = {
    "ARREARS": _("不缴会产生违约金，并可能停电，必须先催告。"),
    "DISCONNECTION": _("停电前必须通知您（《供电营业规则》）。"),
    "SUPPLY": _("送电关系用电安全，必须告知。"),
    "OUTAGE": _("停电须提前公告（《电力供应与使用条例》第二十八条）。"),
}
REQUIRED = _("按规定必须告知。")
"""Why, where a rule of a territory requires what is not required elsewhere."""
USUAL = _("由供电公司决定")
NO_QUIET = _("不设")
"""No quiet hours."""
