"""Till sessions, receipts and tills."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.payments.actions import tills as actions
from wandeng.domains.payments.queries import tills as queries
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import payments_till as words


class SessionFilter(ListFilterSet):
    """By number, cashier, till, state, day, and whether the count differs."""

    q = CharFilter(label=_("班次号、工号"), method="by_text")
    till = CharFilter(label=_("收费台"), field_name="till__code")
    unit = CharFilter(label=_("单位编码"), field_name="till__unit__code")
    state = ChoiceFilter(label=_("状态"), choices=list(words.SESSION_STATES.items()))
    offline = BooleanFilter(label=_("离线班次"), field_name="is_offline")
    differs = BooleanFilter(label=_("有长短款"), method="by_difference")
    since = DateFilter(label=_("自"), field_name="business_on", lookup_expr="gte")
    until = DateFilter(label=_("至"), field_name="business_on", lookup_expr="lte")

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(number__startswith=text) | Q(cashier=text))

    def by_difference(self, rows: QuerySet[Any], _name: str, differs: bool) -> QuerySet[Any]:
        agrees = Q(counted_fen=F("expected_fen"))
        return rows.exclude(state="OPEN").filter(~agrees if differs else agrees)


class ReceiptFilter(ListFilterSet):
    """By number, account, session, cashier, tender, state, day."""

    q = CharFilter(label=_("收据编号、户号"), method="by_text")
    session = CharFilter(label=_("班次号"), field_name="session__number")
    cashier = CharFilter(label=_("收费员"), field_name="session__cashier")
    tender = ChoiceFilter(label=_("结算方式"), field_name="payment__tender", choices=list(words.TILL_TENDERS.items()))
    state = ChoiceFilter(label=_("状态"), field_name="payment__state", choices=list(words.RECEIPT_STATES.items()))
    since = DateFilter(label=_("自"), field_name="session__business_on", lookup_expr="gte")
    until = DateFilter(label=_("至"), field_name="session__business_on", lookup_expr="lte")

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(number=text) | Q(payment__account__account_number=text) | Q(slip=text))


class TillFilter(ListFilterSet):
    """By code or name, kind, and whether it is in use."""

    q = CharFilter(label=_("编码、名称"), method="by_text")
    unit = CharFilter(label=_("单位编码"), field_name="unit__code")
    kind = ChoiceFilter(label=_("类型"), choices=list(words.TILL_KINDS.items()))
    active = BooleanFilter(label=_("启用"), field_name="is_active")

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(Q(code__startswith=text) | Q(name__icontains=text))


def _use(is_active: bool) -> Any:
    def act(asking: Asking, keys: list[str], reason: str) -> int:
        for code in keys:
            actions.set_active(code=code, is_active=is_active, reason=reason, actor=asking.actor, at=asking.now)
        return len(keys)

    return act


SESSIONS = ListDefinition(
    name="till-sessions",
    title=_("收费班次"),
    route="console:payments-sessions",
    rows=lambda asking: queries.session_rows(asking.scope),
    key="number",
    order=("-business_on",),
    filters=SessionFilter,
    columns=(
        Column("number", _("班次号"), Kind.CODE, link="console:payments-session"),
        Column("business_on", _("日期"), Kind.DAY, is_sortable=True),
        Column("till_name", _("收费台")),
        Column("unit_name", _("单位")),
        Column("cashier", _("收费员"), Kind.CODE),
        Column("state", _("状态"), Kind.WORD, words=words.SESSION_STATES, tones=words.SESSION_TONES),
        Column("cash_expected_fen", _("应有现金"), Kind.MONEY),
        Column("cash_counted_fen", _("实点现金"), Kind.MONEY),
        Column("difference_fen", _("长短款"), Kind.MONEY),
        Column("deposited_fen", _("缴存"), Kind.MONEY),
        Column("deposit_number", _("缴款单号"), Kind.CODE, is_shown=False),
        Column("till_kind", _("类型"), Kind.WORD, is_shown=False, words=words.TILL_KINDS),
        Column("is_offline", _("离线"), Kind.FLAG, is_shown=False),
        Column("opened_at", _("开班"), Kind.MOMENT, is_shown=False),
        Column("closed_at", _("日结时间"), Kind.MOMENT, is_shown=False),
        Column("counted_by", _("清点人"), Kind.CODE, is_shown=False),
        Column("confirmed_by", _("复核人"), Kind.CODE),
        Column("till_code", _("收费台编码"), Kind.CODE, is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有收费班次"), _("在柜面收费开班后，这里可看到每个班次的收款、清点和长短款。"),
                "console:payments-desk", _("去柜面收费")),
)  # fmt: skip

RECEIPTS = ListDefinition(
    name="till-receipts",
    title=_("收据"),
    route="console:payments-receipts",
    rows=lambda asking: queries.receipt_rows(asking.scope),
    key="number",
    order=("-issued_at",),
    filters=ReceiptFilter,
    columns=(
        Column("number", _("收据编号"), Kind.CODE, link="console:payments-receipt"),
        Column("issued_at", _("时间"), Kind.MOMENT),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("tender", _("结算方式"), Kind.WORD, words=words.TILL_TENDERS),
        Column("payment_state", _("状态"), Kind.WORD, words=words.RECEIPT_STATES, tones=words.RECEIPT_TONES),
        Column("cashier", _("收费员"), Kind.CODE),
        Column("session_number", _("班次号"), Kind.CODE, link="console:payments-session"),
        Column("business_on", _("收费日期"), Kind.DAY, is_shown=False),
        Column("slip", _("离线票号"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有收据"), _("换个条件，或先在柜面收费。"), "console:payments-desk", _("去柜面收费")),
)

TILLS = ListDefinition(
    name="tills",
    title=_("收费台"),
    route="console:payments-tills",
    rows=lambda asking: queries.till_rows(asking.scope),
    key="code",
    order=("code",),
    filters=TillFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True),
        Column("name", _("名称")),
        Column("kind", _("类型"), Kind.WORD, words=words.TILL_KINDS),
        Column("unit_name", _("单位")),
        Column("is_active", _("启用"), Kind.FLAG),
        Column("session_number", _("在开班次"), Kind.CODE, link="console:payments-session"),
        Column("cashier", _("收费员"), Kind.CODE),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    bulk=(
        BulkAction("retire", _("停用"), _use(False), _("停用的收费台不能开班。"), wants_reason=True),
        BulkAction("restore", _("启用"), _use(True), _("启用后可以开班。"), wants_reason=True),
    ),
    empty=Empty(_("还没有收费台"), _("先为营业厅柜台、流动收费车或村级代收点各建一个。"),
                "console:payments-till-new", _("新建收费台")),
)  # fmt: skip
LISTS = (SESSIONS, RECEIPTS, TILLS)
