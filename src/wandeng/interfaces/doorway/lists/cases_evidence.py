"""The list of what proves closed cases, for how long it is kept, and what is done about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.cases.actions import retention
from wandeng.domains.cases.queries import retention as queries
from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway import process_names as names
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import Choices
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import cases as words


class EvidenceFilter(UnitFilterSet):
    """By where it stands, grade and number."""

    standing = ChoiceFilter(label=_("状态"), choices=list(words.EVIDENCE.items()))
    grade = ChoiceFilter(label=_("等级"), choices=[])
    number = CharFilter(label=_("工单号"), lookup_expr="startswith", max_length=24)

    def offered(self) -> Mapping[str, Choices]:
        return {**super().offered(), "grade": list(names.GRADES.items())}


def _hold(asking: Asking, keys: list[str], told: str) -> int:
    return retention.hold(numbers=keys, reason=told, actor=asking.actor, at=asking.now)


def _release(asking: Asking, keys: list[str], told: str) -> int:
    return retention.release(numbers=keys, reason=told, actor=asking.actor, at=asking.now)


def _propose(asking: Asking, keys: list[str], told: str) -> int:
    return retention.propose(numbers=keys, reason=told, actor=asking.actor, at=asking.now)


def _approve(asking: Asking, keys: list[str], told: str) -> int:
    return retention.approve(numbers=keys, note=told, actor=asking.actor, at=asking.now)


def _refuse(asking: Asking, keys: list[str], told: str) -> int:
    return retention.refuse(numbers=keys, reason=told, actor=asking.actor, at=asking.now)


EVIDENCE = ListDefinition(
    name="case-evidence",
    title=_("证据保管"),
    route="console:cases-evidence",
    rows=lambda asking: queries.evidence_rows(asking.scope, today=asking.today).annotate(
        proposer=organization.name_of("proposed_by")
    ),
    key="number",
    order=("kept_until",),
    filters=EvidenceFilter,
    columns=(
        Column("number", _("工单号"), Kind.CODE, link="console:cases-detail"),
        Column("process", _("类型"), Kind.WORD, words=names.KINDS),
        Column("grade", _("等级"), Kind.WORD, words=names.GRADES),
        Column("ended_at", _("办结时间"), Kind.MOMENT),
        Column("kept_until", _("保管至"), Kind.DAY, is_sortable=True),
        Column("standing", _("状态"), Kind.WORD, words=words.EVIDENCE, tones=words.EVIDENCE_TONES),
        Column("files", _("文件数"), Kind.INTEGER),
        Column("proposer", _("提请人")),
        Column("proposed_by", _("提请人工号"), Kind.CODE, is_shown=False),
        Column("proposed_at", _("提请时间"), Kind.MOMENT, is_shown=False),
        Column("why", _("事由")),
        Column("unit_name", _("单位")),
    ),
    bulk=(
        BulkAction("propose", _("提请销毁"), _propose, _("保管期满且未保全的，交另一人批准。"), wants_reason=True),
        BulkAction(
            "approve", _("批准销毁"), _approve, _("选中工单的文件将永久删除，只留下种类、环节和内容摘要。"), danger=True
        ),
        BulkAction("refuse", _("驳回或撤回"), _refuse, _("不销毁；以后可以再次提请。"), wants_reason=True),
        BulkAction("hold", _("证据保全"), _hold, _("不论保管期，解除之前不得销毁；待批准的销毁随之驳回。"), wants_reason=True),
        BulkAction("release", _("解除保全"), _release, _("保管期重新起作用。"), wants_reason=True),
    ),
    empty=Empty(_("没有需要保管的证据"), _("投诉等办结后，凭证按等级保管若干年，期满由两人销毁。")),
)  # fmt: skip
LISTS = (EVIDENCE,)
