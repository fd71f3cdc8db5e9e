"""Payment orders, refunds online, and alarms about money online."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.payments.actions import online as actions
from wandeng.domains.payments.queries import online as queries
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import payments_online as words


class OrderFilter(ListFilterSet):
    """By number, account or the provider's number; channel, state, day."""

    q = CharFilter(label=_("订单号、户号、平台单号"), method="by_text")
    channel = CharFilter(label=_("渠道"), field_name="channel__code")
    state = ChoiceFilter(label=_("状态"), choices=list(words.ORDER_STATES.items()))
    since = DateFilter(label=_("自"), field_name="opened_at", lookup_expr="date__gte")
    until = DateFilter(label=_("至"), field_name="opened_at", lookup_expr="date__lte")

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(number=text) | Q(account__account_number=text) | Q(receipts__trade_number=text))


class RefundFilter(ListFilterSet):
    """By number, and state."""

    q = CharFilter(label=_("退款单号、订单号、户号"), method="by_text")
    state = ChoiceFilter(label=_("状态"), choices=list(words.REFUND_STATES.items()))

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(number=text) | Q(order__number=text) | Q(order__account__account_number=text))


class AlarmFilter(ListFilterSet):
    """By number, kind, state."""

    q = CharFilter(label=_("订单号、平台单号"), method="by_text")
    kind = ChoiceFilter(label=_("告警"), choices=list(words.ALARM_KINDS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.ALARM_STATES.items()))

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(order_number=text) | Q(trade_number=text))


def _handle(asking: Asking, keys: list[str], reason: str) -> int:
    for key in keys:
        actions.handle_alarm(alarm_id=int(key), note=reason, actor=asking.actor, at=asking.now)
    return len(keys)


ORDERS = ListDefinition(
    name="payment-orders",
    title=_("线上缴费"),
    route="console:payments-online",
    rows=lambda asking: queries.order_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=OrderFilter,
    columns=(
        Column("number", _("订单号"), Kind.CODE, link="console:payments-online-order"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("channel_code", _("渠道"), Kind.CODE),
        Column("state", _("状态"), Kind.WORD, words=words.ORDER_STATES, tones=words.ORDER_TONES),
        Column("opened_at", _("下单时间"), Kind.MOMENT),
        Column("paid_at", _("付款时间"), Kind.MOMENT),
        Column("trade_number", _("平台单号"), Kind.CODE, is_shown=False),
        Column("expires_at", _("有效至"), Kind.MOMENT, is_shown=False),
        Column("questions", _("查询次数"), Kind.INTEGER, is_shown=False),
        Column("opened_by", _("经办人"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    empty=Empty(
        _("没有符合条件的支付订单"),
        _("换个条件，或给客户出一个收款码。"),
        "console:payments-online-new",
        _("收款码"),
    ),
)
REFUNDS = ListDefinition(
    name="online-refunds",
    title=_("线上退款"),
    route="console:payments-online-refunds",
    rows=lambda asking: queries.refund_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=RefundFilter,
    columns=(
        Column("number", _("退款单号"), Kind.CODE),
        Column("order_number", _("订单号"), Kind.CODE, link="console:payments-online-order", link_by=("order_number",)),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("state", _("状态"), Kind.WORD, words=words.REFUND_STATES, tones=words.REFUND_TONES),
        Column("reason", _("原因")),
        Column("maker", _("申请人"), Kind.CODE),
        Column("checker", _("复核人"), Kind.CODE),
        Column("made_at", _("申请时间"), Kind.MOMENT),
        Column("done_at", _("退款时间"), Kind.MOMENT),
        Column("channel_code", _("渠道"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有线上退款"), _("在支付订单页面申请退款。"), "console:payments-online", _("线上缴费")),
)
ALARMS = ListDefinition(
    name="payment-alarms",
    title=_("支付告警"),
    route="console:payments-online-alarms",
    rows=lambda asking: queries.alarm_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=AlarmFilter,
    columns=(
        Column("raised_at", _("时间"), Kind.MOMENT),
        Column("kind", _("告警"), Kind.WORD, words=words.ALARM_KINDS),
        Column("order_number", _("订单号"), Kind.CODE),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("trade_number", _("平台单号"), Kind.CODE),
        Column("channel_code", _("渠道"), Kind.CODE),
        Column("state", _("状态"), Kind.WORD, words=words.ALARM_STATES, tones=words.ALARM_TONES),
        Column("handled_by", _("处理人"), Kind.CODE),
        Column("note", _("处理结果")),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    bulk=(
        BulkAction(
            "handle", _("标记为已处理"), _handle, _("只记录处理结果；钱款在待查款或退款里处理。"), wants_reason=True
        ),
    ),
    empty=Empty(_("没有告警"), _("金额不符、重复付款、平台不应答等情形会出现在这里。")),
)
LISTS = (ORDERS, REFUNDS, ALARMS)
