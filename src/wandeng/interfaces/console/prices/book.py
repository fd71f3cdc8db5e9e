"""The price book: every code by territory and day, its versions, and the rule files behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wandeng.domains.tariffs import queries
from wandeng.domains.tariffs.queries.hours import TimetableShown
from wandeng.domains.tariffs.queries.published import (
    ChargeShown,
    CodeHistory,
    CodeListed,
    PriceChange,
    PriceVersion,
    RuleSource,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.interfaces.console.prices import charts
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import prices as words
from wandeng.kernel.errors import InvalidInput, NotFound

POWER_FACTOR = 4


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code of the book with who is priced by it and what is doubtful about it."""

    one: CodeListed
    name: str
    customer_class: Any
    points: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of a code and how many of its prices differ from the one before."""

    version: PriceVersion
    changed: int
    is_first: bool
    is_shown: bool


def _day(text: str, default: date) -> date:
    if not text:
        return default
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("a day is written YYYY-MM-DD") from None


@require_safe
def index(request: Request) -> HttpResponse:
    """All codes of all territories, or of one, as they hold on a day."""
    asking, library = request.asking, rulebook.library()
    on = _day(request.GET.get("on", ""), asking.today)
    territories = queries.territories(library)
    wanted = request.GET.get("territory", "")
    if wanted and wanted not in dict(territories):
        raise NotFound(f"there are no prices of {wanted}")
    points = queries.points_by_code(asking.scope, on)
    rows = [_row(library, one, points, on) for one in queries.codes(library, on, territory=wanted)]
    rows.sort(key=lambda row: (-bool(row.points), row.one.territory, row.one.code))
    context = {
        "on": on,
        "territories": [(code, rule_name(name)) for code, name in territories],
        "territory": wanted,
        "rows": rows,
        "used": sum(1 for row in rows if row.points),
        "points": sum(points.values()),
        "warned": [row for row in rows if row.warnings and row.points],
        "unlisted": sorted(set(points) - {row.one.code for row in rows}) if not wanted else [],
        "statuses": _statuses(),
    }
    return render(request, "console/prices/list.html", context)


def _row(library: RuleLibrary, one: CodeListed, points: dict[str, int], on: date) -> CodeRow:
    return CodeRow(
        one,
        rule_name(one.name_zh),
        words.CLASSES.get(one.customer_class, one.customer_class),
        points.get(one.code, 0),
        tuple(_warnings(one, queries.timetable(library, one.code, on))),
    )


def _warnings(one: CodeListed, table: TimetableShown | None) -> list[str]:
    found = []
    if not one.is_priced:
        topic = words.TOPICS.get(one.missing, one.missing)
        found.append(_("当日没有价格：缺“%(topic)s”的规则，相关账单会停下") % {"topic": topic})
    if table and not table.has_list:
        found.append(_("当日没有尖峰日名单，相关账单会停下"))
    elif table and table.incomplete:
        found.append(_("尖峰日名单不完整，可能还有未列入的日子"))
    return found


@require_safe
def detail(request: Request, code: str) -> HttpResponse:
    """A code: what holds on a day, its tiers and hours drawn, every version, what changed in each."""
    asking, library = request.asking, rulebook.library()
    on = _day(request.GET.get("on", ""), asking.today)
    found = queries.history(library, code, on)
    shown = _chosen(found, request.GET.get("version", ""), on)
    before = _before(found, shown)
    table = queries.timetable(library, code, max(shown.from_on, min(on, shown.to_on)) if not shown.is_gap else on)
    drawn = charts.timetable(table) if table else None
    warned = [one for one in queries.codes(library, on, territory=found.territory) if one.code == code]
    context = {
        "code": code,
        "on": on,
        "found": found,
        "name": rule_name(found.facts.name_zh),
        "customer_class": words.CLASSES.get(found.facts.customer_class, found.facts.customer_class),
        "shown": shown,
        "charges": [_charge(one) for one in shown.charges],
        "changes": [_change(one) for one in queries.changes(before, shown)] if before else [],
        "before": before,
        "tiers": charts.tiers(shown),
        "table": table,
        "drawn": drawn,
        "sources": queries.sources(library, shown.sources),
        "versions": _version_rows(found, shown),
        "gaps": [(one, words.TOPICS.get(one.missing, one.missing)) for one in found.gaps(after=asking.today)],
        "warnings": [text for one in warned for text in _warnings(one, table)],
        "points": queries.points_by_code(asking.scope, on).get(code, 0),
        "statuses": _statuses(),
    }
    return render(request, "console/prices/code.html", context)


def _chosen(found: CodeHistory, asked: str, on: date) -> PriceVersion:
    """The version that begins on the day asked for, else the one that holds, else the last."""
    if asked:
        wanted = next((one for one in found.versions if one.from_on.isoformat() == asked), None)
        if wanted is None:
            raise NotFound(f"no version of {found.facts.code} begins on {asked}")
        return wanted
    return found.on(on) or found.versions[-1]


def _before(found: CodeHistory, shown: PriceVersion) -> PriceVersion | None:
    """The last version with prices before this one."""
    earlier = [one for one in found.versions if one.to_on <= shown.from_on and not one.is_gap]
    return earlier[-1] if earlier else None


def _version_rows(found: CodeHistory, shown: PriceVersion) -> list[VersionRow]:
    rows, before = [], None
    for one in found.versions:
        changed = len(queries.changes(before, one)) if before and not one.is_gap else 0
        rows.append(VersionRow(one, changed, before is None, one == shown))
        before = before if one.is_gap else one
    return list(reversed(rows))


def _charge(one: ChargeShown) -> dict[str, Any]:
    return {
        "one": one,
        "measure": words.MEASURES.get(one.measure, ""),
        "unit": words.UNITS[one.kind],
        "months": charts.months_text(one.months),
        "tier": f"{charts.tier_name(one.tier)} {charts.edges(one)}" if one.tier else "",
        "cycle": words.CYCLES.get(one.tier_cycle, ""),
        "is_rate": one.kind == POWER_FACTOR,
    }


def _change(one: PriceChange) -> dict[str, Any]:
    before, after = one.before, one.after
    moved = bool(before and after) and _ends(before) != _ends(after)
    return _charge(one.charge) | {
        "before": before,
        "after": after,
        "change": one.change_e8,
        "moved": moved,
        "edges_before": charts.edges(before) if before and before.tier else "",
        "edges_after": charts.edges(after) if after and after.tier else "",
    }


def _ends(one: ChargeShown | None) -> tuple[int, int | None]:
    return (one.tier_from_ckwh, one.tier_to_ckwh) if one else (0, None)


@require_safe
def rule(request: Request, path: str) -> HttpResponse:
    """A rule file: the document it cites, how far it is confirmed, its text, its other versions; also one that is only
    kept because something was priced by it."""
    library = rulebook.library()
    kept = queries.texts_of(path)
    source: RuleSource | None = None
    try:
        source = queries.source(library, path)
    except NotFound:
        if not kept:
            raise
    text = (default_root() / path).read_text("utf-8") if source else kept[-1].text
    versions = queries.neighbors(library, path) if source else ()
    context = {
        "path": path,
        "source": source,
        "topic": words.TOPICS.get(path.split("/")[1], path) if path.count("/") > 1 else path,
        "territory": rule_name(library.territories[source.territory].name_zh) if source else "",
        "status_note": words.STATUS_NOTES.get(source.status, "") if source else "",
        "text": text,
        "versions": reversed(versions),
        "kept": [one for one in kept if source is None or one.content_hash != source.content_hash],
        "statuses": _statuses(),
    }
    return render(request, "console/prices/rule.html", context)


def _statuses() -> list[tuple[str, Any, Any, str]]:
    return [(code, name, words.STATUS_NOTES[code], words.STATUS_TONES[code]) for code, name in words.STATUSES.items()]
