"""Lists of telling people of outages: whom nobody has reached, and calls to important users."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.outages import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import outage_notices as words
from wandeng.interfaces.doorway.words import outages as outage_words


class GapFilter(UnitFilterSet):
    """By plan, kind, what became of the message, by which channel next."""

    number = CharFilter(label=_("停电编号"), lookup_expr="startswith", max_length=32)
    kind = ChoiceFilter(label=_("告知类型"), choices=list(words.KINDS.items()))
    state = ChoiceFilter(label=_("发送状态"), choices=list(words.STATES.items()))
    next_way = ChoiceFilter(label=_("下一渠道"), choices=list(words.NEXT.items()))


class CallFilter(UnitFilterSet):
    """By plan, kind, state."""

    number = CharFilter(label=_("停电编号"), lookup_expr="startswith", max_length=32)
    kind = ChoiceFilter(label=_("告知类型"), choices=list(words.KINDS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.CALLS.items()))


GAPS = ListDefinition(
    name="outage-gaps",
    title=_("停电未告知用户"),
    route="console:outages-gaps",
    rows=lambda asking: queries.gap_rows(asking.scope, now=asking.now),
    key="id",
    order=("due_by", "id"),
    filters=GapFilter,
    columns=(
        Column("number", _("停电编号"), Kind.CODE, link="console:outages-notices", link_by=("number",)),
        Column("title", _("停电计划名称"), is_shown=False),
        Column("unit_name", _("单位")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("area", _("用电地址")),
        Column("kind", _("告知类型"), Kind.WORD, words=words.KINDS),
        Column("state", _("发送状态"), Kind.WORD, words=words.STATES),
        Column("next_way", _("下一渠道"), Kind.WORD, words=words.NEXT),
        Column("due_by", _("最迟告知"), Kind.DEADLINE, is_sortable=True),
    ),
    empty=Empty(_("没有未告知的用户"), _("已发布停电计划影响的用户均已告知。")),
)
CALLS = ListDefinition(
    name="outage-calls",
    title=_("重要用户告知"),
    route="console:outages-calls",
    rows=lambda asking: queries.call_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=CallFilter,
    columns=(
        Column("number", _("停电编号"), Kind.CODE, link="console:outages-notices", link_by=("number",)),
        Column("unit_name", _("单位")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("importance", _("重要等级"), Kind.WORD, words=customer_words.IMPORTANCES),
        Column("protection", _("保电类别"), Kind.WORD, words=outage_words.PROTECTIONS),
        Column("kind", _("告知类型"), Kind.WORD, words=words.KINDS),
        Column("state", _("状态"), Kind.WORD, words=words.CALLS, tones=words.CALL_TONES),
        Column("tries", _("未接次数"), Kind.INTEGER),
        Column("confirmed_by", _("确认人")),
        Column("due_by", _("最迟告知"), Kind.MOMENT),
        Column("called_at", _("告知时间"), Kind.MOMENT, is_shown=False),
        Column("called_by", _("告知人"), is_shown=False),
    ),
    empty=Empty(_("没有重要用户告知任务"), _("停电计划发布后，涉及的重要用户和保电用户逐户列在这里。")),
)
LISTS = (GAPS, CALLS)
