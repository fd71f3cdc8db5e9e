"""Lists of appointments, of calls to make, of places, vehicles, routes and runs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.appointments.queries import rows
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import appointments as words

_DATE = forms.DateInput(attrs={"type": "date"})


class AppointmentFilter(UnitFilterSet):
    """By state, day, number and account."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    on = DateFilter(label=_("日期"), field_name="slot__on", widget=_DATE)
    number = CharFilter(label=_("预约号"), lookup_expr="startswith", max_length=24)
    account = CharFilter(label=_("户号"), field_name="account__account_number", max_length=32)


class CallFilter(UnitFilterSet):
    """By unit."""

    unit_key = "appointment__unit_id"


class PlaceFilter(UnitFilterSet):
    """By kind and name."""

    kind = ChoiceFilter(label=_("类别"), choices=list(words.PLACE_KINDS.items()))
    name = CharFilter(label=_("名称"), lookup_expr="icontains", max_length=64)


class NameFilter(UnitFilterSet):
    """By name."""

    name = CharFilter(label=_("名称"), lookup_expr="icontains", max_length=64)


class RunFilter(UnitFilterSet):
    """By state and day."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.RUN_STATES.items()))
    on = DateFilter(label=_("日期"), field_name="on", widget=_DATE)


APPOINTMENTS = ListDefinition(
    name="appointments",
    title=_("预约"),
    route="console:appointments-list",
    rows=lambda asking: rows.appointment_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=AppointmentFilter,
    columns=(
        Column("number", _("预约号"), Kind.CODE, link="console:appointments-detail"),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.STATE_TONES),
        Column("starts_at", _("时间"), Kind.MOMENT),
        Column("kind", _("方式"), Kind.WORD, words=words.KINDS),
        Column("place", _("地点")),
        Column("service", _("事项"), Kind.WORD, words=words.SERVICES),
        Column("name", _("客户")),
        Column("account_number", _("户号"), Kind.CODE),
        Column("case_number", _("工单"), Kind.CODE),
        Column("booked_at", _("登记时间"), Kind.MOMENT, is_shown=False),
        Column("booked_by", _("登记人"), Kind.CODE, is_shown=False),
        Column("explanation", _("原因"), is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有预约"), _("在预约日程里选一个时段登记。"), "console:appointments-day", _("预约日程")),
)
CALLS = ListDefinition(
    name="appointment-calls",
    title=_("待电话告知"),
    route="console:appointments-calls",
    rows=lambda asking: rows.call_rows(asking.scope),
    key="id",
    order=("due_at", "id"),
    filters=CallFilter,
    columns=(
        Column("number", _("预约号"), Kind.CODE, link="console:appointments-detail", link_by=("number",)),
        Column("what", _("告知内容"), Kind.WORD, words=words.TOLD),
        Column("due_at", _("应告知时间"), Kind.MOMENT),
        Column("name", _("客户")),
        Column("standing", _("预约状态"), Kind.WORD, words=words.STATES, tones=words.STATE_TONES),
        Column("starts_at", _("预约时间"), Kind.MOMENT),
        Column("place", _("地点")),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有待电话告知的客户"), _("没有户号的客户，提醒和取消要打电话告知，会排在这里。")),
)
PLACES = ListDefinition(
    name="service-places",
    title=_("服务点"),
    route="console:appointments-places",
    rows=lambda asking: rows.place_rows(asking.scope),
    key="code",
    order=("code",),
    filters=PlaceFilter,
    columns=(
        Column("code", _("编号"), Kind.CODE, link="console:appointments-place"),
        Column("name", _("名称")),
        Column("kind", _("类别"), Kind.WORD, words=words.PLACE_KINDS),
        Column("address", _("地址")),
        Column("crew_code", _("抢修队"), Kind.CODE),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有服务点"),
        _("先设营业厅或上门服务队，再安排开放时间。"),
        "console:appointments-place-new",
        _("设服务点"),
        makes_new=True,
    ),
)
VEHICLES = ListDefinition(
    name="service-vehicles",
    title=_("流动服务车"),
    route="console:appointments-vehicles",
    rows=lambda asking: rows.vehicle_rows(asking.scope),
    key="code",
    order=("code",),
    filters=NameFilter,
    columns=(
        Column("code", _("编号"), Kind.CODE, link="console:appointments-vehicle"),
        Column("name", _("名称")),
        Column("plate", _("车牌"), Kind.CODE),
        Column("keeper", _("随车人"), Kind.CODE),
        Column("routes_", _("线路"), Kind.INTEGER),
        Column("retired_on", _("停用日期"), Kind.DAY),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有流动服务车"),
        _("先登记车辆，再设巡回线路。"),
        "console:appointments-vehicle-new",
        _("登记车辆"),
        makes_new=True,
    ),
)
ROUTES = ListDefinition(
    name="service-routes",
    title=_("巡回线路"),
    route="console:appointments-routes",
    rows=lambda asking: rows.route_rows(asking.scope),
    key="code",
    order=("code",),
    filters=NameFilter,
    columns=(
        Column("code", _("编号"), Kind.CODE, link="console:appointments-route"),
        Column("name", _("名称")),
        Column("vehicle_name", _("车辆")),
        Column("every_weeks", _("每几周一次"), Kind.INTEGER),
        Column("stops_", _("停靠点"), Kind.INTEGER),
        Column("open_on", _("节假日"), Kind.WORD, words=words.OPEN_ON),
        Column("valid_from", _("开行日期"), Kind.DAY),
        Column("valid_to", _("撤销日期"), Kind.DAY),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有巡回线路"), _("设一条线路，写上停靠点。"), "console:appointments-route-new", _("设线路"), makes_new=True
    ),
)
RUNS = ListDefinition(
    name="route-runs",
    title=_("出车"),
    route="console:appointments-runs",
    rows=lambda asking: rows.run_rows(asking.scope),
    key="number",
    order=("-on", "-id"),
    filters=RunFilter,
    columns=(
        Column("number", _("出车编号"), Kind.CODE, link="console:appointments-run"),
        Column("on", _("日期"), Kind.DAY),
        Column("state", _("状态"), Kind.WORD, words=words.RUN_STATES, tones=words.RUN_TONES),
        Column("route_name", _("线路")),
        Column("vehicle_name", _("车辆")),
        Column("keeper", _("随车人"), Kind.CODE),
        Column("served", _("已停靠"), Kind.INTEGER),
        Column("stops_", _("停靠点"), Kind.INTEGER),
        Column("appointments_", _("预约"), Kind.INTEGER),
        Column("explanation", _("原因"), is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有出车计划"),
        _("设好巡回线路后，每晚自动生成两周内的出车计划。"),
        "console:appointments-routes",
        _("巡回线路"),
    ),
)
LISTS = (APPOINTMENTS, CALLS, PLACES, VEHICLES, ROUTES, RUNS)
