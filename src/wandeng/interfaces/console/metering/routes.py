"""Reading routes with their progress, and the sheet on which readings are typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import Progress, SheetRow
from wandeng.interfaces.console.lists import ListPage
from wandeng.interfaces.console.metering import registers
from wandeng.interfaces.doorway import refusals, rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.metering import routes_of
from wandeng.interfaces.doorway.templatetags.wandeng import listed
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import InvalidInput, Refused
from wandeng.kernel.periods import Month

PER_PAGE = 60


class RoutesPage(ListPage):
    """The list of routes with the progress of a month that the reader chooses."""

    template = "console/metering/routes.html"

    def get(self, request: Request) -> HttpResponse | StreamingHttpResponse | FileResponse:
        month = _month(request, queries.last_month(1, 1, request.asking.today))
        self.definition = routes_of(month)
        self.month = month
        return super().get(request)

    def context(self, request: Request, *arguments: Any) -> dict[str, Any]:
        """The list's, with the month."""
        return {**super().context(request, *arguments), "month": self.month}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet with its inputs, what is wrong with what was typed, and the way it is told."""

    row: SheetRow
    fields: tuple[registers.Field, ...]
    error: str = ""
    told: str = ""

    @property
    def tone(self) -> str:
        """``ok`` accepted, ``warn`` held, ``late`` refused; empty while nothing stands."""
        if self.error:
            return "late"
        if self.row.reading is None:
            return ""
        return "warn" if self.row.reading.state == "HELD" else "ok"


@require_safe
def sheet(request: Request, code: str) -> HttpResponse:
    """A route's meters in walk order, each with an input; every value is stored as soon as it is typed."""
    asking = request.asking
    library = rulebook.library()
    only_missing = request.GET.get("left") == "missing"
    month = _month(request, None) or _newest(request, code)
    page = _page(request)
    shown = queries.sheet(
        asking.scope,
        code,
        month,
        start=(page - 1) * PER_PAGE,
        count=PER_PAGE,
        library=library,
        only_missing=only_missing,
    )
    pages = -(-shown.count // PER_PAGE)
    context = {
        "sheet": shown,
        "month": month,
        "lines": [_line(row) for row in shown.rows],
        "progress": shown.progress,
        "only_missing": only_missing,
        "may_enter": asking.may("console:metering-enter", write=True)
        and shown.route.read_on is not None
        and shown.route.read_on <= asking.today,
        "is_early": shown.route.read_on is not None and shown.route.read_on > asking.today,
        "page": page,
        "pages": pages,
        "previous": _address(month, only_missing, page - 1) if page > 1 else "",
        "next": _address(month, only_missing, page + 1) if page < pages else "",
        "months": [month.plus(-1), month.plus(1)],
        **_words(),
    }
    return render(request, "console/metering/sheet.html", context)


@require_POST
def enter(request: Request, installation: int, day: str) -> HttpResponse:
    """Store one typed value and answer with its row as it stands then; what is refused keeps what was typed."""
    asking = request.asking
    library = rulebook.library()
    read_on = _day(day)
    before = queries.sheet_row(asking.scope, installation, read_on, library=library)
    error = told = ""
    try:
        typed = registers.parse(request.POST, before.registers)
        lacking = [] if typed is None else registers.missing(typed, before.registers)
        if lacking:
            # A meter of several registers is stored when the last of them is typed.
            told = _("还差：%(registers)s") % {"registers": listed(lacking)}
        elif typed is not None:
            entered = actions.enter_reading(
                installation_id=installation,
                read_on=read_on,
                registers=typed,
                library=library,
                actor=asking.actor,
                at=asking.now,
                reason=_("抄表录入更正"),
            )
            told = "" if entered.unchanged else _told(entered.hold_reason)
        elif before.reading is not None:
            error = _("已存的示数不能清空；改成正确的数，或在示数页退回。")
    except Refused as refusal:
        error = refusals.sentence(refusal, get_language() or "zh-hans")
    row = queries.sheet_row(asking.scope, installation, read_on, library=library)
    line = _line(row, error=error, told=told, typed=request.POST if error else None)
    context = {"line": line, "day": read_on, "may_enter": True, "progress": _progress(request, read_on), **_words()}
    return render(request, "console/metering/sheet_answer.html", context)


def _told(hold_reason: str) -> str:
    if hold_reason:
        return _("已存，待审：%(reason)s") % {"reason": words.HOLD_REASONS[hold_reason]}
    return _("已存")


def _progress(request: Request, read_on: date) -> Progress | None:
    """The progress of the sheet that the row stands on, named by the page itself."""
    code, month = request.POST.get("route", ""), request.POST.get("month", "")
    if not code or not month:
        return None
    return queries.progress(request.asking.scope, code, Month.parse(month))


def _line(row: SheetRow, *, error: str = "", told: str = "", typed: Any = None) -> Line:
    standing = None if row.reading is None else row.reading.registers
    shown = registers.fields(row.registers, standing, row.previous)
    if typed is not None:
        shown = tuple(
            registers.Field(field.name, field.title, typed.get(field.name, field.value), field.previous)
            for field in shown
        )
    return Line(row, shown, error, told)


def _words() -> dict[str, Any]:
    return {
        "reasons": words.HOLD_REASONS,
        "advice": words.HOLD_ADVICE,
        "sources": words.SOURCES,
        "states": words.READING_STATES,
    }


def _newest(request: Request, code: str) -> Month:
    facts = queries.route(request.asking.scope, code)
    return queries.last_month(facts.reading_day, facts.months, request.asking.today)


def _month(request: Request, default: Month | None) -> Any:
    text = request.GET.get("month", "")
    return Month.parse(text) if text else default


def _page(request: Request) -> int:
    text = request.GET.get("page", "1")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 10_000:
        raise InvalidInput("expected a page from 1 on")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"a day is written YYYY-MM-DD, not '{text}'") from None


def _address(month: Month, only_missing: bool, page: int) -> str:
    query = {"month": str(month), "page": page, **({"left": "missing"} if only_missing else {})}
    return f"?{urlencode(query)}"
