"""Planned outages for everybody (停电公告): by day, of a place, as a page, as JSON, as a calendar; from the published files alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from wandeng.flows.supply_status import finding, planned, publishing
from wandeng.flows.supply_status.planned import PlannedNotice
from wandeng.interfaces.doorway.middleware import now
from wandeng.interfaces.doorway.words import planned_outages as words
from wandeng.interfaces.portal import power
from wandeng.kernel.periods import BILLING_ZONE

AT_ONCE = 50
"""Outages of a page: it stays small for a telephone; the rest is a page further on."""
SECONDS_KEPT = 30
MOST_ASKED = 64


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """An outage of the page, in words."""

    number: str
    window: str
    places: str
    reason: str
    unit_name: str
    mark: str
    tone: str
    became: str
    is_canceled: bool


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A day with its outages."""

    title: str
    lines: tuple[PlannedLine, ...]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The list by day; of a place where one is named."""
    asked = _asked(request)
    if finding.is_number(asked):
        return HttpResponseRedirect(reverse("power:ask"), status=303)
    version, found = _found(asked)
    begin = _offset(request, len(found))
    shown, at = found[begin : begin + AT_ONCE], publishing.made_at()
    language = power.language_of(request)
    age = None if at is None else max(timedelta(0), now() - at)
    with translation.override(language):
        days = _days(shown, asked, now().astimezone(BILLING_ZONE).date())
    context = {
        "asked": asked, "days": days, "count": len(found), "version": version, "made_at": at,
        "age_seconds": None if age is None else int(age.total_seconds()),
        "is_old": age is None or age.total_seconds() > publishing.OLD_SECONDS,
        "earlier": max(0, begin - AT_ONCE) if begin else None,
        "later": begin + AT_ONCE if begin + AT_ONCE < len(found) else None,
    }  # fmt: skip
    return power.page_of(request, "portal/planned.html", context, kept=SECONDS_KEPT)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """All of it as JSON, also of a place."""
    version, found = _found(_asked(request))
    body = {"version": version, "outages": [planned.document(one, words.everywhere(one)) for one in found]}
    return JsonResponse(body, headers={"Cache-Control": f"public, max-age={SECONDS_KEPT}"})


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """All of it as a calendar (iCalendar, RFC 5545), also of a place: whoever subscribes sees changes and cancellations."""
    _, found = _found(_asked(request))
    with translation.override(power.language_of(request)):
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Wandeng//planned outages//ZH", "METHOD:PUBLISH"]
        for one in found:
            lines += _event(one, publishing.made_at() or now())
        text = "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = f"public, max-age={SECONDS_KEPT}"
    answer["Content-Disposition"] = 'inline; filename="planned-outages.ics"'
    return answer


def _asked(request: HttpRequest) -> str:
    return str(request.GET.get("q", "")).strip()[:MOST_ASKED]


def _found(asked: str) -> tuple[str, tuple[PlannedNotice, ...]]:
    version, found = publishing.published_plans()
    return version, tuple(one for one in found if planned.called(one, asked))


def _offset(request: HttpRequest, count: int) -> int:
    """Where the page begins: what is no number, or lies behind the end, is the beginning."""
    text = str(request.GET.get("n", ""))
    begin = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return begin if begin < count else 0


def _days(shown: tuple[PlannedNotice, ...], asked: str, today: date) -> list[PlannedDay]:
    by_day: dict[date, list[PlannedLine]] = {}
    for one in shown:
        of = max(today, one.starts_at.astimezone(BILLING_ZONE).date())
        line = PlannedLine(
            one.number, words.window(one.starts_at, one.ends_at), words.places(one, asked),
            str(words.REASONS.get(one.reason, "")), one.unit_name, str(words.MARKS[one.mark]), words.TONES[one.mark],
            words.became(one), one.is_canceled,
        )  # fmt: skip
        by_day.setdefault(of, []).append(line)
    return [PlannedDay(words.day(of, today), tuple(lines)) for of, lines in sorted(by_day.items())]


def _event(one: PlannedNotice, at: datetime) -> list[str]:
    said = words.said(one)
    return [
        "BEGIN:VEVENT", f"UID:{one.number}@wandeng", f"DTSTAMP:{_utc(at)}", f"DTSTART:{_utc(one.starts_at)}",
        f"DTEND:{_utc(one.ends_at)}", f"SUMMARY:{_escaped(words.calendar_title(one))}",
        f"LOCATION:{_escaped(words.places(one))}", f"DESCRIPTION:{_escaped(' '.join(said[2:]))}",
        f"STATUS:{'CANCELLED' if one.is_canceled else 'CONFIRMED'}", "TRANSP:TRANSPARENT", "END:VEVENT",
    ]  # fmt: skip


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, continued by a blank; never within a character."""
    parts, size = [""], 0
    for one in line:
        octets = len(one.encode())
        if size + octets > (75 if len(parts) == 1 else 74):
            parts.append("")
            size = 0
        parts[-1] += one
        size += octets
    return "\r\n ".join(parts)
