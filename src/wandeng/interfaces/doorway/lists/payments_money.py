"""Payments, receivables by account, decisions about money."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.customers import queries as customers
from wandeng.domains.payments import queries
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway.lists.bills import YuanFilter
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import payments_money as words
from wandeng.kernel.errors import NotFound


class PaymentFilter(ListFilterSet):
    """By account or key, channel, tender, state, unit, day and amount."""

    q = CharFilter(label=_("户号、流水号"), method="by_text")
    channel = ChoiceFilter(label=_("收费渠道"), choices=list(words.CHANNELS.items()))
    tender = ChoiceFilter(label=_("结算方式"), choices=list(words.TENDERS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    unit = CharFilter(label=_("单位编码"), field_name="unit__code")
    since = DateFilter(label=_("自"), field_name="received_on", lookup_expr="gte")
    until = DateFilter(label=_("至"), field_name="received_on", lookup_expr="lte")
    least = YuanFilter(label=_("金额不低于（元）"), field_name="amount_fen", lookup_expr="gte")

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        # An index answers each half; the two in one condition across tables would read every payment.
        return rows.filter(Q(account_id__in=_accounts(text)) | Q(key=text))


def _accounts(number: str) -> list[int]:
    """The account of a number, wherever it lies: which payments are shown is a matter of the rows."""
    try:
        return [customers.account(Scope.everywhere(), number).id]
    except NotFound:
        return []


class ReceivableFilter(ListFilterSet):
    """By account, class, unit and amount."""

    q = CharFilter(label=_("户号"), field_name="account_number")
    customer_class = ChoiceFilter(label=_("用户分类"), choices=list(customer_words.CLASSES.items()))
    unit = CharFilter(label=_("单位编码"), field_name="unit__code")
    least = YuanFilter(label=_("欠费不低于（元）"), field_name="open_fen", lookup_expr="gte")


class DecisionFilter(ListFilterSet):
    """By account, kind and state."""

    q = CharFilter(label=_("户号"), field_name="account__account_number")
    kind = ChoiceFilter(label=_("处理类型"), choices=list(words.DECISIONS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.DECISION_STATES.items()))
    maker = CharFilter(label=_("经办人"), field_name="maker")


PAYMENTS = ListDefinition(
    name="payments",
    title=_("收费记录"),
    route="console:payments-list",
    rows=lambda asking: queries.payment_rows(asking.scope),
    key="id",
    order=("-received_on", "-id"),
    filters=PaymentFilter,
    columns=(
        Column("id", _("收费编号"), Kind.CODE, link="console:payments-payment"),
        Column("received_on", _("收费日期"), Kind.DAY, is_sortable=True),
        Column("account_number", _("户号"), Kind.CODE, link="console:payments-account"),
        Column("account_name", _("户名")),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("channel", _("收费渠道"), Kind.WORD, words=words.CHANNELS),
        Column("tender", _("结算方式"), Kind.WORD, words=words.TENDERS),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.STATE_TONES),
        Column("unit_name", _("单位")),
        Column("actor", _("经办人"), Kind.CODE),
        Column("received_at", _("入账时间"), Kind.MOMENT, is_shown=False),
        Column("key", _("流水号"), Kind.CODE, is_shown=False),
        Column("payer", _("交款人"), is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有收费记录"), _("换个条件；柜面、银行和线上收的钱都列在这里。")),
)

RECEIVABLES = ListDefinition(
    name="receivables",
    title=_("应收余额"),
    route="console:payments-receivables",
    rows=lambda asking: queries.receivable_rows(asking.scope),
    key="account_number",
    order=("account_number",),
    filters=ReceivableFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:payments-account", is_sortable=True),
        Column("name", _("户名")),
        Column("customer_class", _("用户分类"), Kind.WORD, words=customer_words.CLASSES),
        Column("unit_name", _("单位")),
        Column("open_fen", _("未交电费"), Kind.MONEY),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有未交的电费"), _("换个条件；违约金按天计算，在户的账款页上看。")),
)

DECISIONS = ListDefinition(
    name="payment-decisions",
    title=_("账务处理"),
    route="console:payments-decisions",
    rows=lambda asking: queries.decision_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=DecisionFilter,
    columns=(
        Column("id", _("处理编号"), Kind.CODE, link="console:payments-decision"),
        Column("kind", _("处理类型"), Kind.WORD, words=words.DECISIONS),
        Column("state", _("状态"), Kind.WORD, words=words.DECISION_STATES, tones=words.DECISION_TONES),
        Column("account_number", _("户号"), Kind.CODE, link="console:payments-account"),
        Column("account_name", _("户名")),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("reason", _("原因")),
        Column("maker", _("经办人"), Kind.CODE),
        Column("proposed_at", _("提出时间"), Kind.MOMENT),
        Column("checker", _("复核人"), Kind.CODE),
        Column("decided_at", _("决定时间"), Kind.MOMENT, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    empty=Empty(_("没有账务处理"), _("冲正、退费、减免、核销和转账列在这里；超过限额的等另一人复核。")),
)
LISTS = (PAYMENTS, RECEIVABLES, DECISIONS)
