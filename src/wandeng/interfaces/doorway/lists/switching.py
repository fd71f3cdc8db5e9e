"""Lists of switching sheets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.switching import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import switching as words


class SheetFilter(UnitFilterSet):
    """By number, state, feeder, outage, incident, person."""

    number = CharFilter(label=_("操作票编号"), lookup_expr="startswith", max_length=24)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code", max_length=64)
    outage = CharFilter(label=_("停电编号"), max_length=24)
    incident = CharFilter(label=_("抢修事件"), max_length=24)
    operator = CharFilter(label=_("操作人"), max_length=64)


SHEETS = ListDefinition(
    name="switching-sheets",
    title=_("操作票"),
    route="console:switching-sheets",
    rows=lambda asking: queries.sheets_rows(asking.scope),
    key="id",
    order=("-written_at", "-id"),
    filters=SheetFilter,
    columns=(
        Column("number", _("操作票编号"), Kind.CODE, link="console:switching-sheet", link_by=("number",)),
        Column("purpose", _("操作任务")),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
        Column("over", _("已完成步骤"), Kind.INTEGER),
        Column("step_count", _("步骤数"), Kind.INTEGER),
        Column("unit_name", _("单位")),
        Column("feeder_name", _("馈线")),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("outage", _("停电编号"), Kind.CODE),
        Column("incident", _("抢修事件"), Kind.CODE, is_shown=False),
        Column("operator", _("操作人")),
        Column("guardian", _("监护人")),
        Column("written_by", _("拟票人"), is_shown=False),
        Column("written_at", _("拟票时间"), Kind.MOMENT, is_sortable=True),
        Column("issued_at", _("签发时间"), Kind.MOMENT, is_shown=False),
        Column("ended_at", _("终结时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的操作票"), _("换个条件，或新建操作票。"), "console:switching-new", _("新建操作票")),
)
LISTS = (SHEETS,)
