"""Lists of month plans of outages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.outages.queries import months as queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import outage_months as words


class MonthFilter(UnitFilterSet):
    """By month and state."""

    month = CharFilter(label=_("月份"), lookup_expr="startswith", max_length=7)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))


MONTHS = ListDefinition(
    name="outage-months",
    title=_("月度停电计划"),
    route="console:outages-months",
    rows=lambda asking: queries.months_rows(asking.scope),
    key="id",
    order=("-month", "id"),
    filters=MonthFilter,
    columns=(
        Column("month", _("月份"), link="console:outages-month", link_by=("id",), is_sortable=True),
        Column("unit_name", _("单位")),
        Column("state", _("状态"), Kind.WORD, words=words.STATES),
        Column("placeable", _("停电项数"), Kind.INTEGER),
        Column("latest", _("最新方案"), Kind.INTEGER),
        Column("adopted_solution", _("采用方案"), Kind.INTEGER),
        Column("announced_on", _("公布日期"), Kind.DAY),
        Column("adopted_at", _("采用时间"), Kind.MOMENT, is_shown=False),
        Column("created_by", _("编制人"), is_shown=False),
        Column("created_at", _("编制时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("还没有月度停电计划"), _("先登记停电计划，再按月归集编排。"), "console:outages-month-new", _("编制")),
)
LISTS = (MONTHS,)
