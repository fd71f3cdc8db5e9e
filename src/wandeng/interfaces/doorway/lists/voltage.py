"""Lists of voltage: monitoring points, their days, the work on bad voltage."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.voltage import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import voltage as words

_DAY = forms.DateInput(attrs={"type": "date"})


class PointFilter(UnitFilterSet):
    """By code, name, class, area, transformer area."""

    code = CharFilter(label=_("监测点编号"), lookup_expr="startswith", max_length=64)
    name = CharFilter(label=_("监测点名称"), lookup_expr="icontains", max_length=128)
    voltage_class = ChoiceFilter(label=_("监测点类别"), choices=list(words.CLASSES.items()))
    area = ChoiceFilter(label=_("地区"), choices=list(words.AREAS.items()))
    transformer_code = CharFilter(label=_("台区编码"), max_length=64)


class DayFilter(UnitFilterSet):
    """By point, day, and what is wrong."""

    code = CharFilter(label=_("监测点编号"), lookup_expr="startswith", max_length=64)
    from_on = DateFilter(label=_("自"), field_name="day", lookup_expr="gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="day", lookup_expr="lte", widget=_DAY)
    what = ChoiceFilter(
        label=_("异常"), method="wrong", choices=[("LOW", _("低电压")), ("HIGH", _("过电压")), ("DATA", _("数据问题"))]
    )

    def wrong(self, rows: Rows, _name: str, what: str) -> Rows:
        told = {"LOW": Q(under__gt=0), "HIGH": Q(over__gt=0), "DATA": Q(faulty__gt=0) | Q(missing__gt=0)}
        return rows.filter(told[what])


class RemedyFilter(UnitFilterSet):
    """By point, state, defect, cause, handler."""

    code = CharFilter(label=_("监测点编号"), lookup_expr="startswith", max_length=64)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    defect = ChoiceFilter(label=_("异常"), choices=list(words.DEFECTS.items()))
    cause = ChoiceFilter(label=_("成因"), choices=list(words.CAUSES.items()))
    handler = CharFilter(label=_("治理人"), max_length=64)


POINTS = ListDefinition(
    name="voltage-points",
    title=_("电压监测点"),
    route="console:voltage-points",
    rows=lambda asking: queries.points_rows(asking.scope, on=asking.today),
    key="id",
    order=("code", "id"),
    filters=PointFilter,
    columns=(
        Column("code", _("监测点编号"), Kind.CODE, link="console:voltage-point", link_by=("code",), is_sortable=True),
        Column("name", _("监测点名称")),
        Column("unit_name", _("单位")),
        Column("voltage_class", _("监测点类别"), Kind.WORD, words=words.CLASSES),
        Column("area", _("地区"), Kind.WORD, words=words.AREAS),
        Column("nominal", _("标称电压（伏）"), Kind.QUANTITY),
        Column("transformer_code", _("台区编码"), Kind.CODE, is_shown=False),
        Column("under", _("30天超下限（分钟）"), Kind.INTEGER),
        Column("over", _("30天超上限（分钟）"), Kind.INTEGER),
        Column("last_day", _("最近数据"), Kind.DAY),
        Column("valid_from", _("投运日期"), Kind.DAY, is_shown=False),
        Column("valid_to", _("退运日期"), Kind.DAY, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的监测点"), _("导入监测点，再导入读数或日统计。"), "console:imports-new", _("导入")),
)
DAYS = ListDefinition(
    name="voltage-days",
    title=_("电压监测日"),
    route="console:voltage-days",
    rows=lambda asking: queries.days_rows(asking.scope),
    key="id",
    order=("-day", "id"),
    filters=DayFilter,
    columns=(
        Column("day", _("日期"), Kind.DAY, is_sortable=True),
        Column("code", _("监测点编号"), Kind.CODE, link="console:voltage-point", link_by=("code",)),
        Column("name", _("监测点名称")),
        Column("unit_name", _("单位"), is_shown=False),
        Column("monitored", _("监测（分钟）"), Kind.INTEGER),
        Column("under", _("超下限（分钟）"), Kind.INTEGER, is_sortable=True),
        Column("over", _("超上限（分钟）"), Kind.INTEGER, is_sortable=True),
        Column("missing", _("缺数（分钟）"), Kind.INTEGER),
        Column("faulty", _("坏数（分钟）"), Kind.INTEGER),
        Column("lowest", _("最低（伏）"), Kind.QUANTITY),
        Column("highest", _("最高（伏）"), Kind.QUANTITY),
        Column("source", _("来源"), Kind.WORD, words=words.SOURCES, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的监测日"), _("导入读数或装置的日统计。"), "console:imports-new", _("导入")),
)
REMEDIES = ListDefinition(
    name="voltage-remedies",
    title=_("电压治理"),
    route="console:voltage-remedies",
    rows=lambda asking: queries.remedies_rows(asking.scope),
    key="id",
    order=("-opened_at", "id"),
    filters=RemedyFilter,
    columns=(
        Column("code", _("监测点编号"), Kind.CODE, link="console:voltage-point", link_by=("code",)),
        Column("name", _("监测点名称")),
        Column("unit_name", _("单位")),
        Column("defect", _("异常"), Kind.WORD, words=words.DEFECTS),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
        Column("days", _("超限天数"), Kind.INTEGER),
        Column("minutes", _("超限分钟"), Kind.INTEGER, is_sortable=True),
        Column("extreme", _("极值（伏）"), Kind.QUANTITY),
        Column("handler", _("治理人")),
        Column("due_on", _("期限"), Kind.DAY),
        Column("cause", _("成因"), Kind.WORD, words=words.CAUSES, is_shown=False),
        Column("measure", _("措施"), is_shown=False),
        Column("done_on", _("完成日期"), Kind.DAY, is_shown=False),
        Column("opened_at", _("立单时间"), Kind.MOMENT, is_sortable=True),
    ),
    empty=Empty(_("没有符合条件的治理单"), _("电压长时间超限的监测点每夜自动立单，也可在监测点页手工立单。")),
)
LISTS = (POINTS, DAYS, REMEDIES)
