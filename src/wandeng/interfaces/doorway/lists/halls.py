"""Lists of halls today and of queue tickets."""

from __future__ import annotations

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.halls import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import halls as words

_DAY = forms.DateInput(attrs={"type": "date"})


class HallFilter(UnitFilterSet):
    """By name."""

    name = CharFilter(label=_("网点名称"), lookup_expr="icontains", max_length=64)


class TicketFilter(UnitFilterSet):
    """By hall, day, purpose, priority, state, clerk; over the limit."""

    outlet_code = CharFilter(label=_("网点编号"), max_length=32)
    from_on = DateFilter(label=_("自"), field_name="on", lookup_expr="gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="on", lookup_expr="lte", widget=_DAY)
    purpose = ChoiceFilter(label=_("业务类型"), choices=list(words.PURPOSES.items()))
    priority = ChoiceFilter(label=_("优先类别"), choices=list(words.PRIORITIES.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    clerk = CharFilter(label=_("办理人"), max_length=64)
    is_over = BooleanFilter(label=_("等候超时"), method="over")

    def over(self, rows: Rows, _name: str, wanted: bool) -> Rows:
        return rows.filter(waited_s__gt=F("limit_s")) if wanted else rows.filter(waited_s__lte=F("limit_s"))


HALLS = ListDefinition(
    name="halls",
    title=_("营业厅排队"),
    route="console:halls",
    rows=lambda asking: queries.halls_rows(asking.scope, on=asking.today),
    key="id",
    order=("code", "id"),
    filters=HallFilter,
    columns=(
        Column("code", _("网点编号"), Kind.CODE, link="console:hall", link_by=("code",), is_sortable=True),
        Column("name", _("网点名称")),
        Column("unit_name", _("单位")),
        Column("counters", _("开启窗口"), Kind.INTEGER),
        Column("waiting", _("等候人数"), Kind.INTEGER),
        Column("called", _("今日已叫号"), Kind.INTEGER),
    ),
    empty=Empty(_("没有营业厅"), _("导入网点，类型为营业厅的可以排队。"), "console:imports-new", _("导入")),
)
TICKETS = ListDefinition(
    name="queue-tickets",
    title=_("排队记录"),
    route="console:hall-tickets",
    rows=lambda asking: queries.tickets_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=TicketFilter,
    columns=(
        Column("id", _("取号编号"), Kind.CODE, link="console:hall-ticket", link_by=("id",)),
        Column("on", _("日期"), Kind.DAY),
        Column("outlet_name", _("营业厅")),
        Column("outlet_code", _("网点编号"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
        Column("purpose", _("业务类型"), Kind.WORD, words=words.PURPOSES),
        Column("number", _("号码"), Kind.INTEGER),
        Column("priority", _("优先类别"), Kind.WORD, words={**words.PRIORITIES, "": ""}),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
        Column("taken_at", _("取号时间"), Kind.MOMENT, is_sortable=True),
        Column("called_at", _("叫号时间"), Kind.MOMENT, is_shown=False),
        Column("ended_at", _("办结时间"), Kind.MOMENT, is_shown=False),
        Column("waited_s", _("等候（秒）"), Kind.INTEGER, is_sortable=True, none_last=True),
        Column("limit_s", _("时限（秒）"), Kind.INTEGER, is_shown=False),
        Column("called_why", _("叫号原因"), Kind.WORD, words=words.WHYS),
        Column("counter", _("窗口"), Kind.CODE),
        Column("clerk", _("办理人"), Kind.CODE, is_shown=False),
        Column("calls", _("叫号次数"), Kind.INTEGER, is_shown=False),
        Column("appointment", _("预约编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的排队记录"), _("客户在取号机或柜台取号后，记录列在这里。")),
)
LISTS = (HALLS, TICKETS)
