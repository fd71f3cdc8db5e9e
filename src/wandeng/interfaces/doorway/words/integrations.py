"""Words of the integrations: events others may hear, deliveries, why an endpoint is off, what the doctor found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from wandeng.infra.webhooks import PING

EVENTS = {
    "billing.bill_run_published": _("电费已发行"),
    "payments.payment_received": _("电费已收"),
    "appointments.booked": _("预约已登记"),
    "appointments.ended": _("预约已了结"),
    "appointments.run_cancelled": _("出车已取消"),
    "cases.opened": _("工单已受理"),
    "cases.step_finished": _("工单环节已完成"),
    "cases.customer_concerned": _("工单进展应告知客户"),
    "cases.closed": _("工单已结束"),
    "cases.reopened": _("工单已重启"),
    "cases.clock_broken": _("工单已超时"),
    "cases.incident_expected": _("已告知预计恢复时间"),
    "cases.incident_restored": _("故障已恢复送电"),
    "outages.published": _("停电计划已发布"),
    "rationing.published": _("限电指令已发布"),
    "rationing.canceled": _("限电指令已取消"),
    "rationing.ended": _("限电已结束"),
    "outages.changed": _("停电计划已变更"),
    "outages.canceled": _("停电计划已取消"),
    "outages.started": _("计划停电已开始"),
    "outages.overran": _("停电超时"),
    "outages.ended": _("计划停电已结束"),
    "collections.supply_cut": _("已停电"),
    "collections.supply_ordered_back": _("已下达复电"),
    "collections.supply_restored": _("已复电"),
    "payments.payment_part_reversed": _("收费已部分退回"),
    "payments.payment_reversed": _("收费已冲正"),
    "payments.payments_received": _("批量收费已入账"),
    "billing.bills_corrected": _("电费已更正"),
    "billing.final_bill_published": _("末次电费已发行"),
    "metering.ReadingsAccepted": _("示数已入账"),
    "metering.ReadingCorrected": _("示数已更正"),
    "metering.CurvesStored": _("曲线已入库"),
    "metering.MeterExchanged": _("电能表已更换"),
    "metering.MeterTested": _("电能表已检定"),
    "network.switch_operated": _("开关已操作"),
    PING: _("测试"),
}
DELIVERY_STATES = {"PENDING": _("待发送"), "DONE": _("已送达"), "PARKED": _("已搁置")}
DELIVERY_TONES = {"PENDING": "info", "DONE": "ok", "PARKED": "late"}
OFF = {"BY_HAND": _("人工停用"), "FAILING": _("连续失败，自动停用"), "GONE": _("接收方已撤销，自动停用")}
SEVERITIES = {"FINE": _("正常"), "WARNING": _("留意"), "FAULT": _("必须处理")}
SEVERITY_TONES = {"FINE": "ok", "WARNING": "warn", "FAULT": "late"}
