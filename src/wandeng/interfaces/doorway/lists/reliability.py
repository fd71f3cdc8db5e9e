"""Lists of reliability: interruptions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.reliability import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import reliability as words

_DAY = forms.DateInput(attrs={"type": "date"})


class InterruptionFilter(UnitFilterSet):
    """By number, kind, cause, feeder, area, day, and whether anybody is still off."""

    number = CharFilter(label=_("停电编号"), lookup_expr="startswith", max_length=64)
    kind = ChoiceFilter(label=_("停电性质"), choices=list(words.KINDS.items()))
    cause = ChoiceFilter(label=_("停电原因"), choices=list(words.CAUSES.items()))
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code", max_length=64)
    transformer = CharFilter(label=_("台区编码"), method="hit", max_length=64)
    from_on = DateFilter(label=_("自"), field_name="off_at", lookup_expr="date__gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="off_at", lookup_expr="date__lte", widget=_DAY)
    off = ChoiceFilter(label=_("复电"), method="still_off", choices=[("yes", _("尚未复电")), ("no", _("已复电"))])

    def hit(self, rows: Rows, _name: str, code: str) -> Rows:
        return rows.filter(pk__in=queries.hit_by(code))

    def still_off(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.filter(on_at__isnull=what == "yes")


INTERRUPTIONS = ListDefinition(
    name="interruptions",
    title=_("停电事件"),
    route="console:reliability-interruptions",
    rows=lambda asking: queries.interruptions_rows(asking.scope),
    key="id",
    order=("-off_at", "id"),
    filters=InterruptionFilter,
    columns=(
        Column("number", _("停电编号"), Kind.CODE, link="console:reliability-interruption", link_by=("number",)),
        Column("kind", _("停电性质"), Kind.WORD, words=words.KINDS),
        Column("cause", _("停电原因"), Kind.WORD, words=words.CAUSES),
        Column("is_external", _("外部影响"), Kind.FLAG, is_shown=False),
        Column("voltage", _("电压等级"), Kind.WORD, words=words.VOLTAGES, is_shown=False),
        Column("unit_name", _("单位")),
        Column("feeder_name", _("馈线")),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("device", _("停电设备"), is_shown=False),
        Column("off_at", _("停电时间"), Kind.MOMENT, is_sortable=True),
        Column("on_at", _("复电时间"), Kind.MOMENT),
        Column("areas", _("台区数"), Kind.INTEGER),
        Column("customers", _("影响户数"), Kind.INTEGER),
        Column("revision", _("修订"), Kind.INTEGER, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的停电事件"), _("由停电作业产生，或导入停电历史。")),
)
LISTS = (INTERRUPTIONS,)
