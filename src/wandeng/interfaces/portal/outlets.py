"""Where to pay near me (附近网点): outlets by distance with their hours, vehicle stops of the days ahead, a small map of our own; for
everybody, without a login."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from wandeng.calc.dispatch import Spot, distance_m
from wandeng.domains.appointments.queries import ahead
from wandeng.domains.appointments.queries.ahead import StopAhead
from wandeng.domains.outlets import queries
from wandeng.domains.outlets.types import OutletShown, Spotted
from wandeng.infra.effective.working_days import working_calendar
from wandeng.interfaces.doorway import rulebook, sketch
from wandeng.interfaces.doorway.middleware import now
from wandeng.interfaces.doorway.words import outlets as words
from wandeng.interfaces.doorway.words import planned_outages as days
from wandeng.interfaces.portal import power
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.periods import BILLING_ZONE

AT_ONCE, MOST_STOPS = 10, 6
SECONDS_KEPT = 60
STOP_DAYS = 7
MOST_ASKED = 64


@dataclass(frozen=True, slots=True)
class Near:
    """An outlet of the page in words, with the meters to it from where the reader asked."""

    outlet: OutletShown
    meters: int | None
    is_open: bool
    standing: str
    today: str


@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Outlets near a village that was named, or all; the map; the vehicle."""
    asked, at = _asked(request), now()
    spots = queries.spots_like(asked) if asked else ()
    here = _chosen(request, spots)
    with translation.override(power.language_of(request)):
        found = _near(at, here)
        begin = _offset(request, len(found))
        shown = found[begin : begin + AT_ONCE]
        stops = ahead.stops_ahead(from_at=at, to_at=at + timedelta(days=STOP_DAYS))
        told = [
            (days.day(_local(one.starts_at).date(), _local(at).date()), days.window(one.starts_at, one.ends_at), one)
            for one in stops[:MOST_STOPS]
        ]
        lines = [
            (one, words.KINDS[one.outlet.kind], [words.SERVICES[service] for service in one.outlet.services],
             words.hours(one.outlet.hours), words.distance(one.meters))
            for one in shown
        ]  # fmt: skip
        drawn = _drawn(shown, begin, stops[:MOST_STOPS], here, at)
    context = {
        "asked": asked, "here": here, "others": [one for one in spots if one != here], "lines": lines, "stops": told,
        "drawn": drawn, "count": len(found), "nothing": bool(asked) and here is None,
        "begin": begin, "earlier": max(0, begin - AT_ONCE) if begin else None,
        "later": begin + AT_ONCE if begin + AT_ONCE < len(found) else None,
    }  # fmt: skip
    return power.page_of(request, "portal/outlets.html", context, kept=SECONDS_KEPT)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The same as JSON."""
    asked, at = _asked(request), now()
    here = _chosen(request, queries.spots_like(asked) if asked else ())
    with translation.override(power.language_of(request)):
        outlets = [
            {
                "code": one.outlet.code, "name": one.outlet.name, "kind": one.outlet.kind, "address": one.outlet.address,
                "telephone": one.outlet.public_phone, "longitude_e6": one.outlet.longitude_e6,
                "latitude_e6": one.outlet.latitude_e6, "services": list(one.outlet.services), "hours": one.outlet.hours,
                "today": one.today, "is_open": one.is_open, "meters": one.meters,
            }
            for one in _near(at, here)[:AT_ONCE]
        ]  # fmt: skip
    stops = [
        {"name": one.name, "address": one.address, "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat(),
         "longitude_e6": one.longitude_e6, "latitude_e6": one.latitude_e6, "vehicle": one.vehicle_name}
        for one in ahead.stops_ahead(from_at=at, to_at=at + timedelta(days=STOP_DAYS))
    ]  # fmt: skip
    body = {"here": here and {"code": here.code, "name": here.name}, "outlets": outlets, "vehicle_stops": stops}
    return JsonResponse(body, headers={"Cache-Control": f"public, max-age={SECONDS_KEPT}"})


def _asked(request: HttpRequest) -> str:
    return str(request.GET.get("q", "")).strip()[:MOST_ASKED]


def _offset(request: HttpRequest, count: int) -> int:
    """Where the page begins: what is no number, or lies behind the end, is the beginning."""
    text = str(request.GET.get("n", ""))
    begin = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return begin if begin < count else 0


def _chosen(request: HttpRequest, spots: tuple[Spotted, ...]) -> Spotted | None:
    """The place that was chosen among those that are called so, else the largest."""
    wanted = request.GET.get("at", "")
    return next((one for one in spots if one.code == wanted), spots[0] if spots else None)


def _near(at: datetime, here: Spotted | None) -> list[Near]:
    """All outlets, the nearest first; without a place those that are open first."""
    local = _local(at)
    calendar = _calendar(local)
    found = [_standing(one, local, calendar, here) for one in queries.public_outlets(on=local.date())]
    if here is None:
        return sorted(found, key=lambda one: (not one.is_open, one.outlet.kind != "HALL", one.outlet.code))
    return sorted(found, key=lambda one: (one.meters or 0, one.outlet.code))


def _standing(one: OutletShown, local: datetime, calendar: WorkingCalendar | None, here: Spotted | None) -> Near:
    minute, spans = local.hour * 60 + local.minute, queries.open_on_day(one, local.date(), calendar)
    until = next((end for begin, end in spans if begin <= minute < end), None)
    following = None if until is not None else queries.opening_next(one, local.date(), minute, calendar)
    standing = words.standing(until, following, local.date())
    return Near(one, _meters(one, here), until is not None, standing, words.spans(spans))


def _calendar(local: datetime) -> WorkingCalendar | None:
    """Holidays of this year and of the week ahead. Without those of next year weekdays decide in its last week: a place that is
    shown open on New Year's Day is a lesser evil than a page that is not there."""
    with suppress(NoRuleInForce):
        return working_calendar(rulebook.library(), local.year, (local + timedelta(days=8)).year)
    return None


def _meters(one: OutletShown, here: Spotted | None) -> int | None:
    """As the crow flies."""
    if here is None:
        return None
    return distance_m(Spot(here.longitude_e6, here.latitude_e6), Spot(one.longitude_e6, one.latitude_e6))


def _drawn(
    found: list[Near], begin: int, stops: tuple[StopAhead, ...], here: Spotted | None, at: datetime
) -> sketch.Sketch | None:
    wishes = [sketch.Wish((here.longitude_e6, here.latitude_e6), "here", 12, here.name)] if here else []
    wishes += [
        sketch.Wish((one.longitude_e6, one.latitude_e6), "stop", 6, one.name)
        for one in stops
        if one.longitude_e6 is not None and one.latitude_e6 is not None
    ]
    wishes += [
        sketch.Wish((one.outlet.longitude_e6, one.outlet.latitude_e6), "outlet", 7, one.outlet.name, str(place))
        for place, one in enumerate(found, start=begin + 1)
    ]
    return sketch.draw(queries.main_roads(on=_local(at).date()), wishes)


def _local(at: datetime) -> datetime:
    return at.astimezone(BILLING_ZONE)
