"""Lists of line loss: days of areas, followed-up areas, leads."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.losses import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import losses as words

_DAY = forms.DateInput(attrs={"type": "date"})
ODD = "ODD"


class DayFilter(UnitFilterSet):
    """By area, feeder, day, status and why it was not computable."""

    area = CharFilter(label=_("台区编码"), field_name="area_code", max_length=64)
    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code", max_length=64)
    status = ChoiceFilter(
        label=_("状态"), method="of_status", choices=[(ODD, _("高损和负损")), *words.STATUSES.items()]
    )
    reason = ChoiceFilter(label=_("不可计算原因"), choices=[one for one in words.REASONS.items() if one[0]])
    from_on = DateFilter(label=_("自"), field_name="day", lookup_expr="gte", widget=_DAY)
    to_on = DateFilter(label=_("至"), field_name="day", lookup_expr="lte", widget=_DAY)

    def of_status(self, rows: Rows, _name: str, status: str) -> Rows:
        if status == ODD:
            return rows.filter(status__in=["HIGH", "VERY_HIGH", "NEGATIVE"])
        return rows.filter(status=status)


_AREA = Column("area_name", _("台区"), link="console:losses-area", link_by=("area_code",))

DAYS = ListDefinition(
    name="area-losses",
    title=_("台区日线损"),
    route="console:losses-days",
    rows=lambda asking: queries.losses_rows(asking.scope),
    key="id",
    order=("-day", "id"),
    filters=DayFilter,
    columns=(
        Column("day", _("日期"), Kind.DAY, is_sortable=True),
        _AREA,
        Column("area_code", _("台区编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
        Column("feeder_name", _("馈线"), is_shown=False),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("status", _("状态"), Kind.WORD, words=words.STATUSES, tones=words.STATUS_TONES),
        Column("rate_e4", _("线损率"), Kind.PERCENT, is_sortable=True, none_last=True),
        Column("supplied_ckwh", _("供电量（kWh）"), Kind.ENERGY),
        Column("sold_ckwh", _("售电量（kWh）"), Kind.ENERGY),
        Column("loss_ckwh", _("损失（kWh）"), Kind.ENERGY, is_sortable=True, none_last=True),
        Column("fed_ckwh", _("光伏上网（kWh）"), Kind.ENERGY, is_shown=False),
        Column("points", _("应抄表数"), Kind.INTEGER, is_shown=False),
        Column("read", _("实抄表数"), Kind.INTEGER, is_shown=False),
        Column("reason", _("不可计算原因"), Kind.WORD, words=words.REASONS),
        Column("revision", _("版本"), Kind.INTEGER, is_shown=False),
    ),
    empty=Empty(_("没有符合条件的台区日线损"), _("每天凌晨自动计算，也可以按单位和日期计算。")),
)


class WorkFilter(UnitFilterSet):
    """By area, kind, state, cause and who looks at it."""

    area = CharFilter(label=_("台区编码"), field_name="area_code", max_length=64)
    kind = ChoiceFilter(label=_("类别"), choices=list(words.WORK_KINDS.items()))
    state = ChoiceFilter(label=_("状态"), choices=list(words.WORK_STATES.items()))
    cause = ChoiceFilter(label=_("原因"), choices=[one for one in words.CAUSES.items() if one[0]])
    taken_by = CharFilter(label=_("分析人"), max_length=64)


WORK = ListDefinition(
    name="loss-work",
    title=_("线损治理"),
    route="console:losses-work",
    rows=lambda asking: queries.work_rows(asking.scope),
    key="id",
    order=("-opened_on", "id"),
    filters=WorkFilter,
    columns=(
        Column("area_name", _("台区"), link="console:losses-work-one", link_by=("id",)),
        Column("area_code", _("台区编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
        Column("kind", _("类别"), Kind.WORD, words=words.WORK_KINDS),
        Column("rate_e4", _("平均线损率"), Kind.PERCENT, is_sortable=True),
        Column("odd_days", _("异常天数"), Kind.INTEGER),
        Column("opened_on", _("列入日期"), Kind.DAY, is_sortable=True),
        Column("state", _("状态"), Kind.WORD, words=words.WORK_STATES, tones=words.WORK_TONES),
        Column("taken_by", _("分析人"), Kind.CODE),
        Column("cause", _("原因"), Kind.WORD, words=words.CAUSES),
        Column("done_at", _("治理完成"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("没有需要治理的台区"), _("高损或负损持续几天的台区会自动列入。")),
)


class LeadFilter(UnitFilterSet):
    """By area, account and state."""

    area = CharFilter(label=_("台区编码"), field_name="area_code", max_length=64)
    account = CharFilter(label=_("户号"), field_name="account_number", max_length=32)
    state = ChoiceFilter(label=_("状态"), choices=list(words.LEAD_STATES.items()))


LEADS = ListDefinition(
    name="loss-leads",
    title=_("窃电线索"),
    route="console:losses-leads",
    rows=lambda asking: queries.leads_rows(asking.scope),
    key="id",
    order=("-attributed_ckwh", "id"),
    filters=LeadFilter,
    columns=(
        Column("id", _("线索编号"), Kind.CODE, link="console:losses-lead", link_by=("id",)),
        Column("area_name", _("台区")),
        Column("area_code", _("台区编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位"), is_shown=False),
        Column("account_number", _("户号"), Kind.CODE),
        Column("attributed_ckwh", _("可解释电量（kWh）"), Kind.ENERGY, is_sortable=True),
        Column("share_e4", _("占损失"), Kind.PERCENT),
        Column("days", _("吻合天数"), Kind.INTEGER),
        Column("whole_days", _("完整天数"), Kind.INTEGER),
        Column("state", _("状态"), Kind.WORD, words=words.LEAD_STATES, tones=words.LEAD_TONES),
        Column("case_number", _("工单编号"), Kind.CODE),
        Column("made_at", _("生成时间"), Kind.MOMENT, is_shown=False),
    ),
    empty=Empty(_("没有线索"), _("高损台区有考核表和用户的 96 点曲线时，每晚比对生成。")),
)
LISTS = (DAYS, WORK, LEADS)
