"""Words of the ledger: kinds of entries, what is looked at before a month is closed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "BILLS": _("电费发行"),
    "BILL_CANCELLATION": _("电费冲销"),
    "BILL_REBILL": _("重新计费"),
    "BILL_ADJUSTMENT": _("差错退补"),
    "PAYMENT": _("收费"),
    "PAYMENTS": _("批量收费"),
    "PURCHASE": _("购电"),
    "PENALTY": _("违约使用电费"),
}
"""Kinds of entries; another kind shows as its code."""

CHECKS = {
    "MONTH_OVER": _("本月已经结束"),
    "RUNS_PUBLISHED": _("本月核算批次都已发行或作废"),
    "BALANCED": _("借贷平衡"),
    "TILLS_CLOSED": _("收费班次都已日结"),
    "SUSPENSE_CLEARED": _("待查款已清理"),
}
OPEN = {
    "MONTH_OVER": _("月末之后才能关账"),
    "RUNS_PUBLISHED": _("还有未完成的批次"),
    "BALANCED": _("借贷相差，请先做总账检查"),
    "TILLS_CLOSED": _("还有未日结的班次"),
    "SUSPENSE_CLEARED": _("还有余额，可以关账，请尽快查清"),
}

SOURCES = {
    "GRID": _("省网趸购"),
    "SMALL_HYDRO": _("小水电"),
    "SOLAR": _("光伏电站"),
    "WIND": _("风电场"),
    "DIRECT": _("直接交易"),
    "OTHER": _("其他"),
    "FEED_IN": _("客户余电上网"),
}
"""Where bought energy comes from; what customers feed in is settled by their bills."""

SALES_BY = {"price": _("按电价类别"), "customer": _("按用户分类")}
"""How sold energy is told apart on the statement."""
TIES = {
    "BILLS": _("账单与应收电费"),
    "PRICES": _("各电价类别与应收电费"),
    "PURCHASES": _("购电结算与购电成本"),
}

ACCOUNTS = {
    "RECEIVABLE": _("应收电费"),
    "CREDIT": _("预收电费"),
    "DEPOSIT": _("电费保证金"),
    "BANK": _("银行存款"),
    "SUSPENSE": _("待查款"),
    "OVER_SHORT": _("长短款"),
    "BAD_DEBT": _("坏账核销"),
    "REVENUE:LATE_FEE": _("违约金"),
    "PENALTY": _("应收违约使用电费"),
    "REVENUE:PENALTY": _("违约使用电费收入"),
}
FAMILIES = {"CASH": _("现金"), "CLEARING": _("在途资金"), "PURCHASE": _("购电"), "PAYABLE": _("应付购电")}
"""Ledger accounts by name, and families whose second part is a unit, a channel or a source."""
