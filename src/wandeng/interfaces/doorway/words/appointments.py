"""Words of appointments: states, kinds of places, what was told, days of the week; what was done, for the operation log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wandeng.domains.appointments.types import MOST_SWAPS

STATES = {
    "BOOKED": _("待赴约"),
    "KEPT": _("已履约"),
    "MISSED_BY_CUSTOMER": _("客户爽约"),
    "MISSED_BY_US": _("我方失约"),
    "CANCELLED": _("已取消"),
    "REBOOKED": _("已改约"),
}
STATE_TONES = {
    "BOOKED": "info", "KEPT": "ok", "MISSED_BY_CUSTOMER": "warn", "MISSED_BY_US": "late", "CANCELLED": "neutral",
    "REBOOKED": "neutral",
}  # fmt: skip
KINDS = {"HALL": _("营业厅"), "CREW": _("上门服务"), "VEHICLE": _("流动服务车")}
PLACE_KINDS = {"HALL": _("营业厅"), "CREW": _("上门服务")}
SIDES = {"CUSTOMER": _("客户原因"), "US": _("我方原因")}
OPEN_ON = {"WORKING_DAYS": _("仅工作日"), "EVERY_DAY": _("节假日照常")}
WEEKDAYS = {
    "1": _("周一"), "2": _("周二"), "3": _("周三"), "4": _("周四"), "5": _("周五"), "6": _("周六"), "7": _("周日"),
}  # fmt: skip
TOLD = {
    "BOOKED": _("预约确认"), "CANCELLED": _("取消告知"), "MISSED_BY_US": _("失约致歉"), "DAY_BEFORE": _("提前一天提醒"),
    "HOUR_BEFORE": _("提前一小时提醒"), "MOVED": _("改时告知"),
    **{f"MOVED-{turn}": _("再次改时告知") for turn in range(2, MOST_SWAPS + 1)},
}  # fmt: skip
TOLD_STATES = {"WANTED": _("待告知"), "TO_CALL": _("待电话告知"), "TOLD": _("已告知"), "DROPPED": _("不再告知")}
RUN_STATES = {
    "PLANNED": _("待发车"), "UNDER_WAY": pgettext_lazy("run", "途中"), "DONE": _("已收车"), "CANCELLED": _("已取消"),
}  # fmt: skip
RUN_TONES = {"PLANNED": "info", "UNDER_WAY": "warn", "DONE": "ok", "CANCELLED": "neutral"}
STOP_STATES = {"AHEAD": _("未到"), "HERE": _("停靠中"), "SERVED": _("已完成"), "SKIPPED": _("已取消停靠")}
STOP_TONES = {"AHEAD": "neutral", "HERE": "warn", "SERVED": "ok", "SKIPPED": "late"}
SERVICES = {
    "ENQUIRY": _("用电咨询"), "PAYMENT": _("交费与票据"), "CONNECTION": _("新装、增容"), "CHANGE": _("过户、更名等变更"),
    "METER": _("电能表检查或更换"), "SURVEY": _("现场勘查"), "SAFETY": _("用电安全检查"), "CONTACT": _("联系信息核实"),
}  # fmt: skip
"""Words of the services that ship; one of the utility's own shows under its code in lists, and under its name elsewhere."""

ACTIONS = {
    "appointment.book": _("预约"),
    "appointment.rebook": _("改约"),
    "appointment.cancel": _("取消预约"),
    "appointment.keep": _("预约履约"),
    "appointment.customer_missed": _("记客户爽约"),
    "appointment.we_missed": _("记我方失约"),
    "appointment.take_back": _("更正预约结果"),
    "appointment.called": _("预约电话告知"),
    "appointment.reveal": _("查看预约电话"),
    "service_place.add": _("设服务点"),
    "service_place.open": _("安排开放时间"),
    "service_place.end": _("终止开放安排"),
    "service_place.close_day": _("服务点停约"),
    "service_slot.close": _("时段停约"),
    "service_slot.open": _("时段恢复开放"),
    "service_vehicle.add": _("登记流动服务车"),
    "service_vehicle.retire": _("停用流动服务车"),
    "service_route.add": _("设巡回线路"),
    "service_route.set_stops": _("调整停靠点"),
    "service_route.end": _("撤销巡回线路"),
    "route_run.plan": _("计划出车"),
    "route_run.start": _("发车"),
    "route_run.arrive": _("到达停靠点"),
    "route_run.leave": _("完成停靠点"),
    "route_run.skip": _("取消停靠"),
    "route_run.finish": _("收车"),
    "route_run.cancel": _("取消出车"),
    "route_run.swap": _("出车换车"),
}
