"""Lists of cases: the work queue, all cases, promises kept and broken, call-backs to make."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.cases.queries import calling
from wandeng.domains.cases.queries import rows as queries
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists import cases_bulk as bulk
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import Choices
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import cases as words
from wandeng.kernel.periods import BILLING_ZONE

_DAY = {"widget": forms.DateInput(attrs={"type": "date"})}
SOON = timedelta(minutes=60)
"""A limit that ends within this is shown as near: as long as the shortest promise to a customer in a town."""


class _CaseFilter(UnitFilterSet):
    """By kind, step, urgency, channel, account, number and the days they were opened."""

    process = ChoiceFilter(label=_("类型"), choices=[])
    at_step = ChoiceFilter(label=_("环节"), method="stands_at", choices=[])
    urgency = ChoiceFilter(label=_("紧急程度"), choices=[])
    channel = ChoiceFilter(label=_("受理渠道"), choices=list(words.CHANNELS.items()))
    supervised = ChoiceFilter(label=_("督办"), method="is_supervised", choices=[("yes", _("督办"))])
    handler = CharFilter(label=_("经办人工号"), max_length=64)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=20)
    number = CharFilter(label=_("工单号"), lookup_expr="startswith", max_length=24)
    since = DateFilter(label=_("受理不早于"), method="opened_since", **_DAY)
    until = DateFilter(label=_("受理不晚于"), method="opened_until", **_DAY)

    def offered(self) -> Mapping[str, Choices]:
        steps = [(code, f"{names.KINDS[code.partition('/')[0]]} · {word}") for code, word in names.STEPS.items()]
        return {
            **super().offered(),
            "process": list(names.KINDS.items()),
            "at_step": steps,
            "urgency": list(names.URGENCIES.items()),
        }

    def stands_at(self, rows: Rows, _name: str, code: str) -> Rows:
        process, _slash, step = code.partition("/")
        return rows.filter(process=process, step=step)

    def is_supervised(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows.filter(supervised_at__isnull=False)

    def opened_since(self, rows: Rows, _name: str, day: Any) -> Rows:
        return rows.filter(opened_at__gte=datetime.combine(day, time.min, BILLING_ZONE))

    def opened_until(self, rows: Rows, _name: str, day: Any) -> Rows:
        return rows.filter(opened_at__lt=datetime.combine(day + timedelta(days=1), time.min, BILLING_ZONE))


class QueueFilter(_CaseFilter):
    """The same, and which part of the queue: what somebody may take by role unless they ask for another."""

    tab = ChoiceFilter(label=_("范围"), method="on_tab", choices=list(words.TABS.items()))

    def filter_queryset(self, rows: Rows) -> Rows:
        found: Rows = super().filter_queryset(rows)
        chosen = self.asked.get("tab")
        return found if chosen else self.on_tab(found, "tab", usual_tab(self.request))

    def on_tab(self, rows: Rows, _name: str, tab: str) -> Rows:
        now: datetime = self.request.now
        match tab:
            case "mine":
                return rows.filter(handler=self.request.actor.code)
            case "role":
                return rows.filter(queries.theirs(self.request.actor.code, self.request.actor.roles))
            case "late":
                return rows.filter(due_at__lt=now)
            case "soon":
                return rows.filter(due_at__gte=now, due_at__lt=now + SOON)
            case "owned":
                return rows.filter(owner=self.request.actor.code)
            case "waiting":
                return rows.filter(asked_again_at__isnull=False)
            case "paused":
                return rows.filter(is_paused=True)
            case "unassigned":
                return rows.filter(handler="")
            case _:
                return rows


def usual_tab(asking: Asking) -> str:
    """What somebody sees of the queue at first: whoever works on cases theirs by role, whoever watches over them all."""
    return "all" if bulk.watches(asking) else "role"


class AllFilter(_CaseFilter):
    """The same over cases of any state, and by who took them first."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    owner = CharFilter(label=_("首问责任人工号"), max_length=64)


class ClockFilter(UnitFilterSet):
    """By kind, how the promise stands, and when its clock began."""

    unit_key = "case__unit_id"
    process = ChoiceFilter(label=_("类型"), choices=[])
    since = DateFilter(label=_("起算不早于"), method="begun_since", **_DAY)
    until = DateFilter(label=_("起算不晚于"), method="begun_until", **_DAY)

    def offered(self) -> Mapping[str, Choices]:
        return {**super().offered(), "process": list(names.KINDS.items())}

    def begun_since(self, rows: Rows, _name: str, day: Any) -> Rows:
        return rows.filter(started_at__gte=datetime.combine(day, time.min, BILLING_ZONE))

    def begun_until(self, rows: Rows, _name: str, day: Any) -> Rows:
        return rows.filter(started_at__lt=datetime.combine(day + timedelta(days=1), time.min, BILLING_ZONE))


class RunFilter(ClockFilter):
    """The same for single clocks."""

    standing = ChoiceFilter(label=_("状态"), choices=list(words.KEPT.items()))
    number = CharFilter(label=_("工单号"), lookup_expr="startswith", max_length=24)


class CallFilter(UnitFilterSet):
    """By kind; those that may be called now, unless all are asked for."""

    unit_key = "case__unit_id"
    process = ChoiceFilter(label=_("类型"), choices=[])
    when = ChoiceFilter(label=_("范围"), method="by_hour", choices=[("now", _("现在可回访")), ("all", _("全部待回访"))])

    def offered(self) -> Mapping[str, Choices]:
        return {**super().offered(), "process": list(names.KINDS.items())}

    def filter_queryset(self, rows: Rows) -> Rows:
        found: Rows = super().filter_queryset(rows)
        return found if self.asked.get("when") else self.by_hour(found, "when", "now")

    def by_hour(self, rows: Rows, _name: str, when: str) -> Rows:
        if when == "all":
            return rows
        asking = self.request
        may = calling.callable_rows(
            asking.scope, charter=rulebook.charter(), now=asking.now, roles=asking.actor.roles
        )  # fmt: skip
        return rows.filter(id__in=may.order_by().values("id"))


def _worded(rows: Rows) -> Rows:
    """Rows of cases with what the definitions call their step and stage, who has them, and whether they are supervised."""
    found: Rows = rows.annotate(
        step_key=_named("step"), stage_key=_named("stage"),
        handler_name=organization.name_of("handler"),
        supervised=Case(When(supervised_at__isnull=False, then=Value("yes")), default=Value("")),
    )  # fmt: skip
    return found


def _named(column: str) -> Case:
    """The key by which definitions name a step or stage; empty for a case that has ended and stands at none."""
    return Case(When(**{column: ""}, then=Value("")), default=Concat("process", Value("/"), column))


_HEAD = (
    Column("number", _("工单号"), Kind.CODE, link="console:cases-detail"),
    Column("process", _("类型"), Kind.WORD, words=names.KINDS),
    Column("stage_key", _("阶段"), Kind.WORD, words=names.STAGES, is_shown=False),
    Column("step_key", _("环节"), Kind.WORD, words=names.STEPS),
    Column("due_at", _("剩余时间"), Kind.DEADLINE, is_sortable=True, none_last=True, held_by="is_paused"),
    Column("urgency", _("紧急程度"), Kind.WORD, words=names.URGENCIES, tones=words.URGENCY_TONES),
    Column("supervised", _("督办"), Kind.WORD, words=words.SUPERVISED, tones=words.SUPERVISED_TONES),
)
_TAIL = (
    Column("summary", _("诉求")),
    Column("unit_name", _("单位")),
    Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
    Column("handler_name", _("经办人")),
    Column("handler", _("经办人工号"), Kind.CODE, is_shown=False),
    Column("channel", _("受理渠道"), Kind.WORD, words=words.CHANNELS, is_shown=False),
    Column("pressed", _("催办次数"), Kind.INTEGER, is_shown=False),
    Column("transformer_name", _("配变"), is_shown=False),
    Column("owner", _("首问责任人"), Kind.CODE, is_shown=False),
    Column("asked_again_at", _("再次来访"), Kind.MOMENT, is_shown=False),
    Column("opened_at", _("受理时间"), Kind.MOMENT, is_sortable=True, is_shown=False),
)

QUEUE = ListDefinition(
    name="case-queue",
    title=_("工单待办"),
    route="console:cases-queue",
    rows=lambda asking: _worded(queries.open_rows(asking.scope)),
    key="id",
    order=("due_at",),
    filters=QueueFilter,
    columns=(*_HEAD, *_TAIL, Column("is_paused", _("暂停计时"), Kind.FLAG, is_shown=False)),
    bulk=(
        BulkAction("take", _("接单"), bulk.take, _("选中的工单由本人经办。")),
        BulkAction(
            "assign", _("指派"), bulk.assign, _("选中的工单交给一人经办。"), choice_title=_("经办人"),
            choices=bulk.people,
        ),
        BulkAction(
            "supervise", _("督办"), bulk.supervise, _("选中的工单列为督办，经办人和单位负责人立即收到通知。"),
            wants_reason=True,
        ),
    ),
    empty=Empty(_("这里没有待办工单"), _("换个范围或条件；新受理的工单会自动出现。")),
)  # fmt: skip
CASES = ListDefinition(
    name="cases",
    title=_("全部工单"),
    route="console:cases-list",
    rows=lambda asking: _worded(queries.case_rows(asking.scope)),
    key="id",
    order=("-opened_at",),
    filters=AllFilter,
    columns=(
        *_HEAD[:1],
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
        *_HEAD[1:4],
        Column("urgency", _("紧急程度"), Kind.WORD, words=names.URGENCIES, tones=words.URGENCY_TONES, is_shown=False),
        Column("supervised", _("督办"), Kind.WORD, words=words.SUPERVISED, tones=words.SUPERVISED_TONES),
        *_TAIL[:4],
        *_TAIL[4:10],
        Column("opened_at", _("受理时间"), Kind.MOMENT, is_sortable=True),
        Column("finished_at", _("处理完成"), Kind.MOMENT, is_shown=False),
        Column("ended_at", _("办结时间"), Kind.MOMENT, is_shown=False),
        Column("rounds", _("轮次"), Kind.INTEGER, is_shown=False),
        Column("returned", _("退单次数"), Kind.INTEGER, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的工单"), _("换个条件再找。")),
)
CLOCKS = ListDefinition(
    name="case-promises",
    title=_("时限履约"),
    route="console:cases-clocks",
    rows=lambda asking: queries.promise_rows(asking.scope, now=asking.now),
    key="key",
    order=("process", "unit_code"),
    filters=ClockFilter,
    columns=(
        Column("process", _("类型"), Kind.WORD, words=names.KINDS),
        Column("unit_name", _("单位")),
        Column("kept", _("按时"), Kind.INTEGER, is_sortable=True),
        Column("broken", _("超时"), Kind.INTEGER, is_sortable=True),
        Column("running", _("计时中"), Kind.INTEGER),
        Column("share_e2", _("按时率"), Kind.PERCENT, is_sortable=True, none_last=True),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("还没有计时的工单"), _("受理工单后，每个时限的履约情况汇总在这里。")),
)
RUNS = ListDefinition(
    name="case-clocks",
    title=_("时限明细"),
    route="console:cases-clock-runs",
    rows=lambda asking: queries.clock_rows(asking.scope, now=asking.now).annotate(
        clock_key=Concat(F("case__process"), Value("/"), "clock")
    ),
    key="id",
    order=("-id",),
    filters=RunFilter,
    columns=(
        Column("number", _("工单号"), Kind.CODE, link="console:cases-detail"),
        Column("process", _("类型"), Kind.WORD, words=names.KINDS),
        Column("clock_key", _("时限"), Kind.WORD, words=names.CLOCKS),
        Column("standing", _("状态"), Kind.WORD, words=words.KEPT, tones=words.KEPT_TONES),
        Column("started_at", _("起算"), Kind.MOMENT),
        Column("due_at", _("到期"), Kind.MOMENT),
        Column("stopped_at", _("完成"), Kind.MOMENT),
        Column("amount", _("限量"), Kind.INTEGER, is_shown=False),
        Column("measure", _("计量单位"), Kind.WORD, words=words.MEASURES, is_shown=False),
        Column("round", _("轮次"), Kind.INTEGER, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有符合条件的时限"), _("换个条件再找。")),
)
CALL_BACKS = ListDefinition(
    name="case-call-backs",
    title=_("待回访"),
    route="console:cases-callbacks",
    rows=lambda asking: queries.call_back_rows(asking.scope),
    key="id",
    order=("due_at",),
    filters=CallFilter,
    columns=(
        Column("number", _("工单号"), Kind.CODE, link="console:cases-callback"),
        Column("process", _("类型"), Kind.WORD, words=names.KINDS),
        Column("due_at", _("回访时限"), Kind.DEADLINE, is_sortable=True),
        Column("attempts", _("已拨次数"), Kind.INTEGER),
        Column("next_at", _("可拨时间"), Kind.MOMENT),
        Column("summary", _("诉求")),
        Column("unit_name", _("单位")),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail"),
        Column("finished_at", _("处理完成"), Kind.MOMENT, is_shown=False),
        Column("round", _("轮次"), Kind.INTEGER, is_shown=False),
        Column("owner", _("首问责任人"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("现在没有可回访的工单"), _("回访只在规定时段进行；未到时间的在“全部待回访”里。")),
)
LISTS = (QUEUE, CASES, CLOCKS, RUNS, CALL_BACKS)
