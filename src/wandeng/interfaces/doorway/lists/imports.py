"""The history of imports: which file, by whom, what became of its rows."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, DateFilter

from wandeng.flows.imports import desk
from wandeng.infra.imports import reports
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import imports as words


class BatchFilter(ListFilterSet):
    """By file, kind, person, day, and whether rows still wait."""

    q = CharFilter(label=_("文件名"), field_name="file_name", lookup_expr="icontains")
    kind = ChoiceFilter(label=_("类型"), choices=list(words.KINDS.items()))
    actor = CharFilter(label=_("操作人"))
    since = DateFilter(label=_("自"), field_name="started_at", lookup_expr="date__gte")
    waits = BooleanFilter(label=_("有待处理的行"), method="that_waits")

    def that_waits(self, rows: Rows, _name: str, asked: bool | None) -> Rows:
        if asked is None:
            return rows
        return rows.filter(waiting__gt=0) if asked else rows.filter(waiting=0)


def _rows(asking: Asking) -> Any:
    return reports.batch_rows(asking.scope, [kind.name for kind in desk.importable(asking.actor)])


BATCHES = ListDefinition(
    name="imports",
    title=_("数据导入"),
    route="console:imports-list",
    rows=_rows,
    key="id",
    order=("-id",),
    filters=BatchFilter,
    columns=(
        Column("id", _("批次"), Kind.CODE, is_sortable=True, link="console:imports-batch"),
        Column("kind", _("类型"), Kind.WORD, words=words.KINDS),
        Column("file_name", _("文件")),
        Column("state", _("状态"), Kind.WORD, words=words.BATCH_STATES, tones=words.BATCH_TONES),
        Column("actor", _("操作人"), Kind.CODE),
        Column("started_at", _("时间"), Kind.MOMENT),
        Column("rows_total", _("总行数"), Kind.INTEGER),
        Column("landed", _("落库"), Kind.INTEGER),
        Column("rows_unchanged", _("未变"), Kind.INTEGER),
        Column("waiting", _("待处理"), Kind.INTEGER),
        Column("finished_at", _("完成时间"), Kind.MOMENT, is_shown=False),
        Column("encoding", _("编码"), Kind.CODE, is_shown=False),
        Column("unit_path", _("单位范围"), is_shown=False),
    ),
    empty=Empty(
        _("还没有导入过文件"),
        _("先下载模板，填好后在此导入；试导不会写入任何数据。"),
        "console:imports-new",
        _("导入文件"),
    ),
)
LISTS = (BATCHES,)
