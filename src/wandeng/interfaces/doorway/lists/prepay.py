"""Lists of prepay: agreements, low balances, days, true-ups, and the cuts that wait for approval."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, NumberFilter

from wandeng.domains.collections import queries as orders
from wandeng.domains.collections.queries import prepay
from wandeng.flows import prepay as flow
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import disconnection as order_words
from wandeng.interfaces.doorway.words import prepay as words
from wandeng.kernel.periods import Month

WAITING = ("PROPOSED", "SECOND_WANTED")
_DAY = {"widget": forms.DateInput(attrs={"type": "date"})}
_LIVE = ("NORMAL", "WARNED", "OVERDRAWN", "CUT_ORDERED", "CUT")
_LOW = ("WARNED", "OVERDRAWN", "CUT_ORDERED", "CUT")


class _Filter(UnitFilterSet):
    """By account and balance besides the unit."""

    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)
    below = NumberFilter(label=_("余额低于（元）"), method="under")

    def under(self, rows: Rows, _name: str, yuan: Any) -> Rows:
        return rows.filter(balance_fen__lt=int(yuan * 100))


class AgreementFilter(_Filter):
    """By standing and class."""

    standing = ChoiceFilter(label=_("状况"), choices=[(one, words.STANDINGS[one]) for one in (*_LIVE, "ENDED")])
    customer_class = ChoiceFilter(label=_("用户分类"), choices=list(customer_words.CLASSES.items()))
    gap = ChoiceFilter(label=_("测算"), method="is_gap", choices=[("yes", _("测算不出")), ("no", _("已测算"))])

    def is_gap(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.exclude(gap="") if what == "yes" else rows.filter(gap="")


class LowFilter(_Filter):
    """By standing."""

    standing = ChoiceFilter(label=_("状况"), choices=[(one, words.STANDINGS[one]) for one in _LOW])


class DayFilter(_Filter):
    """By day, standing, and what is wrong with it."""

    day = DateFilter(label=_("测算日"), **_DAY)
    standing = ChoiceFilter(label=_("状况"), choices=[(one, words.STANDINGS[one]) for one in _LIVE])
    gap = ChoiceFilter(label=_("测算不出的原因"), choices=list(words.GAPS.items()))
    doubt = ChoiceFilter(label=_("存疑"), choices=list(words.DOUBTS.items()))


class TrueUpFilter(UnitFilterSet):
    """By month, reason and account."""

    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)
    month = CharFilter(
        label=_("电费年月"), method="of_month", max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    reason = ChoiceFilter(label=_("差异原因"), choices=list(words.TRUE_UP_REASONS.items()))

    def of_month(self, rows: Rows, _name: str, text: str) -> Rows:
        return rows.filter(month_index=Month.parse(text).index)


class CutFilter(UnitFilterSet):
    """By state, level and account."""

    state = ChoiceFilter(label=_("状态"), choices=[(code, order_words.ORDER_STATES[code]) for code in WAITING])
    level = ChoiceFilter(label=_("审批层级"), choices=list(order_words.LEVELS.items()))
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)


def cut_rows(asking: Asking) -> Rows:
    """Cuts by balance that wait for approval, with the episode each rests on."""
    rows = orders.order_rows(asking.scope, states=WAITING).filter(basis="PREPAY")
    found: Rows = rows.annotate(
        balance_fen=F("episode__balance_fen"), as_of=F("episode__as_of"), overdrawn_on=F("episode__overdrawn_on"),
        overdrafts=F("episode__overdrafts"),
    )  # fmt: skip
    return found


def approve_and_send(asking: Asking, keys: list[str], _reason: str) -> int:
    """Approve the chosen orders and send them to the gateway, each with all its guards."""
    answers = flow.approve_each(orders=keys, actor=asking.actor, at=asking.now, library=rulebook.library())
    return sum(answer.is_done for answer in answers)


_WHOSE = (
    Column("account_number", _("户号"), Kind.CODE, link="console:prepay-account"),
    Column("account_name", _("户名")),
    Column("address", _("地址"), is_shown=False),
)
_STANDING = Column("standing", _("状况"), Kind.WORD, words=words.STANDINGS, tones=words.STANDING_TONES)
_UNIT = Column("unit_name", _("单位"))

AGREEMENTS = ListDefinition(
    name="prepay-agreements",
    title=_("费控协议"),
    route="console:prepay-agreements",
    rows=lambda asking: prepay.agreement_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=AgreementFilter,
    columns=(
        *_WHOSE,
        _STANDING,
        Column("customer_class", _("用户分类"), Kind.WORD, words=customer_words.CLASSES),
        Column("balance_fen", _("可用余额（元）"), Kind.MONEY),
        Column("as_of", _("测算日"), Kind.DAY),
        Column("warn_fen", _("预警阈值（元）"), Kind.MONEY),
        Column("gap", _("测算不出的原因"), Kind.WORD, words=words.GAPS, tones=words.GAP_TONES),
        Column("valid_from", _("自"), Kind.DAY),
        Column("valid_to", _("至"), Kind.DAY, is_shown=False),
        Column("document", _("协议编号"), Kind.CODE),
        Column("enrolled_by", _("签订人"), Kind.CODE, is_shown=False),
        Column("end_reason", _("解约原因"), is_shown=False),
        _UNIT,
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的费控协议"), _("换个条件，或与客户签订费控协议。"), "console:prepay-enroll", _("签订")),
)
LOW = ListDefinition(
    name="prepay-low",
    title=_("余额不足"),
    route="console:prepay-low",
    rows=lambda asking: prepay.episode_rows(asking.scope),
    key="id",
    order=("opened_on",),
    filters=LowFilter,
    columns=(
        *_WHOSE,
        _STANDING,
        Column("balance_fen", _("可用余额（元）"), Kind.MONEY),
        Column("as_of", _("测算日"), Kind.DAY),
        Column("opened_on", _("预警日"), Kind.DAY, is_sortable=True),
        Column("overdrawn_on", _("透支日"), Kind.DAY),
        Column("lowest_fen", _("最低余额（元）"), Kind.MONEY, is_shown=False),
        Column("overdrafts", _("透支次数"), Kind.INTEGER, is_shown=False),
        Column("order_number", _("停电单"), Kind.CODE, link="console:disconnection-order"),
        Column(
            "order_state", _("停电单状态"), Kind.WORD, words=order_words.ORDER_STATES, tones=order_words.ORDER_TONES
        ),
        _UNIT,
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有余额不足的用户"), _("余额低于预警阈值的用户，每日测算后出现在这里。")),
)
DAYS = ListDefinition(
    name="prepay-days",
    title=_("每日余额"),
    route="console:prepay-days",
    rows=lambda asking: prepay.day_rows(asking.scope),
    key="id",
    order=("-day",),
    filters=DayFilter,
    columns=(
        Column("day", _("测算日"), Kind.DAY, is_sortable=True),
        *_WHOSE,
        _STANDING,
        Column("balance_fen", _("可用余额（元）"), Kind.MONEY),
        Column("ledger_fen", _("账面余额（元）"), Kind.MONEY),
        Column("estimate_fen", _("未出账电费（元）"), Kind.MONEY),
        Column("energy_ckwh", _("未出账电量（kWh）"), Kind.ENERGY, is_shown=False),
        Column("day_fen", _("新增电费（元）"), Kind.MONEY),
        Column("day_ckwh", _("新增电量（kWh）"), Kind.ENERGY),
        Column("since_on", _("新增自"), Kind.DAY, is_shown=False),
        Column("mean_fen", _("日均电费（元）"), Kind.MONEY, is_shown=False),
        Column("warn_fen", _("预警阈值（元）"), Kind.MONEY, is_shown=False),
        Column("gap", _("测算不出的原因"), Kind.WORD, words=words.GAPS, tones=words.GAP_TONES),
        Column("doubt", _("存疑"), Kind.WORD, words=words.DOUBTS, tones=words.DOUBT_TONES),
        Column("unit_name", _("单位"), is_shown=False),
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的测算"), _("每天凌晨示数到齐后自动测算；换个条件再看。")),
)
TRUE_UPS = ListDefinition(
    name="prepay-true-ups",
    title=_("费控清算"),
    route="console:prepay-true-ups",
    rows=lambda asking: prepay.true_up_rows(asking.scope).annotate(month=F("month_index")),
    key="id",
    order=("-month_index",),
    filters=TrueUpFilter,
    columns=(
        *_WHOSE,
        Column("estimated_on", _("最后测算日"), Kind.DAY),
        Column("estimate_fen", _("暂估电费（元）"), Kind.MONEY),
        Column("bill_fen", _("账单电费（元）"), Kind.MONEY),
        Column("difference_fen", _("差异（元）"), Kind.MONEY),
        Column("reason", _("差异原因"), Kind.WORD, words=words.TRUE_UP_REASONS, tones=words.TRUE_UP_TONES),
        Column("estimate_ckwh", _("暂估电量（kWh）"), Kind.ENERGY, is_shown=False),
        Column("bill_ckwh", _("账单电量（kWh）"), Kind.ENERGY, is_shown=False),
        Column("estimated_to", _("暂估至示数"), Kind.DAY, is_shown=False),
        Column("billed_to", _("账单至示数"), Kind.DAY),
        Column("settled_on", _("清算日"), Kind.DAY),
        _UNIT,
        Column("id", _("编号"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("还没有清算"), _("电费发行后的第一次测算，逐户比较暂估与账单。")),
)
CUTS = ListDefinition(
    name="prepay-cuts",
    title=_("费控停电审批"),
    route="console:prepay-approve",
    rows=cut_rows,
    key="number",
    order=("id",),
    filters=CutFilter,
    columns=(
        Column("number", _("停电单"), Kind.CODE, link="console:disconnection-order"),
        Column("state", _("状态"), Kind.WORD, words=order_words.ORDER_STATES, tones=order_words.ORDER_TONES),
        *_WHOSE,
        Column("balance_fen", _("可用余额（元）"), Kind.MONEY),
        Column("as_of", _("测算日"), Kind.DAY),
        Column("demanded_fen", _("须充值（元）"), Kind.MONEY),
        Column("overdrawn_on", _("透支日"), Kind.DAY),
        Column("overdrafts", _("透支次数"), Kind.INTEGER, is_shown=False),
        Column("level", _("审批层级"), Kind.WORD, words=order_words.LEVELS),
        Column("proposed_at", _("提出时间"), Kind.MOMENT, is_shown=False),
        Column("approver", _("第一审批人"), Kind.CODE, is_shown=False),
        _UNIT,
    ),
    bulk=(
        BulkAction(
            "approve", _("批准并远程停电"), approve_and_send,
            _("每户重新核对余额、通知、宽限期和保护名单，批准后立即向远程费控网关发出停电指令；时段、限额或停电闸不允许的，批准后不发出。"),
            danger=True,
        ),
    ),
    empty=Empty(_("没有待审批的费控停电"), _("透支预告送达、宽限期满仍未充值的用户，每日测算后出现在这里。")),
)  # fmt: skip
LISTS = (AGREEMENTS, LOW, DAYS, TRUE_UPS, CUTS)
