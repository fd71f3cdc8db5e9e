"""Lists of dunning: cases, visits to make and notices to deliver, promises, protected customers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import CharFilter, ChoiceFilter, DateFilter, NumberFilter

from wandeng.domains.collections import actions, queries
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import dunning as words

_DAY = {"widget": forms.DateInput(attrs={"type": "date"})}
_BANDS = {"1-30": (1, 30), "31-60": (31, 60), "61-90": (61, 90), "91-": (91, 10_000)}


class CaseFilter(UnitFilterSet):
    """By state, step, what comes next, overdue days, amount, responsible person and account."""

    state = ChoiceFilter(
        label=_("状态"), choices=[(code, word) for code, word in words.CASE_STATES.items() if code != "CLOSED"]
    )
    step = ChoiceFilter(label=_("已催到"), choices=[(code, word) for code, word in words.STEPS.items() if code])
    standing = ChoiceFilter(label=_("进展"), choices=[(code, word) for code, word in words.STANDINGS.items() if code])
    overdue = ChoiceFilter(
        label=_("逾期天数"),
        method="overdue_for",
        choices=[("1-30", _("1–30 天")), ("31-60", _("31–60 天")), ("61-90", _("61–90 天")), ("91-", _("90 天以上"))],
    )
    least = NumberFilter(label=_("欠费不少于（元）"), method="at_least", min_value=0)
    responsible = CharFilter(label=_("责任人"), max_length=64)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)

    def overdue_for(self, rows: Rows, _name: str, band: str) -> Rows:
        least, most = _BANDS[band]
        today = self.request.today
        return rows.filter(
            oldest_due_on__lte=today - timedelta(days=least), oldest_due_on__gte=today - timedelta(days=most)
        )

    def at_least(self, rows: Rows, _name: str, yuan: Any) -> Rows:
        return rows.filter(open_fen__gte=int(yuan * 100))


class ClosedFilter(UnitFilterSet):
    """By reason, day and account."""

    closed_as = ChoiceFilter(
        label=_("结案原因"), choices=[(code, word) for code, word in words.CLOSED_AS.items() if code]
    )
    since = DateFilter(label=_("结案不早于"), field_name="closed_on", lookup_expr="gte", **_DAY)
    noticed = ChoiceFilter(
        label=_("停电通知"), method="was_noticed", choices=[("yes", _("已送达")), ("no", _("未送达"))]
    )
    responsible = CharFilter(label=_("责任人"), max_length=64)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)

    def was_noticed(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.filter(noticed_on__isnull=what == "no")


class TaskFilter(UnitFilterSet):
    """By kind, responsible person and account."""

    kind = ChoiceFilter(label=_("任务"), choices=[(code, words.STEPS[code]) for code in ("VISIT", "NOTICE")])
    responsible = CharFilter(label=_("责任人"), max_length=64)
    q = CharFilter(label=_("户号、户名或地址"), method="named", max_length=64)

    def named(self, rows: Rows, _name: str, text: str) -> Rows:
        return rows.filter(
            Q(account_number__startswith=text) | Q(account_name__icontains=text) | Q(address__icontains=text)
        )


class PromiseFilter(UnitFilterSet):
    """By state, day and account."""

    unit_key = "case__unit_id"
    state = ChoiceFilter(label=_("状态"), choices=list(words.PROMISE_STATES.items()))
    until = DateFilter(label=_("承诺日不晚于"), field_name="promised_on", lookup_expr="lte", **_DAY)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)


class ProtectedFilter(UnitFilterSet):
    """By state, kind, the day it ends and account."""

    unit_key = "account__unit_id"
    state = ChoiceFilter(label=_("状态"), choices=list(words.PROTECTION_STATES.items()))
    kind = ChoiceFilter(label=_("类型"), choices=list(words.PROTECTION_KINDS.items()))
    ends = DateFilter(label=_("截止不晚于"), field_name="valid_to", lookup_expr="lte", **_DAY)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)


def call(asking: Asking, keys: list[str], _reason: str) -> int:
    """Have the accounts of these cases rung up by machine."""
    return actions.call_now(case_ids=[int(key) for key in keys], actor=asking.actor, at=asking.now)


CASES = ListDefinition(
    name="dunning-cases",
    title=_("催费看板"),
    route="console:dunning-board",
    rows=lambda asking: queries.case_rows(asking.scope).exclude(state="CLOSED"),
    key="id",
    order=("oldest_due_on",),
    filters=CaseFilter,
    columns=(
        Column("id", _("催费单"), Kind.CODE, link="console:dunning-case"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("open_fen", _("欠费"), Kind.MONEY, is_sortable=True),
        Column("overdue_days", _("逾期天数"), Kind.INTEGER),
        Column("oldest_due_on", _("最早到期日"), Kind.DAY, is_sortable=True, is_shown=False),
        Column("bills", _("笔数"), Kind.INTEGER, is_shown=False),
        Column("state", _("状态"), Kind.WORD, words=words.CASE_STATES, tones=words.CASE_TONES),
        Column("step", _("已催到"), Kind.WORD, words=words.STEPS),
        Column("step_on", _("催缴日"), Kind.DAY, is_shown=False),
        Column("standing", _("进展"), Kind.WORD, words=words.STANDINGS, tones=words.STANDING_TONES),
        Column("next_step", _("下一步"), Kind.WORD, words=words.STEPS | {"": "–"}),
        Column("next_on", _("下一步日期"), Kind.DAY, is_sortable=True),
        Column("responsible", _("责任人"), Kind.CODE),
        Column("unit_name", _("单位"), is_shown=False),
        Column("customer_class", _("用户分类"), Kind.WORD, words=customer_words.CLASSES, is_shown=False),
        Column("noticed_on", _("停电通知送达"), Kind.DAY, is_shown=False),
        Column("opened_on", _("立案日"), Kind.DAY, is_shown=False),
    ),
    bulk=(
        BulkAction(
            "call",
            _("电话催费"),
            call,
            _("对选中的催费单发出语音催费；当天已催过的和已结案的跳过，静默时段内的顺延。"),
        ),
    ),
    empty=Empty(
        _("没有符合条件的催费单"),
        _("欠费在到期次日由夜间催费立案；换个条件，或看催费阶梯。"),
        "console:dunning-ladder",
        _("催费阶梯"),
    ),
)
CLOSED = ListDefinition(
    name="dunning-closed",
    title=_("已结催费单"),
    route="console:dunning-closed",
    rows=lambda asking: queries.case_rows(asking.scope).filter(state="CLOSED"),
    key="id",
    order=("-closed_on",),
    filters=ClosedFilter,
    columns=(
        Column("id", _("催费单"), Kind.CODE, link="console:dunning-case"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("closed_on", _("结案日"), Kind.DAY, is_sortable=True),
        Column("closed_as", _("结案原因"), Kind.WORD, words=words.CLOSED_AS),
        Column("open_fen", _("结案时欠费"), Kind.MONEY),
        Column("opened_on", _("立案日"), Kind.DAY),
        Column("step", _("已催到"), Kind.WORD, words=words.STEPS),
        Column("noticed_on", _("停电通知送达"), Kind.DAY),
        Column("responsible", _("责任人"), Kind.CODE),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有已结的催费单"), _("交清、兑现承诺或签订分期后，催费单在这里。"), "console:dunning-board", _("催费看板")
    ),
)
TASKS = ListDefinition(
    name="dunning-tasks",
    title=_("上门催费"),
    route="console:dunning-tasks",
    rows=lambda asking: queries.task_rows(asking.scope),
    key="id",
    order=("taken_on",),
    filters=TaskFilter,
    columns=(
        Column("id", _("任务号"), Kind.CODE, link="console:dunning-task"),
        Column("kind", _("任务"), Kind.WORD, words=words.STEPS),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("address", _("地址")),
        Column("open_fen", _("欠费"), Kind.MONEY),
        Column("oldest_due_on", _("最早到期日"), Kind.DAY),
        Column("taken_on", _("派出日"), Kind.DAY, is_sortable=True),
        Column("attempt", _("第几次"), Kind.INTEGER),
        Column("importance", _("重要性"), Kind.WORD, words=customer_words.IMPORTANCES | {"": "–"}, is_shown=False),
        Column("responsible", _("责任人"), Kind.CODE),
        Column("unit_name", _("单位")),
        Column("case_id", _("催费单"), Kind.CODE, link="console:dunning-case", is_shown=False),
    ),
    empty=Empty(_("没有要上门的任务"), _("夜间催费到了上门或送达通知书的一步，任务就会出现在这里。")),
)
PROMISES = ListDefinition(
    name="dunning-promises",
    title=_("缴费承诺"),
    route="console:dunning-promises",
    rows=lambda asking: queries.promise_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=PromiseFilter,
    columns=(
        Column("id", _("承诺号"), Kind.CODE),
        Column("case_id", _("催费单"), Kind.CODE, link="console:dunning-case"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("promised_on", _("承诺日"), Kind.DAY, is_sortable=True),
        Column("amount_fen", _("承诺金额"), Kind.MONEY),
        Column("paid_fen", _("承诺期内已交"), Kind.MONEY),
        Column("state", _("状态"), Kind.WORD, words=words.PROMISE_STATES, tones=words.PROMISE_TONES),
        Column("channel", _("方式"), Kind.WORD, words=words.PROMISE_CHANNELS),
        Column("made_at", _("登记时间"), Kind.MOMENT),
        Column("made_by", _("登记人"), Kind.CODE),
        Column("decided_on", _("认定日"), Kind.DAY, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有缴费承诺"), _("在催费单上登记承诺；承诺期内暂停催缴。"), "console:dunning-board", _("催费看板")),
)
PROTECTED = ListDefinition(
    name="protected-customers",
    title=_("不停电保护名单"),
    route="console:dunning-protected",
    rows=lambda asking: queries.protected_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=ProtectedFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, link="console:dunning-protection"),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("kind", _("类型"), Kind.WORD, words=words.PROTECTION_KINDS),
        Column("evidence", _("依据")),
        Column("valid_from", pgettext_lazy("period", "起"), Kind.DAY),
        Column("valid_to", pgettext_lazy("period", "止"), Kind.DAY, is_sortable=True),
        Column("state", _("状态"), Kind.WORD, words=words.PROTECTION_STATES, tones=words.PROTECTION_TONES),
        Column("proposed_by", _("申请人"), Kind.CODE),
        Column("proposed_at", _("申请时间"), Kind.MOMENT, is_shown=False),
        Column("decided_by", _("审批人"), Kind.CODE),
        Column("decided_at", _("审批时间"), Kind.MOMENT, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("保护名单是空的"),
        _("有生命支持设备、医疗和福利机构的用户，凭证明加入，由另一人审批。"),
        "console:dunning-protect",
        _("加入名单"),
    ),
)
LISTS = (CASES, CLOSED, TASKS, PROMISES, PROTECTED)
