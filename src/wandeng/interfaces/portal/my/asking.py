"""Complaint, opinion, suggestion and praise; a case of one's own with its photos; and how it was."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wandeng.domains.cases.queries import kinds
from wandeng.domains.cases.queries import own as cases
from wandeng.domains.residents import queries
from wandeng.flows import own_requests
from wandeng.flows.own_requests import Own
from wandeng.interfaces.doorway import holding, rulebook
from wandeng.interfaces.doorway.words import own_requests as words
from wandeng.interfaces.doorway.words.cases import SCORES
from wandeng.interfaces.portal import tracking
from wandeng.interfaces.portal.my.pages import CHANNEL, MACHINE, page, told
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

CLASSIFIED = "complaint"
"""The way of which the customer says what it is about: each of its classes lies with others."""
DISSATISFIED = 2


def own_of(request: HttpRequest, number: str) -> Own:
    """Who asks, of an account they hold. Raises :class:`NotFound`."""
    held = holding.of(request)
    return Own(held.resident_id, held.account(number).account_number, CHANNEL, held.now)


def sent_photos(request: HttpRequest) -> list[bytes]:
    """The files of the form, no more of them and of each than shows that it is too much."""
    rule = queries.self_service(holding.of(request).now, library=rulebook.library()).photos
    return [one.read(rule.most_bytes + 1) for one in request.FILES.getlist("photos")[: rule.most + 1]]


@require_safe
def ways(request: HttpRequest, number: str) -> HttpResponse:
    """Which of the four it is."""
    held = holding.of(request)
    named = [(code, one[0]) for code, one in words.WAYS.items()]
    return page(request, "ways", {"account": held.account(number), "ways": named}, at=held.now)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, number: str, way: str) -> HttpResponse:
    """Its words and photos; then the case that follows it."""
    held, own = holding.of(request), own_of(request, number)
    if way not in own_requests.WAYS:
        raise Http404
    title, question, second = words.WAYS[way]
    given = {name: str(request.POST.get(name, "")).strip() for name in ("matter", "second", "about")}
    wrong, status = "", 200
    if request.method == "POST":
        try:
            if given["matter"] and (given["second"] or not second):
                return HttpResponseRedirect(case_page(number, _asked(own, way, given, sent_photos(request))))
            wrong = str(words.NO_WORDS)
        except Refused as refusal:
            wrong = told(refusal)
        status = 422
    rule = queries.self_service(held.now, library=rulebook.library())
    context = {
        "account": held.account(number), "title": title, "question": question, "second": second, "given": given,
        "wrong": wrong, "longest": rule.requests.longest_words, "most_photos": rule.photos.most,
        "classes": _classes(request, way, held), "phone": queries.own_phone(held.resident_id)[-4:],
    }  # fmt: skip
    return page(request, "ask", context, at=held.now, status=status)


def _classes(request: HttpRequest, way: str, held: holding.Holding) -> list[tuple[str, str]]:
    if way != CLASSIFIED:
        return []
    on, place = held.now.astimezone(BILLING_ZONE).date(), int(request.LANGUAGE_CODE == "en")
    found = kinds.kind(own_requests.WAYS[way].process, charter=rulebook.charter(), on=on)
    return [(code, (zh, en)[place]) for code, zh, en, _second in found.classes]


def _asked(own: Own, way: str, given: dict[str, str], sent: list[bytes]) -> str:
    library, charter = rulebook.library(), rulebook.charter()
    asked = own_requests.ask(
        own, way=way, matter=given["matter"], second=given["second"], about=given["about"], sent=sent, actor=MACHINE,
        charter=charter, library=library,
    )  # fmt: skip
    return asked.number


def case_page(number: str, case: str) -> str:
    """Where a resident follows a case of theirs."""
    return reverse("my:case", args=[number, case])


@require_safe
def case(request: HttpRequest, number: str, case: str) -> HttpResponse:
    """How far it is, what was answered, the photos, and how it was."""
    return _case(request, number, case)


def _case(
    request: HttpRequest, number: str, case: str, *, wrong: str = "", about: str = "", **more: Any
) -> HttpResponse:
    held, own = holding.of(request), own_of(request, number)
    found = cases.own(number, case, who=own.name, charter=rulebook.charter(), now=held.now)
    most = queries.self_service(held.now, library=rulebook.library()).photos.most
    context = {
        "account": held.account(number), "found": found, "track": found.track, "told": tracking.told(found.track),
        "link": reverse("portal:track", args=[found.token]), "scores": SCORES.items(), "wrong": wrong, "about": about,
        "most_photos": max(0, most - len(found.photos)) if found.track.state == "OPEN" else 0,
        "said": SCORES.get(found.score or 0, ""), **more,
    }  # fmt: skip
    return page(request, "case", context, at=held.now, status=422 if wrong else 200)


@require_POST
def rate(request: HttpRequest, number: str, case: str) -> HttpResponse:
    """How it was, once a round."""
    own = own_of(request, number)
    chosen, remark = str(request.POST.get("score", "")), str(request.POST.get("remark", "")).strip()
    library = rulebook.library()
    remark = remark[: queries.self_service(own.at, library=library).requests.longest_words]
    score = int(chosen) if chosen in {str(one) for one in SCORES} else 0
    wrong = str(words.NO_SCORE) if not score else str(words.WHY) if score <= DISSATISFIED and not remark else ""
    try:
        if not wrong:
            own_requests.rate(own, case, score=score, remark=remark, charter=rulebook.charter())
            return HttpResponseRedirect(case_page(number, case))
    except Refused as refusal:
        wrong = told(refusal)
    return _case(request, number, case, wrong=wrong, about="rating", chosen=score, remark=remark)


@require_POST
def add_photos(request: HttpRequest, number: str, case: str) -> HttpResponse:
    """Photos that were forgotten, while the case is worked on."""
    own, library = own_of(request, number), rulebook.library()
    try:
        own_requests.count(own, library=library)
        taken = own_requests.looked_at(sent_photos(request), at=own.at, library=library)
        own_requests.show_photos(own, case, taken, charter=rulebook.charter(), library=library)
        return HttpResponseRedirect(case_page(number, case))
    except Refused as refusal:
        return _case(request, number, case, wrong=told(refusal), about="photos")


@require_safe
def photo(request: HttpRequest, number: str, case: str, paper: int) -> HttpResponse:
    """A photo that this resident sent; nobody else's."""
    own = own_of(request, number)
    content = cases.own_photo(number, case, paper, who=own.name)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type="image/jpeg", headers=headers)
