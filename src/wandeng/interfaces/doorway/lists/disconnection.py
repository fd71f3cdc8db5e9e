"""Lists of disconnection: what waits for approval, all orders, returns of supply, receipts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection
from wandeng.flows import disconnection as flow
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import disconnection as words

WAITING = ("PROPOSED", "SECOND_WANTED")


class DeskFilter(UnitFilterSet):
    """By state, level and account."""

    state = ChoiceFilter(label=_("状态"), choices=[(code, words.ORDER_STATES[code]) for code in WAITING])
    level = ChoiceFilter(label=_("审批层级"), choices=list(words.LEVELS.items()))
    account = CharFilter(label=_("户号"), field_name="account_number")


class OrderFilter(UnitFilterSet):
    """By state, account and number."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.ORDER_STATES.items()))
    account = CharFilter(label=_("户号"), field_name="account_number")
    order = CharFilter(label=_("停电单"), field_name="number", lookup_expr="startswith")


class ReturnFilter(UnitFilterSet):
    """By state, lateness and account."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.RETURN_STATES.items()))
    late = ChoiceFilter(label=_("时限"), method="in_time", choices=[("yes", _("超时")), ("no", _("未超时"))])
    account = CharFilter(label=_("户号"), field_name="account_number")

    def in_time(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.filter(is_late=what == "yes")


class ReceiptFilter(ListFilterSet):
    """By verdict and channel."""

    verdict = ChoiceFilter(label=_("结论"), choices=list(words.VERDICTS.items()))
    channel = CharFilter(label=_("通道"), field_name="channel_code", lookup_expr="startswith")


def approve_chosen(asking: Asking, keys: list[str], reason: str) -> int:
    """Approve the chosen orders, each with all its checks."""
    for key in keys:
        disconnection.approve(
            order=key, actor=asking.actor, at=asking.now, library=rulebook.library(), reason=reason
        )  # fmt: skip
    return len(keys)


def send_chosen(asking: Asking, keys: list[str], _reason: str) -> int:
    """Send the chosen orders to the field; those that a guard stops stay, with the reason on their page."""
    answers = flow.dispatch_each(orders=keys, actor=asking.actor, at=asking.now, library=rulebook.library())
    return sum(answer.is_done for answer in answers)


_ACCOUNT = (
    Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
    Column("account_name", _("户名")),
)
DESK = ListDefinition(
    name="disconnections-to-approve",
    title=_("停电审批"),
    route="console:disconnection-desk",
    rows=lambda asking: queries.order_rows(asking.scope, states=WAITING),
    key="number",
    order=("id",),
    filters=DeskFilter,
    columns=(
        Column("number", _("停电单"), Kind.CODE, link="console:disconnection-order"),
        Column("state", _("状态"), Kind.WORD, words=words.ORDER_STATES, tones=words.ORDER_TONES),
        Column("level", _("审批层级"), Kind.WORD, words=words.LEVELS),
        *_ACCOUNT,
        Column("customer_class", _("用户分类"), Kind.WORD, words=customer_words.CLASSES),
        Column("demanded_fen", _("欠费（元）"), Kind.MONEY),
        Column("reason", _("原因")),
        Column("proposed_by", _("提出人"), Kind.CODE),
        Column("proposed_at", _("提出时间"), Kind.MOMENT),
        Column("approver", _("第一审批人"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    bulk=(
        BulkAction(
            "approve", _("批准"), approve_chosen,
            _("每户重新核对欠费、通知和保护名单；超过当日批量上限的，还须另一人再次批准。"), danger=True,
        ),
    ),
    empty=Empty(_("没有待审批的停电单"), _("网格经理从催费单提出停电后，在这里审批。")),
)  # fmt: skip
ORDERS = ListDefinition(
    name="disconnections",
    title=_("停电单"),
    route="console:disconnection-orders",
    rows=lambda asking: queries.order_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=OrderFilter,
    columns=(
        Column("number", _("停电单"), Kind.CODE, link="console:disconnection-order"),
        Column("state", _("状态"), Kind.WORD, words=words.ORDER_STATES, tones=words.ORDER_TONES),
        *_ACCOUNT,
        Column("address", _("地址"), is_shown=False),
        Column("demanded_fen", _("欠费（元）"), Kind.MONEY),
        Column("proposed_by", _("提出人"), Kind.CODE),
        Column("proposed_at", _("提出时间"), Kind.MOMENT, is_shown=False),
        Column("approver", _("审批人"), Kind.CODE),
        Column("dispatched_at", _("发出时间"), Kind.MOMENT),
        Column("cut_at", _("停电时间"), Kind.MOMENT),
        Column("unit_name", _("单位")),
    ),
    bulk=(
        BulkAction(
            "dispatch", _("发往现场"), send_chosen,
            _("每户在发出前再核对一次欠费、通知、时段、限额和停电闸，不符合的不发出，原因记在停电单上。"), danger=True,
        ),
    ),
    empty=Empty(_("没有停电单"), _("欠费超过三十日、通知送达满期的用户，可以从催费单提出停电。")),
)  # fmt: skip
RETURNS = ListDefinition(
    name="reconnections",
    title=_("复电看板"),
    route="console:disconnection-returns",
    rows=lambda asking: queries.reconnection_rows(asking.scope, now=asking.now),
    key="number",
    order=("state", "due_at"),
    filters=ReturnFilter,
    columns=(
        Column("number", _("复电单"), Kind.CODE, link="console:disconnection-return"),
        Column("state", _("状态"), Kind.WORD, words=words.RETURN_STATES, tones=words.RETURN_TONES),
        Column("is_late", _("时限"), Kind.WORD, words=words.LATE, tones=words.LATE_TONES),
        Column("due_at", _("须复电"), Kind.MOMENT, is_sortable=True),
        *_ACCOUNT,
        Column("address", _("地址")),
        Column("cause", _("起因"), Kind.WORD, words=words.CAUSES),
        Column("due_from", _("交清时间"), Kind.MOMENT),
        Column("restored_at", _("复电时间"), Kind.MOMENT),
        Column("confirmed_by", _("复电人"), Kind.CODE, is_shown=False),
        Column("cut_number", _("停电单"), Kind.CODE, is_shown=False, link="console:disconnection-order"),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有复电单"), _("停电用户交清电费时自动下达，无须审批。")),
)
RECEIPTS = ListDefinition(
    name="instruction-receipts",
    title=_("指令回执"),
    route="console:disconnection-receipts",
    rows=lambda asking: queries.receipt_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=ReceiptFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE),
        Column("received_at", _("收到时间"), Kind.MOMENT),
        Column("verdict", _("结论"), Kind.WORD, words=words.VERDICTS, tones=words.VERDICT_TONES),
        Column("channel_code", _("通道"), Kind.CODE),
        Column("sequence", _("序号"), Kind.INTEGER),
        Column("supply", _("供电状态"), Kind.WORD, words=words.SUPPLY),
        Column("order", _("工单"), Kind.CODE),
        Column("sentence", _("说明"), is_shown=False),
    ),
    empty=Empty(_("没有回执"), _("远程费控网关执行指令后送回。")),
)
LISTS = (DESK, ORDERS, RETURNS, RECEIPTS)
