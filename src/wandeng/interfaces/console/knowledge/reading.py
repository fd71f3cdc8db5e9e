"""Looking up: live results, an article with its versions, what changed between two, what belongs beside a form."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from wandeng.domains.knowledge import queries
from wandeng.domains.knowledge.types import ArticleShown, VersionShown
from wandeng.interfaces.console.knowledge import places
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.words import knowledge as words
from wandeng.kernel.errors import NotFound

SHOWN = 20
LONGEST_ASKED = 100


@require_safe
def search(request: Request) -> HttpResponse:
    """What fits the words, as they are typed; with none, what is used most."""
    asking = request.asking
    asked = request.GET.get("q", "").strip()[:LONGEST_ASKED]
    kind = request.GET.get("kind", "")
    kind = kind if kind in words.KINDS else ""
    part = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    context = {
        "asked": asked,
        "kind": kind,
        "kinds": words.KINDS,
        "tones": words.KIND_TONES,
        "found": queries.search(asked, on=asking.today, kind=kind, limit=SHOWN),
        "most": SHOWN,
    }
    if not part:
        context |= {
            "waiting": queries.open_opinions(asking.actor.code),
            "due": queries.due_count(on=asking.today),
            "may_install": asking.may("console:knowledge-install", write=True),
        }
    return render(request, f"console/knowledge/{'results' if part else 'search'}.html", context)


@require_safe
def article(request: Request, code: str) -> HttpResponse:
    """An article by the version in force, or by the one asked for."""
    asking = request.asking
    found = queries.article(code, on=asking.today)
    version = _chosen(found, request.GET.get("version", ""))
    context = {
        "article": found,
        "version": version,
        "before": next((one.number for one in found.versions if one.number < version.number), None),
        "places": places.told(version.belongs, asking.today),
        "kind": words.KINDS[found.kind],
        "tone": words.KIND_TONES[found.kind],
        "states": words.STATES,
        "state_tones": words.STATE_TONES,
        "may_write": asking.may("console:knowledge-draft", write=True),
        "may_approve": asking.may("console:knowledge-approve", write=True) and asking.scope.is_root,
        "me": asking.actor.code,
        "today": asking.today,
    }
    return render(request, "console/knowledge/article.html", context)


@require_safe
def changes(request: Request, code: str) -> HttpResponse:
    """A version beside an earlier one, line by line."""
    found = queries.article(code, on=request.asking.today)
    after = _chosen(found, request.GET.get("after", ""))
    earlier = next((one for one in found.versions if one.number < after.number), after)
    before = _chosen(found, request.GET.get("before", "") or str(earlier.number))
    lines = queries.changes(code, before=before.number, after=after.number, on=request.asking.today)
    context = {"article": found, "before": before, "after": after, "lines": lines, "words": words.CHANGES}
    return render(request, "console/knowledge/changes.html", context)


@require_safe
def beside(request: Request) -> HttpResponse:
    """What belongs beside a form: ``?process=…&class=…&step=…``; ``class`` may stand several times, and be
    a first and a second level with a stroke between, as intake asks for them."""
    asked = request.GET
    given = [*asked.getlist("class"), *asked.getlist("first_and_second")]
    shown = queries.beside(
        process=asked.get("process", ""), classes=[part for one in given for part in one.split("/") if part],
        step=asked.get("step", ""), on=request.asking.today,
    )  # fmt: skip
    context = {
        "texts": [one for one in shown if one.kind != "PHRASE"],
        "phrases": [one for one in shown if one.kind == "PHRASE"],
        "kinds": words.KINDS,
        "tones": words.KIND_TONES,
    }
    return render(request, "console/knowledge/beside.html", context)


def _chosen(found: ArticleShown, number: str) -> VersionShown:
    if not found.versions:
        raise NotFound(f"there is no article {found.code}")
    if not number:
        return found.in_force or found.versions[0]
    version = next((one for one in found.versions if str(one.number) == number), None)
    if version is None:
        raise NotFound(f"article {found.code} has no such version")
    return version
