"""Words of a month plan of outages on trial: keys of the case and their choices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CASE_KEYS = {
    "allowed_days": _("约定日期"),
    "announced_on": _("公布日期"),
    "areas": _("台区"),
    "costs": _("各项代价"),
    "crew": _("班组种类"),
    "crews": _("在岗班组"),
    "customer_interrupted": _("停电一户次的代价"),
    "day_late": _("逾期一天的代价"),
    "duration": _("占用时段数"),
    "feeder": _("馈线"),
    "finish_by": _("最迟日期"),
    "forbidden": _("不得停电"),
    "jobs": _("停电工作"),
    "kw_lost": _("停供负荷的代价（每千瓦、每千分之一负荷）"),
    "live_crew": _("带电作业班组种类"),
    "load_kw": _("平常负荷（kW）"),
    "load_percent": _("该时段负荷（占平常负荷的 %）"),
    "most_a_year": _("全年最多计划停电次数"),
    "moved": _("变更已公布计划的代价"),
    "not_before": _("最早可停日期"),
    "not_placed": _("排不进计划的代价"),
    "notice_days": _("提前通知天数"),
    "on_days": _("日期"),
    "over_limit": _("台区超次一次的代价"),
    "pinned_live": _("固定为带电作业"),
    "pinned_on": _("固定日期"),
    "pinned_window": _("固定时段"),
    "planned_this_year": _("今年已计划停电次数"),
    "published_live": _("公布为带电作业"),
    "published_on": _("已公布日期"),
    "published_window": _("已公布时段"),
    "reason": _("原因"),
    "room_soon": _("短期内还可停电次数"),
    "side": _("设备归属"),
    "ties_closed": _("须合上的联络开关"),
    "ties_open": _("停用的联络开关"),
    "too_soon": _("短期内重复停电一次的代价"),
    "windows": _("时段"),
    "work": _("求解工作量（1 至 10）"),
}
OPTIONS = {"GRID": _("电网侧"), "CUSTOMER": _("客户侧")}
