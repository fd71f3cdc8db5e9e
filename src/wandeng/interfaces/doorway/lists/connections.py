"""Lists of new connections: all that are under way, and what the network lacks for them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.connections.queries import board as queries
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import Choices
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import connections as words

_PROCESSES = ("low_voltage_connection", "high_voltage_connection")


class BoardFilter(UnitFilterSet):
    """By kind, class, whether it is late, who answers for it, and number."""

    process = ChoiceFilter(label=_("类型"), choices=[])
    connection_class = ChoiceFilter(
        label=_("报装类别"), choices=[(code, word) for code, word in words.CLASSES.items() if code]
    )
    late = ChoiceFilter(label=_("时限"), method="is_late_or_not", choices=[("yes", _("已超时")), ("no", _("未超时"))])
    named = CharFilter(label=_("责任人工号"), field_name="named_owner", max_length=64)
    number = CharFilter(label=_("工单号"), lookup_expr="startswith", max_length=24)

    def offered(self) -> Mapping[str, Choices]:
        kinds = [(code, names.KINDS[code]) for code in _PROCESSES]
        return {**super().offered(), "process": kinds}

    def is_late_or_not(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.filter(is_late=what == "yes")


class NeedFilter(UnitFilterSet):
    """By whether it is met, and transformer."""

    unit_key = "transformer__unit_id"
    met = ChoiceFilter(label=_("进展"), method="is_met", choices=[("no", _("未完成")), ("yes", _("已完成"))])
    transformer = CharFilter(label=_("变压器编号"), field_name="transformer_code", max_length=64)

    def is_met(self, rows: Rows, _name: str, what: str) -> Rows:
        return rows.filter(done_on__isnull=what == "no")


BOARD = ListDefinition(
    name="connections",
    title=_("业扩在途"),
    route="console:connections-board",
    rows=lambda asking: queries.board_rows(asking.scope, now=asking.now).annotate(
        owner_name=organization.name_of("named_owner")
    ),
    key="id",
    order=("due_at", "id"),
    filters=BoardFilter,
    columns=(
        Column("number", _("工单号"), Kind.CODE, link="console:connections-project"),
        Column("process", _("类型"), Kind.WORD, words=names.KINDS),
        Column("connection_class", _("报装类别"), Kind.WORD, words=words.CLASSES),
        Column("capacity_ckva", _("申请容量（kVA）"), Kind.QUANTITY, is_sortable=True),
        Column("step_key", _("环节"), Kind.WORD, words=names.STEPS),
        Column("due_at", _("剩余时限"), Kind.DEADLINE, is_sortable=True, held_by="is_paused", none_last=True),
        Column("owner_name", _("责任人")),
        Column("named_owner", _("责任人工号"), Kind.CODE, is_shown=False),
        Column("surveyor", _("勘查员"), Kind.CODE, is_shown=False),
        Column("manager", _("项目经理"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
        Column("opened_at", _("受理时间"), Kind.MOMENT, is_sortable=True),
    ),
    empty=Empty(_("没有在途业扩"), _("受理低压或高压业扩报装后，项目在这里。"), "console:cases-intake", _("受理")),
)
NEEDS = ListDefinition(
    name="reinforcement-needs",
    title=_("配网补强需求"),
    route="console:connections-needs",
    rows=lambda asking: queries.need_rows(asking.scope),
    key="id",
    order=("-noted_at",),
    filters=NeedFilter,
    columns=(
        Column("transformer_code", _("变压器编号"), Kind.CODE),
        Column("transformer_name", _("台区")),
        Column("feeder_name", _("馈线")),
        Column("lacking_ckva", _("缺额（kVA）"), Kind.QUANTITY, is_sortable=True),
        Column("case_number", _("业扩工单"), Kind.CODE, link="console:connections-project"),
        Column("noted_at", _("提出时间"), Kind.MOMENT, is_sortable=True),
        Column("planned_on", _("计划日期"), Kind.DAY),
        Column("done_on", _("完成日期"), Kind.DAY),
        Column("note", _("说明")),
        Column("unit_name", _("单位"), is_shown=False),
    ),
    empty=Empty(
        _("没有补强需求"), _("方案选用没有余量的变压器时，需求在这里。"), "console:connections-board", _("业扩在途")
    ),
)
