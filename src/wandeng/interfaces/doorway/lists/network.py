"""Lists of the network: substations, feeders, transformer areas, switches, the switching log, usage points."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.network import queries
from wandeng.domains.network.types import State
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import network as words
from wandeng.kernel.errors import NotFound

_EMPTY_IMPORT = Empty(_("没有符合条件的设备"), _("换个条件；电网台账由导入文件维护。"))


class EquipmentFilter(UnitFilterSet):
    """By a part of code or name."""

    q = CharFilter(label=_("编码或名称"), method="named")

    def named(self, rows: Rows, _name: str, text: str) -> Rows:
        return rows.filter(Q(code__icontains=text) | Q(name__icontains=text))


class FeederFilter(EquipmentFilter):
    """By substation besides."""

    substation = CharFilter(label=_("变电站编码"), field_name="substation_code")


class TransformerFilter(EquipmentFilter):
    """By feeder and ownership besides."""

    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code")
    ownership = ChoiceFilter(label=_("产权"), choices=list(words.OWNERSHIPS.items()))


class SwitchFilter(EquipmentFilter):
    """By feeder, kind and position besides."""

    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code")
    kind = ChoiceFilter(label=_("类型"), choices=list(words.SWITCH_KINDS.items()))
    position = ChoiceFilter(
        label=_("位置"),
        method="standing",
        choices=[("open", _("当前分位")), ("closed", _("当前合位")), ("off", _("与正常方式不符"))],
    )

    def standing(self, rows: Rows, _name: str, position: str) -> Rows:
        if position == "off":
            return rows.filter(Q(is_open=True, normal_open=False) | Q(is_open=False, normal_open=True))
        return rows.filter(is_open=position == "open")


class OperationFilter(UnitFilterSet):
    """By switch, feeder and day."""

    switch = CharFilter(label=_("开关编码"), field_name="switch_code")
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code")
    since = DateFilter(
        label=_("从"), field_name="at", lookup_expr="date__gte", widget=forms.DateInput(attrs={"type": "date"})
    )


class PointFilter(UnitFilterSet):
    """By account, transformer, feeder and what is behind a switch."""

    account = CharFilter(label=_("户号"), field_name="account_number")
    code = CharFilter(label=_("计量点编码"))
    name = CharFilter(label=_("户名"), field_name="account_name", lookup_expr="icontains")
    transformer = CharFilter(label=_("配变编码"), field_name="transformer_code")
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code")
    kind = ChoiceFilter(label=_("类别"), choices=list(words.POINT_KINDS.items()))
    important = ChoiceFilter(label=_("重要用户"), method="is_important", choices=[("1", _("只看重要用户"))])
    switch = CharFilter(label=_("开关之后"), method="behind")
    state = ChoiceFilter(label=_("运行方式"), method="as_it_is", choices=list(words.STATES.items()))

    def is_important(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows.exclude(importance="")

    def behind(self, rows: Rows, _name: str, code: str) -> Rows:
        asking = self.request
        state = State.NORMAL if self.data.get("state") == State.NORMAL.value else State.CURRENT
        try:
            found = queries.transformers_behind(asking.scope, code, state=state, on=asking.today)
        except NotFound:
            return rows.none()
        return queries.points_behind(rows, found, on=asking.today)

    def as_it_is(self, rows: Rows, _name: str, _value: str) -> Rows:
        """Says in which state ``switch`` is meant; by itself it narrows nothing."""
        return rows


SUBSTATIONS = ListDefinition(
    name="substations",
    title=pgettext_lazy("menu", "变电站"),
    route="console:network-substations",
    rows=lambda asking: queries.substations_rows(asking.scope),
    key="code",
    order=("code",),
    filters=EquipmentFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True),
        Column("name", _("名称"), is_sortable=True),
        Column("unit_name", _("单位")),
        Column("feeder_count", _("馈线"), Kind.INTEGER),
    ),
    empty=_EMPTY_IMPORT,
)
FEEDERS = ListDefinition(
    name="feeders",
    title=pgettext_lazy("menu", "馈线"),
    route="console:network-feeders",
    rows=lambda asking: queries.feeders_rows(asking.scope),
    key="code",
    order=("code",),
    filters=FeederFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True, link="console:network-feeder"),
        Column("name", _("名称"), is_sortable=True),
        Column("substation_name", _("变电站")),
        Column("substation_code", _("变电站编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
        Column("transformer_count", _("配变"), Kind.INTEGER),
        Column("switch_count", _("开关"), Kind.INTEGER),
    ),
    empty=_EMPTY_IMPORT,
)
TRANSFORMERS = ListDefinition(
    name="transformers",
    title=_("配变与台区"),
    route="console:network-transformers",
    rows=lambda asking: queries.transformers_rows(asking.scope, on=asking.today),
    key="code",
    order=("code",),
    filters=TransformerFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True, link="console:network-transformer"),
        Column("name", _("名称"), is_sortable=True),
        Column("area_name", _("台区地名")),
        Column("feeder_name", _("馈线"), link="console:network-feeder", link_by=("feeder_code",)),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("ownership", _("产权"), Kind.WORD, words=words.OWNERSHIPS),
        Column("capacity_ckva", _("容量（kVA）"), Kind.QUANTITY, is_sortable=True),
        Column("customers", _("户数"), Kind.INTEGER),
        Column("unit_name", _("单位")),
    ),
    empty=_EMPTY_IMPORT,
)
SWITCHES = ListDefinition(
    name="switches",
    title=pgettext_lazy("menu", "开关"),
    route="console:network-switches",
    rows=lambda asking: queries.switches_rows(asking.scope),
    key="code",
    order=("code",),
    filters=SwitchFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True, link="console:network-switch"),
        Column("name", _("名称"), is_sortable=True),
        Column("kind", _("类型"), Kind.WORD, words=words.SWITCH_KINDS),
        Column("is_open", _("当前"), Kind.WORD, words=words.POSITIONS, tones=words.POSITION_TONES),
        Column("normal_open", _("正常"), Kind.WORD, words=words.POSITIONS),
        Column("operated_at", _("最近操作"), Kind.MOMENT),
        Column("feeder_name", _("馈线"), link="console:network-feeder", link_by=("feeder_code",)),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=_EMPTY_IMPORT,
)
OPERATIONS = ListDefinition(
    name="switch-operations",
    title=_("开关操作记录"),
    route="console:network-operations",
    rows=lambda asking: queries.operations_rows(asking.scope),
    key="id",
    order=("-at",),
    filters=OperationFilter,
    columns=(
        Column("at", _("时间"), Kind.MOMENT, is_sortable=True),
        Column("switch_code", _("开关"), Kind.CODE, link="console:network-switch"),
        Column("switch_name", _("开关名称")),
        Column("is_open", _("操作"), Kind.WORD, words=words.POSITIONS, tones=words.POSITION_TONES),
        Column("feeder_name", _("馈线"), link="console:network-feeder", link_by=("feeder_code",)),
        Column("actor", _("操作人"), Kind.CODE),
        Column("reason", _("原因")),
        Column("unit_name", _("单位"), is_shown=False),
        Column("id", _("序号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有操作记录"), _("所有开关都在正常方式的位置。")),
)
POINTS = ListDefinition(
    name="usage-points",
    title=pgettext_lazy("menu", "计量点"),
    route="console:network-points",
    rows=lambda asking: queries.points_rows(asking.scope),
    key="id",
    order=("id",),
    filters=PointFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("address", _("地址")),
        Column("importance", _("重要性"), Kind.WORD, words=words.IMPORTANCES, tones=words.IMPORTANCE_TONES),
        Column("code", _("计量点"), Kind.CODE),
        Column("kind", _("类别"), Kind.WORD, words=words.POINT_KINDS),
        Column("transformer_code", _("配变"), Kind.CODE, link="console:network-transformer"),
        Column("transformer_name", _("配变名称"), is_shown=False),
        Column("feeder_code", _("馈线"), Kind.CODE, link="console:network-feeder"),
        Column("contract_capacity_ckva", _("合同容量（kVA）"), Kind.QUANTITY),
        Column("voltage_code", _("电压等级"), Kind.CODE, is_shown=False),
        Column("connected_on", _("接入日期"), Kind.DAY, is_shown=False),
        Column("disconnected_on", _("拆除日期"), Kind.DAY, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
        Column("id", _("序号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的计量点"), _("换个条件，或去掉开关条件。")),
)
LISTS = (SUBSTATIONS, FEEDERS, TRANSFORMERS, SWITCHES, OPERATIONS, POINTS)
