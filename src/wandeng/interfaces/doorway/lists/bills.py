"""Lists of the bill desk: runs, parked accounts, bills."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, Filter, NumberFilter

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions
from wandeng.domains.billing.queries import lists
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import bills as words
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import RunId
from wandeng.kernel.money import fen
from wandeng.kernel.periods import Month


class MonthField(forms.CharField):
    """A month as YYYY-MM."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        try:
            return Month.parse(text) if text else None
        except InvalidInput:
            raise forms.ValidationError(_("月份写作 2026-10。")) from None


class MonthFilter(Filter):  # type: ignore[misc]
    """A filter by month."""

    field_class = MonthField


class YuanField(forms.CharField):
    """An amount in yuan, held in fen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return fen(text) if text else None
        except InvalidInput:
            raise forms.ValidationError(_("金额以元为单位，最多两位小数。")) from None


class YuanFilter(Filter):  # type: ignore[misc]
    """A filter by amount."""

    field_class = YuanField


class RunFilter(UnitFilterSet):
    """By unit, month, state and kind."""

    month = MonthFilter(label=_("电费年月"), method="in_month")
    state = ChoiceFilter(label=_("状态"), choices=list(words.RUN_STATES.items()))
    kind = ChoiceFilter(label=_("类别"), choices=list(words.RUN_KINDS.items()))

    def in_month(self, rows: Rows, _name: str, month: Month) -> Rows:
        return rows.filter(month=str(month))


RUNS = ListDefinition(
    name="bill-runs",
    title=_("核算批次"),
    route="console:bills-runs",
    rows=lambda asking: lists.run_rows(asking.scope),
    key="run",
    order=("-run",),
    filters=RunFilter,
    columns=(
        Column("run", _("批次"), Kind.CODE, link="console:bills-run", is_sortable=True),
        Column("month", _("电费年月"), Kind.CODE, is_sortable=True),
        Column("unit_name", _("单位")),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("kind", _("类别"), Kind.WORD, words=words.RUN_KINDS),
        Column("sequence", _("次"), Kind.INTEGER, is_shown=False),
        Column("state", _("状态"), Kind.WORD, words=words.RUN_STATES, tones=words.RUN_TONES),
        Column("accounts", _("户数"), Kind.INTEGER, is_shown=False),
        Column("bills", _("账单"), Kind.INTEGER),
        Column("energy_ckwh", _("电量（千瓦时）"), Kind.ENERGY),
        Column("amount_fen", _("金额（元）"), Kind.MONEY),
        Column("parked", _("待处理异常"), Kind.INTEGER),
        Column("maker", _("发起人")),
        Column("created_by", _("发起人工号"), Kind.CODE, is_shown=False),
        Column("created_at", _("发起时间"), Kind.MOMENT, is_shown=False),
        Column("approver", _("批准人")),
        Column("approved_by", _("批准人工号"), Kind.CODE, is_shown=False),
        Column("approved_at", _("批准时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(
        _("没有核算批次"), _("选一个单位和月份，先试算看一眼，再正式核算。"), "console:bills-new", _("新建核算")
    ),
)


class ExceptionFilter(UnitFilterSet):
    """By unit, run, reason, state and account."""

    unit_key = "account__unit_id"
    run = NumberFilter(label=_("批次"), field_name="run_id", min_value=1, max_value=2**62)
    code = ChoiceFilter(label=_("原因"), choices=list(words.CODES.items()))
    state = ChoiceFilter(label=_("处理状态"), choices=list(words.EXCEPTION_STATES.items()))
    account = CharFilter(label=_("户号"), field_name="account__account_number", max_length=20)
    month = MonthFilter(label=_("电费年月"), method="in_month")

    def in_month(self, rows: Rows, _name: str, month: Month) -> Rows:
        return rows.filter(run__month=str(month))


def accept_exceptions(asking: Asking, keys: list[str], reason: str) -> int:
    """Accept parked accounts, or say that their cause is mended: one decision for each run and reason."""
    chosen: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = lists.exception_rows(asking.scope).filter(id__in=keys, state="PARKED")
    for row in rows.order_by("run_id", "code", "account_number"):
        chosen[row["run_id"], row["code"]].append(row["account_number"])
    if not chosen:
        raise NotFound("nothing parked was chosen")
    return sum(
        exceptions.accept(
            run=RunId(run), code=code, account_numbers=numbers, reason=reason, actor=asking.actor, at=asking.now
        )
        for (run, code), numbers in chosen.items()
    )


EXCEPTIONS = ListDefinition(
    name="bill-exceptions",
    title=_("核算异常"),
    route="console:bills-exceptions",
    rows=lambda asking: lists.exception_rows(asking.scope),
    key="id",
    order=("-run_id", "code", "id"),
    filters=ExceptionFilter,
    columns=(
        Column("id", _("编号"), Kind.CODE, is_shown=False, is_sortable=True),
        Column("run_id", _("批次"), Kind.CODE, link="console:bills-run"),
        Column("month", _("电费年月"), Kind.CODE),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("unit_code", _("单位"), Kind.CODE, is_shown=False),
        Column("code", _("原因"), Kind.WORD, words=words.CODES),
        Column("found_ckwh", _("本期电量（千瓦时）"), Kind.ENERGY),
        Column("limit_ckwh", _("上期或限值（千瓦时）"), Kind.ENERGY),
        Column("on_date", _("日期"), Kind.DAY),
        Column("state", _("处理状态"), Kind.WORD, words=words.EXCEPTION_STATES, tones=words.EXCEPTION_TONES),
        Column("retaken", _("重取分片"), Kind.CODE, is_shown=False),
        Column("reason", _("处理说明")),
        Column("run_state", _("批次状态"), Kind.WORD, is_shown=False, words=words.RUN_STATES, tones=words.RUN_TONES),
    ),
    bulk=(
        BulkAction(
            "accept",
            _("认可 / 已处理"),
            accept_exceptions,
            _("零电量、突变、超容量按现状认可，其余表示原因已消除。认可后用“重取”重新计价，不能撤回。"),
            wants_reason=True,
        ),
    ),
    empty=Empty(_("没有核算异常"), _("换个条件，或查看核算批次。"), "console:bills-runs", _("核算批次")),
)


class BillFilter(UnitFilterSet):
    """By month, account, unit, state, class, kind and amount. Without a month, account or run the newest month is shown:
    nobody reads all years at once, and the database is spared them."""

    unit_key = "account__unit_id"
    month = MonthFilter(label=_("电费年月"), method="in_month", help_text=_("不选时为最近核算的月份"))
    account = CharFilter(label=_("户号"), method="of_account", max_length=20)
    run = NumberFilter(label=_("批次"), method="of_run", min_value=1, max_value=2**62)
    unit = ChoiceFilter(label=_("单位"), method="in_unit", choices=[])
    state = ChoiceFilter(label=_("状态"), method="in_state", choices=list(words.RUN_STATES.items()))
    customer_class = ChoiceFilter(label=_("用户分类"), choices=list(words.CLASSES.items()))
    kind = ChoiceFilter(label=_("账单类别"), choices=list(words.BILL_KINDS.items()))
    least = YuanFilter(label=_("金额不低于（元）"), field_name="amount_fen", lookup_expr="gte")
    most = YuanFilter(label=_("金额不高于（元）"), field_name="amount_fen", lookup_expr="lte")
    energy = ChoiceFilter(label=_("电量"), method="of_no_energy", choices=[("zero", _("零电量"))])

    def filter_queryset(self, queryset: Rows) -> Rows:
        rows: Rows = super().filter_queryset(queryset)
        if any(self.asked.get(name) for name in ("month", "account", "run")):
            return rows
        newest = queries.last_month_billed(self.request.scope)
        return rows.filter(month_index=newest.index) if newest else rows

    def in_units(self, rows: Rows, units: list[int]) -> Rows:
        return lists.in_units(rows, units)

    def in_month(self, rows: Rows, _name: str, month: Month) -> Rows:
        return rows.filter(month_index=month.index)

    def of_no_energy(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows.filter(energy_ckwh=0, kind="ORDINARY")

    def of_account(self, rows: Rows, _name: str, number: str) -> Rows:
        return lists.of_accounts(rows, number)

    def of_run(self, rows: Rows, _name: str, run: int) -> Rows:
        return lists.of_run(rows, int(run))

    def in_state(self, rows: Rows, _name: str, state: str) -> Rows:
        return lists.in_states(rows, state)


BILLS = ListDefinition(
    name="bills",
    title=_("电费账单"),
    route="console:bills-list",
    rows=lambda asking: lists.bill_rows(asking.scope),
    key="number",
    order=("-month_index", "-account_id", "-revision"),
    filters=BillFilter,
    columns=(
        Column("number", _("账单号"), Kind.CODE, link="console:bills-bill"),
        Column("month_index", _("电费年月"), Kind.WORD, words=words.MonthWords()),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("account_name", _("户名")),
        Column("customer_class", _("用户分类"), Kind.WORD, words=words.CLASSES),
        Column("unit_name", _("单位")),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("kind", _("类别"), Kind.WORD, words=words.BILL_KINDS, tones=words.BILL_KIND_TONES),
        Column("revision", _("版次"), Kind.INTEGER, is_shown=False),
        Column("period_from", _("起日"), Kind.DAY, is_shown=False),
        Column("period_to", _("止日（不含）"), Kind.DAY, is_shown=False),
        Column("energy_ckwh", _("电量（千瓦时）"), Kind.ENERGY),
        Column("amount_fen", _("金额（元）"), Kind.MONEY),
        Column("due_on", _("交费期限"), Kind.DAY),
        Column("state", _("状态"), Kind.WORD, words=words.RUN_STATES, tones=words.RUN_TONES),
        Column("run_id", _("批次"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的账单"), _("换个月份或条件。")),
)

LISTS = (RUNS, EXCEPTIONS, BILLS)
