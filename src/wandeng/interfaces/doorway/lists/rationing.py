"""Lists of rationing: orders, schemes, whom nobody has reached, calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, NumberFilter

from wandeng.domains.rationing import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import outage_notices as notice_words
from wandeng.interfaces.doorway.words import rationing as words


class OrderFilter(UnitFilterSet):
    """By number, state."""

    number = CharFilter(label=_("限电编号"), lookup_expr="startswith", max_length=32)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))


class SchemeFilter(UnitFilterSet):
    """By year, state."""

    year = NumberFilter(label=_("年度"), min_value=2000, max_value=2099)
    state = ChoiceFilter(label=_("状态"), choices=list(words.SCHEME_STATES.items()))


class GapFilter(UnitFilterSet):
    """By order, kind, what became of the message."""

    number = CharFilter(label=_("限电编号"), lookup_expr="startswith", max_length=32)
    kind = ChoiceFilter(label=_("告知类型"), choices=list(words.TELLINGS.items()))
    state = ChoiceFilter(label=_("发送状态"), choices=list(notice_words.STATES.items()))


class CallFilter(UnitFilterSet):
    """By order, state."""

    number = CharFilter(label=_("限电编号"), lookup_expr="startswith", max_length=32)
    state = ChoiceFilter(label=_("状态"), choices=list(notice_words.CALLS.items()))


ORDERS = ListDefinition(
    name="rationing-orders",
    title=_("限电指令"),
    route="console:rationing-orders",
    rows=lambda asking: queries.orders_rows(asking.scope),
    key="id",
    order=("-starts_at", "-id"),
    filters=OrderFilter,
    columns=(
        Column("number", _("限电编号"), Kind.CODE, link="console:rationing-order", link_by=("number",)),
        Column("unit_name", _("单位")),
        Column("level", _("等级")),
        Column("gap_kw", _("缺口（千瓦）"), Kind.INTEGER),
        Column("shed_kw", _("安排压降（千瓦）"), Kind.INTEGER),
        Column("starts_at", _("限电开始"), Kind.MOMENT, is_sortable=True),
        Column("ends_at", _("限电结束"), Kind.MOMENT),
        Column("notice_by", _("最迟告知"), Kind.MOMENT),
        Column("shortage", _("缺口性质"), Kind.WORD, words=words.SHORTAGES, is_shown=False),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
    ),
    empty=Empty(
        _("没有限电指令"), _("先批准本年度的有序用电方案，再按缺口新建。"), "console:rationing-new", _("新建限电指令")
    ),
)
SCHEMES = ListDefinition(
    name="rationing-schemes",
    title=_("有序用电方案"),
    route="console:rationing-schemes",
    rows=lambda asking: queries.schemes_rows(asking.scope),
    key="id",
    order=("-year", "-version", "-id"),
    filters=SchemeFilter,
    columns=(
        Column("year", _("年度"), link="console:rationing-scheme", link_by=("id",), is_sortable=True),
        Column("unit_name", _("单位")),
        Column("version", _("版本"), Kind.INTEGER),
        Column("max_demand_kw", _("最大用电需求（千瓦）"), Kind.INTEGER),
        Column("people", _("参与对象"), Kind.INTEGER),
        Column("shed_kw", _("可压降（千瓦）"), Kind.INTEGER),
        Column("document", _("批准文号")),
        Column("state", _("状态"), Kind.WORD, words=words.SCHEME_STATES, tones=words.SCHEME_TONES),
    ),
    empty=Empty(
        _("没有有序用电方案"), _("新建年度方案，再导入参与对象。"), "console:rationing-scheme-new", _("新建方案")
    ),
)
GAPS = ListDefinition(
    name="rationing-gaps",
    title=_("限电未告知用户"),
    route="console:rationing-gaps",
    rows=lambda asking: queries.gap_rows(asking.scope, now=asking.now),
    key="id",
    order=("due_by", "id"),
    filters=GapFilter,
    columns=(
        Column("number", _("限电编号"), Kind.CODE, link="console:rationing-notices", link_by=("number",)),
        Column("unit_name", _("单位")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("area", _("用电地址")),
        Column("kind", _("告知类型"), Kind.WORD, words=words.TELLINGS),
        Column("state", _("发送状态"), Kind.WORD, words=notice_words.STATES),
        Column("next_way", _("下一渠道"), Kind.WORD, words=notice_words.NEXT),
        Column("due_by", _("最迟告知"), Kind.DEADLINE, is_sortable=True),
    ),
    empty=Empty(_("没有未告知的用户"), _("限电指令涉及的用户均已告知。")),
)
CALLS = ListDefinition(
    name="rationing-calls",
    title=_("限电电话告知"),
    route="console:rationing-calls",
    rows=lambda asking: queries.call_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=CallFilter,
    columns=(
        Column("number", _("限电编号"), Kind.CODE, link="console:rationing-notices", link_by=("number",)),
        Column("unit_name", _("单位")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("importance", _("重要等级"), Kind.WORD, words=customer_words.IMPORTANCES),
        Column("is_participant", _("参与对象"), Kind.FLAG),
        Column("kind", _("告知类型"), Kind.WORD, words=words.TELLINGS),
        Column("state", _("状态"), Kind.WORD, words=notice_words.CALLS, tones=notice_words.CALL_TONES),
        Column("tries", _("未接次数"), Kind.INTEGER),
        Column("confirmed_by", _("确认人")),
        Column("due_by", _("最迟告知"), Kind.MOMENT),
        Column("called_at", _("告知时间"), Kind.MOMENT, is_shown=False),
        Column("called_by", _("告知人"), is_shown=False),
    ),
    empty=Empty(_("没有电话告知任务"), _("限电指令发布后，重要用户和参与的大客户逐户列在这里。")),
)
LISTS = (ORDERS, SCHEMES, GAPS, CALLS)
