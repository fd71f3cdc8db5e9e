"""The dispatch board: what waits for a crew by urgency, crews with place and load, incidents; and its map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wandeng.domains.cases.actions import crews as crew_actions
from wandeng.domains.cases.queries import claims, crews, incidents, permits
from wandeng.flows.supply_status import answers
from wandeng.flows.supply_status.answers import AreaAnswer
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking, Request
from wandeng.interfaces.doorway.words import repairs as words
from wandeng.interfaces.doorway.words import supply_status as supply_words

MOST, MOST_PLACES = 50, 500
MONTH = timedelta(days=30)
_STATES = {"FREE": "ok", "ON_THE_WAY": "planned", "WORKING": "warn", "OFF": "dead"}


@require_safe
def page(request: Request) -> HttpResponse:
    """Everything a dispatcher decides by, on one page."""
    asking = request.asking
    waiting = crews.waiting_rows(asking.scope)
    context = {
        "waiting": list(waiting[:MOST]), "waiting_count": waiting.count(), "most": MOST,
        "crews": [_crew(row) for row in crews.crew_rows(asking.scope).order_by("code")[:MOST]],
        "incidents": [
            row | {"step_word": words.INCIDENT_STEPS.get(row["step"], row["step"]), "level_word": words.LEVELS[row["level"]]}
            for row in incidents.incident_rows(asking.scope, states=("OPEN",)).order_by("opened_at", "id")[:MOST]
        ],
        "has_places": _placed(asking).exists(),
        "taken": crews.taken(asking.scope, since=asking.now - MONTH, until=asking.now), "may_send": asking.may("console:repairs-send", write=True),
    }  # fmt: skip
    return render(request, "console/repairs/board.html", context)


@require_POST
def send(request: Request, number: str) -> HttpResponse:
    """Send a crew to a case."""
    asking = request.asking
    code = request.POST.get("crew", "")
    crew_actions.send(number=number, code=code, actor=asking.actor, at=asking.now, charter=rulebook.charter())
    messages.success(request, _("%(crew)s 已派往工单 %(number)s。") % {"crew": code, "number": number})
    return HttpResponseRedirect(reverse("console:repairs-board"))


@require_safe
def part(request: Request, number: str) -> HttpResponse:
    """What repairs know of a case, as a part of its page: its incident, the crews proposed, its permits, its claim."""
    asking, charter = request.asking, rulebook.charter()
    context = {
        "number": number, "incident": incidents.incident_of(asking.scope, number),
        "places": ranked(crews.ranking_for_case(asking.scope, number, charter=charter, now=asking.now)),
        "may_send": asking.may("console:repairs-send", write=True),
        "permits": [(one, words.PERMIT_STATES[state]) for one, state, _step in permits.permits_of(asking.scope, number)],
        "wants_permit": permits.is_wanted(asking.scope, number, charter=charter)
        and asking.may("console:repairs-permit-new", write=True),
        "is_claim": claims.is_claim(asking.scope, number),
    }  # fmt: skip
    return render(request, "console/repairs/part.html", context)


@require_safe
def geojson(request: Request) -> JsonResponse:
    """Crews at their places, for the map; crews off duty are left out."""
    found = []
    for row in _placed(request.asking)[:MOST_PLACES]:
        degrees = [row["longitude_e6"] / 1_000_000, row["latitude_e6"] / 1_000_000]
        label = f"{row['name']} · {words.CREW_STATES[row['state']]} · {row['in_hand']}"
        found.append(
            {
                "type": "Feature", "geometry": {"type": "Point", "coordinates": degrees},
                "properties": {
                    "kind": "substation", "state": _STATES[row["state"]], "name": row["name"], "label": label,
                    "layer": _("抢修队"), "href": reverse("console:repairs-crew", args=[row["code"]]),
                },
            }
        )  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": found})


@require_safe
def known(request: Request, number: str) -> HttpResponse:
    """When supply is back at an account, in the words that everybody reads, as a part of a page; ``quiet``: nothing at all where
    nothing is known."""
    asking = request.asking
    found = answers.supply_status(asking.scope, number, now=asking.now, library=rulebook.library())
    told = [_told(one, asking) for one in found]
    return render(request, "console/repairs/known.html", {"known": told, "quiet": "quiet" in request.GET})


@require_safe
def claim(request: Request, number: str) -> HttpResponse:
    """What is owed for a damaged appliance."""
    found = claims.claim_worth(request.asking.scope, number, charter=rulebook.charter())
    return render(request, "console/repairs/claim.html", {"claim": found, "ground": words.GROUNDS[found.ground]})


def _placed(asking: Asking) -> crews.Rows:
    """Crews on duty that have said where they are."""
    return crews.crew_rows(asking.scope).exclude(state="OFF").exclude(longitude_e6=None)


def _told(one: AreaAnswer, asking: Asking) -> dict[str, Any]:
    headline, *lines = supply_words.said(one.answer, asking.now)
    tone = supply_words.STANDING_TONES[one.answer.standing]
    return {
        "headline": headline, "lines": lines, "tone": tone, "area_name": one.area_name, "incident": one.incident,
        "is_said": one.answer != answers.NOTHING_KNOWN,
    }  # fmt: skip


def _crew(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "state_word": words.CREW_STATES[row["state"]], "tone": words.CREW_TONES[row["state"]],
        "skill_words": words.SKILL_SETS.get(row["skills"], row["skills"]),
    }  # fmt: skip


def ranked(places: tuple[crews.Place, ...]) -> list[dict[str, Any]]:
    """A ranking in words."""
    return [
        {
            "code": one.code, "name": one.name, "place": one.place, "minutes": one.minutes, "is_able": one.is_able,
            "state": words.CREW_STATES[one.state], "tone": words.CREW_TONES[one.state],
            "reasons": [words.reason(*each) for each in one.reasons],
        }
        for one in places
    ]  # fmt: skip
