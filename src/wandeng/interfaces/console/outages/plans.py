"""One plan: whom it interrupts, what speaks against it, who said what, and its versions."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.outages import queries
from wandeng.domains.outages.types import OutageState, PlanView, VersionState
from wandeng.interfaces.console.outages.shown import findings
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import outages as words

SHOWN_AREAS = 200
LONGEST = 5
EDITABLE = (OutageState.DRAFT, OutageState.REFUSED, OutageState.SUBMITTED, OutageState.APPROVED, OutageState.PUBLISHED)


@require_safe
def page(request: Request, number: str) -> HttpResponse:
    """The plan with everything on record."""
    return show(request, number)


def show(request: Request, number: str, *, errors: list[str] | None = None, status: int = 200) -> HttpResponse:
    """The page, with what a person was refused if anything."""
    asking = request.asking
    found = queries.plan(asking.scope, number, on=asking.today, library=rulebook.library())
    looked_at = found.looked_at
    context = {
        "found": found, "shown": looked_at, "areas": looked_at.areas[:SHOWN_AREAS],
        "more": max(0, len(looked_at.areas) - SHOWN_AREAS), "findings": findings(looked_at.findings),
        "before": _before(found), "may": _may(request, found), "errors": errors or [],
        "state": words.STATES[found.state], "tone": words.TONES.get(found.state, ""),
        "category": words.CATEGORIES[found.category], "reason": words.REASONS[found.reason],
        "live": words.LIVE[looked_at.live_line], "levels": [(one, words.LEVELS[one]) for one in looked_at.levels],
        "level_words": words.LEVELS, "version_words": words.VERSION_STATES, "isolation": words.ISOLATION,
        "works": words.WORKS, "importance": customer_words.IMPORTANCES, "protections": words.PROTECTIONS,
    }  # fmt: skip
    return render(request, "console/outages/plan.html", context, status=status)


def _before(found: PlanView) -> int | None:
    """The version that the one looked at is held against; ``None`` where nothing was told before."""
    looked_at = found.looked_at
    if looked_at.version != found.version:
        return found.version
    former = (one.version for one in found.versions if one.state is VersionState.REPLACED)
    return next(former, None) if looked_at.is_change else None


@require_safe
def differences(request: Request, number: str) -> HttpResponse:
    """Whom ``?version=`` adds, drops and keeps against ``?before=``, as a part of the page."""
    given = {name: request.GET.get(name, "1") for name in ("version", "before")}
    version, before = (int(one) if one.isdecimal() and len(one) < LONGEST else 0 for one in given.values())
    differs = queries.differences(request.asking.scope, number, version=version, before=before)
    return render(request, "console/outages/differences.html", {"differs": differs})


def _may(request: Request, found: PlanView) -> dict[str, Any]:
    """What this person may do with the plan as it stands."""
    asking, state = request.asking, found.state
    waits = found.next_level is not None
    own = found.looked_at.made_by == asking.actor.code
    return {
        "change": state in EDITABLE and found.proposed is None and asking.may("console:outages-change", write=True),
        "review": state in EDITABLE and asking.may("console:outages-review", write=True),
        "acknowledge": state in EDITABLE and asking.may("console:outages-acknowledge", write=True),
        "submit": state == "DRAFT" and asking.may("console:outages-submit", write=True),
        "decide": queries.decides(asking.actor, found) and asking.may("console:outages-approve", write=True),
        "own": waits and own,
        "withdraw": found.proposed is not None and asking.may("console:outages-withdraw", write=True),
        "publish": state == "APPROVED" and asking.may("console:outages-publish", write=True),
        "cancel": state in EDITABLE and asking.may("console:outages-cancel", write=True),
    }
