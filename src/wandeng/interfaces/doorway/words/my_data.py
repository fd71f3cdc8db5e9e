"""Words of the files that residents take away: their names and the heads of their columns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_ACCOUNT, _MONTH, _ENERGY, _AMOUNT = _("户号"), _("月份"), _("电量（kWh）"), _("金额（元）")
ALL = _("我的数据")
TITLES = {
    "bills": _("电费单"),
    "bill-lines": _("电费明细"),
    "payments": _("缴费记录"),
    "usage-months": _("月用电量"),
    "usage-days": _("日用电量"),
    "cases": _("办理进度"),
}
HEADS = {
    "bills": (_ACCOUNT, _("账单编号"), _MONTH, _("自"), _("至"), _ENERGY, _AMOUNT, _("缴费期限")),
    "bill-lines": (
        _ACCOUNT, _("账单编号"), _MONTH, _("计费项目"), _("时段"), _("档"), _("自"), _("至"), _("数量"), _("单位"), _("单价（元）"), _AMOUNT,
    ),
    "payments": (_ACCOUNT, _("日期"), _("方式"), _AMOUNT, _("状态")),
    "usage-months": (_ACCOUNT, _MONTH, _ENERGY, _AMOUNT),
    "usage-days": (_ACCOUNT, _("日期"), _ENERGY, _("有数的刻钟数")),
    "cases": (_ACCOUNT, _("工单号"), _("业务"), _("进度"), _("受理时间")),
}  # fmt: skip
OTHER_CHANNEL, CLOSED = _("其他方式"), _("已办结")
