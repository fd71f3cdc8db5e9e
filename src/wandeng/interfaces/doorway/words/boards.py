"""Words of community boards: states, who is responsible, bills due as sentences, prices."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wandeng.calc.boards import ArrearsBand
from wandeng.flows.community_boards.content import BoardArrearsTold, BoardPrice
from wandeng.kernel.money import FEN_PER_YUAN

STATES = {"SHOWN": pgettext_lazy("community board", "使用中"), "WITHDRAWN": pgettext_lazy("community board", "已撤下")}
TONES = {"SHOWN": "ok", "WITHDRAWN": "neutral"}
POSTS = {"KEEPER": _("台区经理"), "SUPERVISOR": _("上级负责人")}
PAPERS = {"a4": "A4", "a3": "A3"}
ACTIONS = {
    "board.put_up": _("设立公示栏"),
    "board.withdraw": _("撤下公示栏"),
    "board.keeper": _("指定台区负责人"),
    "board.arrears": _("公示栏显示欠费"),
    "board.card": _("登记服务名片"),
}


def arrears(told: BoardArrearsTold) -> str:
    """How many owe, as a sentence."""
    if told.customers is None:
        return gettext("逾期未缴电费的不足 %(n)d 户。") % {"n": told.least}
    if not told.customers:
        return gettext("没有逾期未缴电费的用户。")
    return ngettext("逾期未缴电费的共 %(n)d 户。", "逾期未缴电费的共 %(n)d 户。", told.customers) % {
        "n": told.customers
    }


def band(one: ArrearsBand) -> str:
    """What those of a band owe."""
    low, high = one.from_fen // FEN_PER_YUAN, None if one.to_fen is None else one.to_fen // FEN_PER_YUAN
    if high is None:
        return gettext("%(low)d 元以上") % {"low": low} if low else gettext("不论金额")
    return (
        gettext("%(low)d–%(high)d 元") % {"low": low, "high": high}
        if low
        else gettext("%(high)d 元及以下") % {"high": high}
    )


def tier(one: BoardPrice) -> str:
    """A tier and its kWh a month or a year."""
    given = {"tier": one.tier, "low": one.from_kwh, "high": one.to_kwh}
    if one.to_kwh is None:
        said = (
            gettext("第 %(tier)d 档：每年 %(low)d 千瓦时以上")
            if one.is_yearly
            else gettext("第 %(tier)d 档：每月 %(low)d 千瓦时以上")
        )
    elif one.is_yearly:
        said = gettext("第 %(tier)d 档：每年 %(low)d–%(high)d 千瓦时")
    else:
        said = gettext("第 %(tier)d 档：每月 %(low)d–%(high)d 千瓦时")
    return said % given
