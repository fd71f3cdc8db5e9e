"""Words of payments: channels, tenders, parts, decisions, plans."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.words import payments_bank

CHANNELS = payments_bank.CHANNELS | {
    "TILL": _("营业厅"),
    "MOBILE": _("流动收费"),
    "AGENT": _("代收点"),
    "WECHAT": _("微信"),
    "ALIPAY": _("支付宝"),
    "UNIONPAY": _("银联"),
    "TRANSFER": _("转账"),
}
TENDERS = {
    "CASH": _("现金"),
    "CARD": _("刷卡"),
    "QR": _("扫码"),
    "CHEQUE": _("支票"),
    "TRANSFER": _("转账"),
    "DEBIT": _("扣款"),
    "ONLINE": _("线上支付"),
}
STATES = {"RECEIVED": _("已收"), "REVERSED": _("已冲正")}
STATE_TONES = {"RECEIVED": "ok", "REVERSED": "late"}
PARTS = {"BILL": _("电费"), "LATE_FEE": _("电费违约金"), "CREDIT": _("预收电费")}
DECISIONS = {
    "REVERSAL": _("冲正"),
    "PART": _("部分退回"),
    "REFUND": _("退费"),
    "WAIVER": _("违约金减免"),
    "WRITE_OFF": _("坏账核销"),
    "TRANSFER": _("预收转账"),
}
DECISION_STATES = {"PROPOSED": _("待复核"), "DONE": _("已办"), "REJECTED": _("已驳回")}
DECISION_TONES = {"PROPOSED": "warn", "DONE": "ok", "REJECTED": "neutral"}
PLAN_STATES = {"ACTIVE": _("履行中"), "KEPT": _("已履行"), "BROKEN": _("已违约"), "CANCELLED": _("已终止")}
PLAN_TONES = {"ACTIVE": "info", "KEPT": "ok", "BROKEN": "late", "CANCELLED": "neutral"}
