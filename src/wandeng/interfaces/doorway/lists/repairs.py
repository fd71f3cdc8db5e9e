"""Lists of repairs: crews, incidents, permits to work."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.cases.queries import crews, incidents, permits
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import repairs as words


class CrewFilter(UnitFilterSet):
    """By state and name."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.CREW_STATES.items()))
    name = CharFilter(label=_("队名"), lookup_expr="icontains", max_length=64)


class IncidentFilter(UnitFilterSet):
    """By state, level and number."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.INCIDENT_STATES.items()))
    level = ChoiceFilter(label=_("范围"), choices=list(words.LEVELS.items()))
    number = CharFilter(label=_("归并单号"), lookup_expr="startswith", max_length=24)


class PermitFilter(UnitFilterSet):
    """By state, case and worker."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.PERMIT_STATES.items()))
    case = CharFilter(label=_("工单号"), field_name="case_number", max_length=24)
    worker = CharFilter(label=_("工作负责人"), max_length=64)


CREWS = ListDefinition(
    name="crews",
    title=_("抢修队"),
    route="console:repairs-crews",
    rows=lambda asking: crews.crew_rows(asking.scope),
    key="code",
    order=("code",),
    filters=CrewFilter,
    columns=(
        Column("code", _("队号"), Kind.CODE, link="console:repairs-crew"),
        Column("name", _("队名")),
        Column("state", _("状态"), Kind.WORD, words=words.CREW_STATES, tones=words.CREW_TONES),
        Column("in_hand", _("在手"), Kind.INTEGER),
        Column("skills", _("技能"), Kind.WORD, words=words.SKILL_SETS),
        Column("leader", _("队长"), Kind.CODE),
        Column("on_duty_to", _("在岗至"), Kind.MOMENT),
        Column("placed_at", _("位置时间"), Kind.MOMENT),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(
        _("没有抢修队"), _("先组建抢修队，再安排上岗。"), "console:repairs-crew-new", _("组建抢修队"), makes_new=True
    ),
)
INCIDENTS = ListDefinition(
    name="incidents",
    title=_("故障归并"),
    route="console:repairs-incidents",
    rows=lambda asking: incidents.incident_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=IncidentFilter,
    columns=(
        Column("number", _("归并单号"), Kind.CODE, link="console:repairs-incident"),
        Column("state", _("状态"), Kind.WORD, words=words.INCIDENT_STATES, tones=words.INCIDENT_TONES),
        Column("step", _("进展"), Kind.WORD, words=words.INCIDENT_STEPS),
        Column("level", _("范围"), Kind.WORD, words=words.LEVELS),
        Column("what", _("设备")),
        Column("feeder_name", _("馈线")),
        Column("cases", _("工单"), Kind.INTEGER),
        Column("customers", _("影响用户"), Kind.INTEGER),
        Column("crew", _("抢修队"), Kind.CODE),
        Column("expected_at", _("预计恢复"), Kind.MOMENT),
        Column("opened_at", _("归并时间"), Kind.MOMENT),
        Column("restored_at", _("恢复时间"), Kind.MOMENT, is_shown=False),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有归并的故障"), _("同一台区或馈线的多个报修会自动归并到这里。")),
)
PERMITS = ListDefinition(
    name="permits",
    title=_("工作票"),
    route="console:repairs-permits",
    rows=lambda asking: permits.permit_rows(asking.scope),
    key="number",
    order=("-id",),
    filters=PermitFilter,
    columns=(
        Column("number", _("工作票号"), Kind.CODE, link="console:repairs-permit"),
        Column("state", _("状态"), Kind.WORD, words=words.PERMIT_STATES, tones=words.PERMIT_TONES),
        Column("case_number", _("工单"), Kind.CODE, link="console:cases-detail"),
        Column("work", _("工作内容")),
        Column("worker", _("工作负责人"), Kind.CODE),
        Column("issued_by", _("签发人"), Kind.CODE),
        Column("open_checks", _("未确认措施"), Kind.INTEGER),
        Column("valid_from", _("计划开始"), Kind.MOMENT),
        Column("valid_to", _("计划结束"), Kind.MOMENT),
        Column("unit_name", _("单位")),
    ),
    empty=Empty(_("没有工作票"), _("需要工作票的环节，从工单页填写。")),
)
LISTS = (CREWS, INCIDENTS, PERMITS)
