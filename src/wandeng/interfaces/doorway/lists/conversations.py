"""The list of conversations by short message and telephone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.conversations import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import conversations as words

_DAY = forms.DateInput(attrs={"type": "date"})


class ConversationFilter(UnitFilterSet):
    """By medium, account, case, day."""

    medium = ChoiceFilter(label=_("方式"), choices=list(words.MEDIA.items()))
    account_number = CharFilter(label=_("户号"), max_length=32)
    case_number = CharFilter(label=_("工单号"), max_length=32)
    from_on = DateFilter(label=_("自"), field_name="last_at", lookup_expr="date__gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="last_at", lookup_expr="date__lte", widget=_DAY)


CONVERSATIONS = ListDefinition(
    name="conversations",
    title=_("短信与电话会话"),
    route="console:conversations",
    rows=lambda asking: queries.conversation_rows(asking.scope),
    key="id",
    order=("-last_at", "id"),
    filters=ConversationFilter,
    columns=(
        Column("id", _("会话编号"), Kind.INTEGER, link="console:conversation", link_by=("id",)),
        Column("medium", _("方式"), Kind.WORD, words=words.MEDIA),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("is_verified", _("号码已核实"), Kind.FLAG),
        Column("case_number", _("工单号"), Kind.CODE, link="console:cases-detail", link_by=("case_number",)),
        Column("said", _("往来条数"), Kind.INTEGER),
        Column("unit_name", _("单位")),
        Column("opened_at", _("开始时间"), Kind.MOMENT, is_shown=False),
        Column("last_at", _("最近往来"), Kind.MOMENT, is_sortable=True),
    ),
    empty=Empty(_("没有符合条件的会话"), _("客户发来短信或拨打自助电话后，会话列在这里。")),
)


class CallFilter(UnitFilterSet):
    """By purpose, result, what was pressed, account, what it was about, day."""

    purpose = ChoiceFilter(label=_("事由"), choices=list(words.PURPOSES.items()))
    result = ChoiceFilter(label=_("结果"), choices=[one for one in words.RESULTS.items() if one[0]])
    choice = ChoiceFilter(label=_("按键"), choices=[one for one in words.CHOICES.items() if one[0]])
    account_number = CharFilter(label=_("户号"), max_length=32)
    about = CharFilter(label=_("对应事项"), lookup_expr="startswith", max_length=40)
    from_on = DateFilter(label=_("自"), field_name="placed_at", lookup_expr="date__gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="placed_at", lookup_expr="date__lte", widget=_DAY)


OUTBOUND = ListDefinition(
    name="outbound-calls",
    title=_("自动外呼记录"),
    route="console:outbound-calls",
    rows=lambda asking: queries.outbound_rows(asking.scope),
    key="id",
    order=("-placed_at", "-id"),
    filters=CallFilter,
    columns=(
        Column("id", _("呼叫编号"), Kind.INTEGER),
        Column("purpose", _("事由"), Kind.WORD, words=words.PURPOSES),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("result", _("结果"), Kind.WORD, words=words.RESULTS, tones=words.RESULT_TONES),
        Column("choice", _("按键"), Kind.WORD, words=words.CHOICES),
        Column("attempt", _("第几次"), Kind.INTEGER),
        Column("about", _("对应事项"), Kind.CODE),
        Column(
            "conversation_id", _("会话编号"), Kind.INTEGER, link="console:conversation", link_by=("conversation_id",)
        ),
        Column("unit_name", _("单位")),
        Column("placed_at", _("拨出时间"), Kind.MOMENT, is_sortable=True),
        Column("answered_at", _("接听时间"), Kind.MOMENT, is_shown=False),
        Column("ended_at", _("结束时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的外呼"), _("配置电话交换机后，电费提醒和回访按规则自动拨出，结果列在这里。")),
)
LISTS = (CONVERSATIONS, OUTBOUND)
