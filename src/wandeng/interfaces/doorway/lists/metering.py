"""Lists of metering: routes, held readings, orders to read again, meters that hang, meters in stock."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, DateFromToRangeFilter

from wandeng.domains.metering import actions, queries
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.periods import Month

REREAD_DAYS = 3
"""How many days an order to read again has when a whole list is ordered at once."""
_DAY = {"widget": forms.DateInput(attrs={"type": "date"})}


class RouteFilter(UnitFilterSet):
    """By code or name, and by what is left to do."""

    q = CharFilter(label=_("抄表段编码或名称"), method="named")
    left = ChoiceFilter(
        label=_("进度"),
        method="has_left",
        choices=[("missing", _("还有未抄")), ("held", _("有待审")), ("due", _("本月抄表"))],
    )

    def named(self, rows: Rows, _name: str, text: str) -> Rows:
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text))

    def has_left(self, rows: Rows, _name: str, what: str) -> Rows:
        if what == "due":
            return rows.filter(read_on__isnull=False)
        return rows.filter(missing_count__gt=0) if what == "missing" else rows.filter(held_count__gt=0)


class HeldFilter(UnitFilterSet):
    """By reason, source, account, meter and route."""

    hold_reason = ChoiceFilter(label=_("原因"), choices=list(words.HOLD_REASONS.items()))
    source = ChoiceFilter(label=_("来源"), choices=list(words.SOURCES.items()))
    account = CharFilter(label=_("户号"), field_name="account_number")
    meter = CharFilter(label=_("表号"), field_name="asset_number")
    route = CharFilter(label=_("抄表段"), field_name="route_code")
    reread = ChoiceFilter(label=_("复抄"), method="ordered", choices=[("yes", _("已派复抄")), ("no", _("未派复抄"))])

    def ordered(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.exclude(reread="") if what == "yes" else rows.filter(reread="")


class RereadFilter(UnitFilterSet):
    """By state, who took it, due day and route."""

    state = ChoiceFilter(
        label=_("状态"),
        method="in_state",
        choices=[("open", _("未完成")), *((code, word) for code, word in words.REREAD_STATES.items() if code)],
    )
    taken_by = CharFilter(label=_("领取人"))
    due = DateFilter(label=_("最迟"), field_name="due_on", lookup_expr="lte", **_DAY)
    route = CharFilter(label=_("抄表段"), field_name="route_code")

    def in_state(self, rows: Rows, _name: str, state: str) -> Rows:
        return rows.filter(state__in=("ORDERED", "TAKEN")) if state == "open" else rows.filter(state=state)


class MeterFilter(UnitFilterSet):
    """By number, account, point and route."""

    meter = CharFilter(label=_("表号"), field_name="asset_number")
    account = CharFilter(label=_("户号"), field_name="account_number")
    point = CharFilter(label=_("计量点"), field_name="point_code")
    route = CharFilter(label=_("抄表段"), field_name="route_code")
    source = ChoiceFilter(label=_("计费方式"), choices=list(words.BILLED_BY.items()))


class LateFilter(UnitFilterSet):
    """By reading day, account, meter and route."""

    read_on = DateFromToRangeFilter(label=_("抄表日"))
    account = CharFilter(label=_("户号"), field_name="account_number")
    meter = CharFilter(label=_("表号"), field_name="asset_number")
    route = CharFilter(label=_("抄表段"), field_name="route_code")


class StockFilter(ListFilterSet):
    """By number and state."""

    meter = CharFilter(label=_("表号"), field_name="asset_number", lookup_expr="startswith")
    state = ChoiceFilter(
        label=_("状态"), choices=[(code, word) for code, word in words.METER_STATES.items() if code != "INSTALLED"]
    )


def release_held(asking: Asking, keys: list[str], reason: str) -> int:
    """Accept held readings: a person has looked at each."""
    for key in keys:
        actions.release_reading(reading_id=int(key), actor=asking.actor, at=asking.now, reason=reason)
    return len(keys)


def estimate_held(asking: Asking, keys: list[str], reason: str) -> int:
    """Refuse held readings and estimate their days from the last three months."""
    for key in keys:
        actions.estimate_instead(
            reading_id=int(key), method="average", actor=asking.actor, at=asking.now, reason=reason
        )
    return len(keys)


def reread_held(asking: Asking, keys: list[str], reason: str) -> int:
    """Order that the meters are read again within three days."""
    due = asking.today + timedelta(days=REREAD_DAYS)
    for key in keys:
        actions.order_reread(reading_id=int(key), due_on=due, actor=asking.actor, at=asking.now, reason=reason)
    return len(keys)


def take_orders(asking: Asking, keys: list[str], _reason: str) -> int:
    """Take orders: the reader goes."""
    for key in keys:
        actions.take_reread(order_id=int(key), actor=asking.actor, at=asking.now)
    return len(keys)


@lru_cache(maxsize=64)
def routes_of(month: Month | None = None) -> ListDefinition:
    """Routes with the progress of a month; without one: of the month whose first-of-month reading is the newest."""
    return ListDefinition(
        name="reading-routes",
        title=pgettext_lazy("menu", "抄表段"),
        route="console:metering-routes",
        rows=lambda asking: queries.routes_rows(asking.scope, month or queries.last_month(1, 1, asking.today)),
        key="code",
        order=("code",),
        filters=RouteFilter,
        columns=(
            Column("code", _("编码"), Kind.CODE, is_sortable=True, link="console:metering-route"),
            Column("name", _("名称"), is_sortable=True),
            Column("unit_name", _("单位")),
            Column("reading_day", _("例日"), Kind.INTEGER, is_sortable=True),
            Column("months", _("周期（月）"), Kind.INTEGER, is_shown=False),
            Column("read_on", _("抄表日"), Kind.DAY),
            Column("due_count", _("应抄"), Kind.INTEGER),
            Column("read_count", _("已抄"), Kind.INTEGER),
            Column("missing_count", _("未抄"), Kind.INTEGER),
            Column("held_count", _("待审"), Kind.INTEGER),
        ),
        empty=Empty(_("没有符合条件的抄表段"), _("换个条件；抄表段随电能表台账导入。")),
    )


ROUTES = routes_of()
HELD = ListDefinition(
    name="held-readings",
    title=_("待审示数"),
    route="console:metering-held",
    rows=lambda asking: queries.held_rows(asking.scope),
    key="id",
    order=("-read_on",),
    filters=HeldFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:metering-held-reading"),
        Column("hold_reason", _("原因"), Kind.WORD, words=words.HOLD_REASONS, tones=words.HOLD_TONES, is_sortable=True),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("asset_number", _("表号"), Kind.CODE, link="console:metering-meter"),
        Column("read_on", _("抄表日"), Kind.DAY, is_sortable=True),
        Column("total_ckwh", _("示数"), Kind.QUANTITY),
        Column("previous_ckwh", _("上次示数"), Kind.QUANTITY),
        Column("previous_on", _("上次抄表日"), Kind.DAY, is_shown=False),
        Column("multiplier", _("倍率"), Kind.INTEGER),
        Column("source", _("来源"), Kind.WORD, words=words.SOURCES),
        Column("reread", _("复抄"), Kind.WORD, words=words.REREAD_STATES, tones=words.REREAD_TONES),
        Column("route_code", _("抄表段"), Kind.CODE, link="console:metering-route"),
        Column("received_at", _("收到时间"), Kind.MOMENT, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    bulk=(
        BulkAction("release", _("放行"), release_held, _("这些示数将按原值计费。"), wants_reason=True),
        BulkAction(
            "estimate",
            _("退回并估抄"),
            estimate_held,
            _("原示数作废，按近三个月日均电量估抄，并标记为估抄。"),
            danger=True,
            wants_reason=True,
        ),
        BulkAction("reread", _("派复抄"), reread_held, _("三日内复抄，示数仍待审。"), wants_reason=True),
    ),
    empty=Empty(_("没有待审示数"), _("录入或采集的示数都可信，不用处理。")),
)
REREADS = ListDefinition(
    name="reread-orders",
    title=_("复抄工单"),
    route="console:metering-rereads",
    rows=lambda asking: queries.rereads_rows(asking.scope),
    key="id",
    order=("due_on",),
    filters=RereadFilter,
    columns=(
        Column("id", _("工单"), Kind.CODE, link="console:metering-reread"),
        Column("state", _("状态"), Kind.WORD, words=words.REREAD_STATES, tones=words.REREAD_TONES),
        Column("due_on", _("最迟"), Kind.DAY, is_sortable=True),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("address", _("地址")),
        Column("asset_number", _("表号"), Kind.CODE, link="console:metering-meter"),
        Column("read_on", _("抄表日"), Kind.DAY),
        Column("total_ckwh", _("待审示数"), Kind.QUANTITY),
        Column("hold_reason", _("原因"), Kind.WORD, words=words.HOLD_REASONS, tones=words.HOLD_TONES),
        Column("taken_by", _("领取人"), Kind.CODE),
        Column("route_code", _("抄表段"), Kind.CODE, is_shown=False),
        Column("ordered_by", _("派工人"), Kind.CODE, is_shown=False),
        Column("ordered_at", _("派工时间"), Kind.MOMENT, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    bulk=(BulkAction("take", _("领取"), take_orders, _("由本人去复抄。")),),
    empty=Empty(_("没有复抄工单"), _("在待审示数中派出。"), "console:metering-held", _("待审示数")),
)
LATE = ListDefinition(
    name="late-readings",
    title=_("逾期未抄"),
    route="console:metering-late",
    rows=lambda asking: queries.late_rows(asking.scope, on=asking.today),
    key="id",
    order=("id",),
    filters=LateFilter,
    columns=(
        Column("read_on", _("抄表日"), Kind.DAY),
        Column("route_code", _("抄表段"), Kind.CODE, link="console:metering-route"),
        Column("route_position", _("序号"), Kind.INTEGER),
        Column("asset_number", _("表号"), Kind.CODE, link="console:metering-meter"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("address", _("用电地址")),
        Column("unit_name", _("单位")),
        Column("point_code", _("计量点"), Kind.CODE, is_shown=False),
        Column("id", _("装表编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(
        _("没有逾期未抄的表"), _("各抄表段最近一个抄表日的示数都已录入。"), "console:metering-routes", _("抄表段")
    ),
)
METERS = ListDefinition(
    name="meters",
    title=pgettext_lazy("menu", "电能表"),
    route="console:metering-meters",
    rows=lambda asking: queries.meters_rows(asking.scope),
    key="id",
    order=("id",),
    filters=MeterFilter,
    columns=(
        Column("asset_number", _("表号"), Kind.CODE, link="console:metering-meter"),
        Column("kind", _("类型")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("point_code", _("计量点"), Kind.CODE),
        Column("multiplier", _("倍率"), Kind.INTEGER),
        Column("route_code", _("抄表段"), Kind.CODE, link="console:metering-route"),
        Column("route_position", _("序号"), Kind.INTEGER, is_shown=False),
        Column("installed_on", _("装表日期"), Kind.DAY),
        Column("tested_on", _("检定日期"), Kind.DAY, is_shown=False),
        Column("digits", _("位数"), Kind.INTEGER, is_shown=False),
        Column("source", _("计费方式"), Kind.WORD, words=words.BILLED_BY, is_shown=False),
        Column("unit_name", _("单位")),
        Column("id", _("装表编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的电能表"), _("换个条件；在装的表随台账导入。")),
)
STOCK = ListDefinition(
    name="meter-stock",
    title=_("库存表"),
    route="console:metering-stock",
    rows=lambda _asking: queries.stock_rows(),
    key="id",
    order=("id",),
    filters=StockFilter,
    columns=(
        Column("asset_number", _("表号"), Kind.CODE, link="console:metering-meter"),
        Column("kind", _("类型")),
        Column("digits", _("位数"), Kind.INTEGER),
        Column("state", _("状态"), Kind.WORD, words=words.METER_STATES, tones=words.METER_TONES),
        Column("tested_on", _("检定日期"), Kind.DAY),
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("库存没有电能表"), _("拆下并检定合格的表回到库存。")),
)
LISTS = (ROUTES, HELD, REREADS, LATE, METERS, STOCK)
