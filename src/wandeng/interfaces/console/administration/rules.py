"""Dated rules as people look through them: the working-day calendar, and every rule file with its text."""

from __future__ import annotations

import calendar
from datetime import date
from functools import cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from wandeng.infra.effective import listing
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.calendars import WorkingDays
from wandeng.infra.effective.working_days import working_calendar
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import administration as words

NATION = "national"
WEEKDAYS = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))


@cache
def library() -> RuleLibrary:
    """The rules of this installation, read once a process: files change only by a release."""
    return RuleLibrary.load(default_root())


@require_safe
def working_days(request: Request) -> HttpResponse:
    """A year of working days, month by month, as the notices have it."""
    versions = library().versions(WorkingDays, NATION)
    years = [version.body.year for version in versions]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdigit() and len(asked) == 4 else request.asking.today.year
    if year not in years:
        year = max((one for one in years if one <= year), default=years[0])
    version = next(one for one in versions if one.body.year == year)
    days = working_calendar(library(), year, year)
    named = {day: rule_name(holiday.name_zh) for holiday in version.body.holidays for day in holiday.days()}
    months = [_month(year, number, days, named, request.asking.today) for number in range(1, 13)]
    context = {
        "year": year, "years": years, "version": version, "weekdays": WEEKDAYS, "months": months,
        "total": sum(month["working"] for month in months), "holidays": version.body.holidays,
        "make_up_days": version.body.make_up_days,
    }  # fmt: skip
    return render(request, "console/administration/calendar.html", context)


def _month(year: int, number: int, days: Any, named: dict[date, str], today: date) -> dict[str, Any]:
    weeks = []
    working = 0
    for week in calendar.Calendar().monthdatescalendar(year, number):
        cells: list[dict[str, Any] | None] = []
        for day in week:
            if day.month != number:
                cells.append(None)
                continue
            works = days.is_working_day(day)
            working += works
            made_up = works and day.weekday() > 4
            kind = "holiday" if day in named else "make-up" if made_up else "" if works else "rest"
            cells.append({"day": day, "kind": kind, "name": named.get(day, ""), "is_today": day == today})
        weeks.append(cells)
    return {"first": date(year, number, 1), "weeks": weeks, "working": working}


@require_safe
def files(request: Request) -> HttpResponse:
    """Every loaded rule file; the address narrows to a territory or topic."""
    territory, topic = request.GET.get("territory", ""), request.GET.get("topic", "")
    rules, today = library(), request.asking.today
    everything = listing.rule_files(rules, today)
    found = listing.rule_files(rules, today, territory=territory, topic=topic)
    context = {
        "files": found, "territory": territory, "topic": topic, "statuses": words.RULE_STATUSES,
        "tones": words.RULE_TONES,
        "territories": [(code, rule_name(one.name_zh)) for code, one in sorted(rules.territories.items())],
        "topics": sorted({one.topic for one in everything}), "total": len(everything),
        "in_force": sum(one.holds for one in everything),
    }  # fmt: skip
    return render(request, "console/administration/rules.html", context)


@require_safe
def file(request: Request, path: str) -> HttpResponse:
    """One rule file, word for word."""
    rules, today = library(), request.asking.today
    shown = listing.rule_file(rules, path, today)
    context = {
        "file": shown, "text": listing.rule_text(default_root(), rules, path), "statuses": words.RULE_STATUSES,
        "tones": words.RULE_TONES,
        "versions": listing.rule_files(rules, today, territory=shown.territory, topic=shown.topic),
    }  # fmt: skip
    return render(request, "console/administration/rule.html", context)
