"""Words of reliability: kinds and causes of interruptions, voltages, ways to take a period apart."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

KINDS = {
    "FAULT_INTERNAL": _("内部故障"),
    "FAULT_EXTERNAL": _("外部故障"),
    "PLANNED_OVERHAUL": _("计划检修"),
    "PLANNED_CONSTRUCTION": _("计划施工"),
    "PLANNED_REQUEST": _("计划用户申请"),
    "TEMPORARY_OVERHAUL": _("临时检修"),
    "TEMPORARY_CONSTRUCTION": _("临时施工"),
    "TEMPORARY_REQUEST": _("临时用户申请"),
    "RATIONING_SYSTEM": _("系统电源不足限电"),
    "RATIONING_NETWORK": _("供电网限电"),
}
CAUSES = {
    "OVERHAUL": _("检修"),
    "CONSTRUCTION": _("施工"),
    "CUSTOMER_REQUEST": _("用户申请"),
    "EQUIPMENT": _("设备原因"),
    "OVERLOAD": _("过负荷"),
    "OPERATION": _("运行维护"),
    "WEATHER": _("自然因素"),
    "TREES_AND_ANIMALS": _("树障与动物"),
    "THIRD_PARTY": _("外力破坏"),
    "CUSTOMER_EQUIPMENT": _("用户设备影响"),
    "UPSTREAM": _("上级电网"),
    "SHORTAGE": _("电源不足"),
    "UNKNOWN": _("原因不明"),
    "CUSTOMER_SWITCHED_OFF": _("用户自行停电"),
    "ARREARS_CUT": _("欠费停电"),
    "THEFT_OR_BREACH_CUT": _("窃电违约停电"),
    "OWN_EQUIPMENT_FAULT": _("用户自身故障"),
    "SUCCESSFUL_RECLOSING": _("重合成功"),
}
VOLTAGES = {"LOW": _("低压"), "MEDIUM": _("中压"), "HIGH": _("高压")}
STANDARDS = {"DLT836_MV": _("DL/T 836 中压"), "DLT836_LV": _("DL/T 836 低压"), "IEEE1366": "IEEE 1366"}
WAYS = {
    "UNIT": _("按单位"),
    "FEEDER": _("按线路"),
    "LOCALITY": _("按地区"),
    "KIND": _("按停电性质"),
    "CAUSE": _("按停电原因"),
    "MONTH": _("按月份"),
}
USERS = {"DLT836_MV": _("台区"), "DLT836_LV": _("低压用户"), "IEEE1366": _("用户")}
