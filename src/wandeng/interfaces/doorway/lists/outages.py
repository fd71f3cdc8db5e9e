"""Lists of outages: plans."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.outages import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import outages as words

_DAY = forms.DateInput(attrs={"type": "date"})


class PlanFilter(UnitFilterSet):
    """By number, title, state, category, reason, feeder, place and day."""

    number = CharFilter(label=_("停电编号"), lookup_expr="startswith", max_length=32)
    reference = CharFilter(label=_("申请编号"), lookup_expr="startswith", max_length=64)
    title = CharFilter(label=_("停电计划名称"), lookup_expr="icontains", max_length=64)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    category = ChoiceFilter(label=_("停电类别"), choices=list(words.CATEGORIES.items()))
    reason = ChoiceFilter(label=_("停电原因"), choices=list(words.REASONS.items()))
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code", max_length=64)
    place = CharFilter(label=_("停电范围"), lookup_expr="icontains", max_length=64)
    from_on = DateFilter(label=_("自"), field_name="starts_at", lookup_expr="date__gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="starts_at", lookup_expr="date__lte", widget=_DAY)


PLANS = ListDefinition(
    name="outage-plans",
    title=_("停电计划"),
    route="console:outages-plans",
    rows=lambda asking: queries.plans_rows(asking.scope),
    key="id",
    order=("-starts_at", "-id"),
    filters=PlanFilter,
    columns=(
        Column("number", _("停电编号"), Kind.CODE, link="console:outages-plan", link_by=("number",)),
        Column("reference", _("申请编号"), Kind.CODE, is_shown=False),
        Column("title", _("停电计划名称")),
        Column("state", _("状态"), Kind.WORD, words=words.STATES),
        Column("is_changed", _("变更待审批"), Kind.FLAG),
        Column("is_forbidden", _("不能执行"), Kind.FLAG),
        Column("category", _("停电类别"), Kind.WORD, words=words.CATEGORIES),
        Column("reason", _("停电原因"), Kind.WORD, words=words.REASONS, is_shown=False),
        Column("unit_name", _("单位")),
        Column("feeder_name", _("馈线")),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("place", _("停电范围"), is_shown=False),
        Column("starts_at", _("停电开始"), Kind.MOMENT, is_sortable=True),
        Column("ends_at", _("停电结束"), Kind.MOMENT),
        Column("notice_by", _("最迟通知"), Kind.MOMENT, is_shown=False),
        Column("areas", _("台区数"), Kind.INTEGER),
        Column("customers", _("影响户数"), Kind.INTEGER, is_sortable=True),
        Column("important", _("重要用户"), Kind.INTEGER),
        Column("protected", _("保电用户"), Kind.INTEGER, is_shown=False),
        Column("double_supply", _("双电源用户"), Kind.INTEGER, is_shown=False),
        Column("live_line", _("带电作业"), Kind.WORD, words=words.LIVE, is_shown=False),
        Column("version", _("版本"), Kind.INTEGER, is_shown=False),
        Column("work", _("作业内容"), is_shown=False),
    ),
    empty=Empty(_("没有符合条件的停电计划"), _("换个条件，或新建停电计划。"), "console:outages-new", _("新建停电计划")),
)
LISTS = (PLANS,)
