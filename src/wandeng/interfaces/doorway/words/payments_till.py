"""Words of the cash desk: tills, sessions, tenders, what a payment was for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TILL_KINDS = {"COUNTER": _("柜台"), "VEHICLE": _("流动收费车"), "VILLAGE": _("村级代收点")}
SESSION_STATES = {"OPEN": _("收费中"), "COUNTED": _("待复核"), "CLOSED": _("已日结")}
SESSION_TONES = {"OPEN": "info", "COUNTED": "warn", "CLOSED": "ok"}
SESSION_MOVES = {"count": _("清点"), "recount": _("退回重点"), "close": _("日结")}
TILL_TENDERS = {"CASH": _("现金"), "CARD": _("刷卡"), "QR": _("扫码")}
RECEIPT_STATES = {"RECEIVED": _("有效"), "REVERSED": _("作废")}
RECEIPT_TONES = {"RECEIVED": "ok", "REVERSED": "late"}
PURPOSES = {"FULL": _("缴清欠费"), "PART": _("部分缴费"), "ADVANCE": _("预存电费")}
PART_KINDS = {"BILL": _("电费"), "LATE_FEE": _("电费违约金"), "CREDIT": _("预收电费")}
