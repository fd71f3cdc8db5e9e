"""How long repairs take, stage by stage: percentiles of a month or a year, taken apart, also as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.cases.queries import stage_times
from wandeng.domains.cases.queries.stage_times import StageGroup, StagesBy, StageTimes
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability.queries import calendar_year
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import repairs as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month

SECONDS_PER_MINUTE = 60


@require_safe
def page(request: Request) -> HttpResponse:
    """Percentiles of the stages of a unit's repairs of a month (``month``) or a year (``year``); ``?format=xlsx`` as a workbook."""
    asking = request.asking
    units = organization.unit_tree(asking.scope)
    code = request.GET.get("unit") or units[0].code
    month, year = request.GET.get("month", ""), _year(request, asking.today.year)
    by = StagesBy(request.GET["by"]) if request.GET.get("by") in set(StagesBy) else StagesBy.UNIT
    period = Month.parse(month).period if month else calendar_year(year)
    found = stage_times.stage_times(
        asking.scope, unit_code=code, period=period, by=by, charter=rulebook.charter()
    )  # fmt: skip
    names = {stage: _said(zh, en) for stage, zh, en in found.stages}
    if request.GET.get("format") == "xlsx":
        headers = {"Content-Disposition": f'attachment; filename="repair-times-{code}-{month or year}.xlsx"'}
        return HttpResponse(workbook(found, names, by), content_type=XLSX, headers=headers)
    context = {
        "units": units, "unit": organization.unit(asking.scope, code), "month": month, "year": year, "by": by.value,
        "ways": words.TIMES_BY, "found": found, "names": names, "whole": found.whole and cells(found.whole),
        "groups": [(one, name_of(one, by), _by_stage(one, names)) for one in found.groups],
    }  # fmt: skip
    return render(request, "console/repairs/times.html", context)


def _year(request: Request, default: int) -> int:
    text = request.GET.get("year") or str(default)
    if not text.isdigit():
        raise InvalidInput(f"not a year: {text}")
    return int(text)


def _said(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


def name_of(group: StageGroup, by: StagesBy) -> str:
    """What a group is called in the reader's language."""
    if by is StagesBy.LOCALITY:
        return str(customer_words.LOCALITIES.get(group.code) or _("未知"))
    return _said(group.name_zh, group.name_en) or _("未分类")


def cells(group: StageGroup) -> dict[str, dict[str, Any]]:
    """The spreads of a group by stage: times in minutes with one decimal."""
    return {
        one.stage: {
            "cases": one.cases, "p50": minutes(one.p50_s), "p90": minutes(one.p90_s), "p95": minutes(one.p95_s),
            "longest": minutes(one.longest_s),
        }
        for one in group.spreads
    }  # fmt: skip


def _by_stage(group: StageGroup, names: Mapping[str, str]) -> list[tuple[str, dict[str, Any] | None]]:
    told = cells(group)
    return [(name, told.get(stage)) for stage, name in names.items()]


def minutes(seconds: int) -> str:
    """Minutes with one decimal, rounded half up."""
    return format_scaled((seconds * 10 + SECONDS_PER_MINUTE // 2) // SECONDS_PER_MINUTE, 1)


def workbook(found: StageTimes, names: Mapping[str, str], by: StagesBy) -> bytes:
    """A row a group and stage, times in minutes; the whole of the unit first."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.0"})
        sheet = book.add_worksheet(_("抢修环节时长"))
        sheet.set_column(0, 1, 24)
        sheet.freeze_panes(1, 0)
        titles = (str(words.TIMES_BY[by.value]), _("环节"), _("工单数"), "P50", "P90", "P95", _("最长"))
        sheet.write_row(0, 0, titles, bold)
        for line, (group, stage, cases, *times) in enumerate(_rows(found, by), start=1):
            sheet.write_string(line, 0, group)
            sheet.write_string(line, 1, names[stage])
            sheet.write_number(line, 2, cases)
            for place, seconds in enumerate(times, start=3):
                sheet.write_number(line, place, seconds / SECONDS_PER_MINUTE, number)
    return target.getvalue()


def _rows(found: StageTimes, by: StagesBy) -> Iterable[tuple[str, str, int, int, int, int, int]]:
    whole = [(_("合计"), found.whole)] if found.whole else []
    for name, group in (*whole, *((name_of(one, by), one) for one in found.groups)):
        for one in group.spreads:
            yield name, one.stage, one.cases, one.p50_s, one.p90_s, one.p95_s, one.longest_s
