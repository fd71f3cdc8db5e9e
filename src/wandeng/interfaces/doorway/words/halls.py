"""Words of queues in halls: what people come for, who goes first and why, states; and why somebody is next, as a sentence."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wandeng.domains.halls.types import NextTicket, WhyNext

PURPOSES = {
    "PAY": _("缴费购电"),
    "BUSINESS": _("办理用电业务"),
    "ADVICE": _("咨询查询"),
    "COMPLAINT": _("投诉建议"),
}
PRIORITIES = {
    "ELDERLY": pgettext_lazy("priority in a hall", "老年人"),
    "DISABLED": pgettext_lazy("priority in a hall", "残疾人"),
    "PREGNANT": pgettext_lazy("priority in a hall", "孕妇"),
    "SOLDIER": pgettext_lazy("priority in a hall", "军人"),
}
STATES = {
    "WAITING": _("等候"),
    "CALLED": _("已叫号"),
    "SERVED": pgettext_lazy("queue ticket", "已办结"),
    "NO_SHOW": _("过号"),
    "LEFT": pgettext_lazy("queue ticket", "已离开"),
}
TONES = {"WAITING": "info", "CALLED": "warn", "SERVED": "ok", "NO_SHOW": "late", "LEFT": "neutral"}
WHYS = {
    "TRANSFERRED": _("转到本窗口"),
    "APPOINTMENT": _("预约时间到"),
    "PRIORITY": _("优先服务"),
    "TURN": _("轮到先来的"),
    "OVER_LIMIT": _("等候超时"),
    "FIRST_COME": _("先来先办"),
    "": "",
}
WORK = {"CASE": _("工单"), "PAYMENT": _("缴费")}
KIOSK = {
    "priority": _("需要优先服务"),
    "none": _("不需要"),
    "appointment": _("已预约的，请输入预约编号"),
    "account_number": _("户号（可不填）"),
    "phone": _("手机号（可不填）"),
}
"""What a kiosk asks."""
ACTIONS = {
    "hall.open": _("开启窗口"),
    "hall.close": _("关闭窗口"),
    "hall.kiosk": _("更换取号机密钥"),
}


def why(one: NextTicket) -> str:
    """Why a ticket has its place, and how long it waits of how many minutes, as a sentence."""
    ticket = one.ticket
    reason = str(WHYS[one.why.value])
    if one.why is WhyNext.PRIORITY:
        reason = gettext("优先：%(who)s") % {"who": PRIORITIES[ticket.priority]}
    elif one.why is WhyNext.TURN:
        reason = gettext("连叫几位优先后，轮到先来的")
    return gettext("%(reason)s；已等 %(waited)s 分钟，时限 %(limit)s 分钟") % {
        "reason": reason, "waited": ticket.waited_seconds // 60, "limit": ticket.limit_seconds // 60,
    }  # fmt: skip


def minutes(seconds: int | None) -> str:
    """Seconds as minutes and seconds."""
    return "–" if seconds is None else f"{seconds // 60}:{seconds % 60:02d}"
