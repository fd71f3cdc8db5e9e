"""Logging in by phone and code, and out."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from wandeng.domains.residents import actions, queries
from wandeng.domains.residents.types import TooManyCodes
from wandeng.flows import self_service
from wandeng.interfaces.doorway import demo_residents, holding, rulebook
from wandeng.interfaces.doorway.demo_residents import DemoResident
from wandeng.interfaces.doorway.middleware import address_of, now
from wandeng.interfaces.portal.my.pages import ELDER_COOKIE, demo_code, page, told
from wandeng.kernel.errors import InvalidInput

VERSION_AGE = 365 * 24 * 3600
"""Seconds that the chosen version is kept."""


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The phone. Any number gets a code: whether somebody is known by it is not said."""
    at, phone, wrong, status = now(), str(request.POST.get("phone", ""))[:32], "", 200
    if request.method == "POST":
        try:
            asked = self_service.ask_login_code(
                phone=phone, address=address_of(request), at=at, library=rulebook.library()
            )
            response = HttpResponseRedirect(reverse("my:code", args=[asked.handle]))
            if settings.DEMO and request.POST.get("elder") in ("0", "1"):
                _keep_version(request, response, is_elder=request.POST["elder"] == "1")
            return response
        except InvalidInput as refusal:
            wrong, status = told(refusal), 422
        except TooManyCodes as refusal:
            wrong, status = told(refusal), 429
    context = {"phone": phone, "wrong": wrong, "offered": _offered()}
    return page(request, "login", context, at=at, status=status)


def _offered() -> list[DemoResident]:
    """Residents whom a demonstration made, for its login page."""
    if not settings.DEMO:
        return []
    there = queries.known_phones([one.phone for one in demo_residents.ALL])
    return [one for one in demo_residents.ALL if one.phone in there]


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, handle: str) -> HttpResponse:
    """The code. A handle that nobody was given shows the same page and takes no code."""
    at, wrong, status = now(), "", 200
    if request.method == "POST":
        try:
            opened = actions.log_in(
                handle=handle, code=str(request.POST.get("code", "")), at=at, library=rulebook.library()
            )
            response = HttpResponseRedirect(reverse("my:home"))
            holding.keep(response, opened, at=at)
            return response
        except InvalidInput as refusal:
            wrong, status = told(refusal), 422
    context = {"handle": handle, "wrong": wrong, "demo_code": demo_code(handle, at=at)}
    return page(request, "code", context, at=at, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out, on this telephone."""
    held = holding.of(request)
    actions.log_out(session_id=held.holder.session_id, at=held.now)
    response = HttpResponseRedirect(reverse("my:login"))
    holding.drop(response)
    return response


@require_POST
def version(request: HttpRequest) -> HttpResponse:
    """The large version or the plain one (长辈版), kept on this telephone; back to the page it was chosen on."""
    back = str(request.POST.get("next", ""))
    is_ours = back.startswith(holding.PATH) and "\\" not in back
    response = HttpResponseRedirect(back if is_ours else reverse("my:home"))
    _keep_version(request, response, is_elder=request.POST.get("elder") == "1")
    return response


def _keep_version(request: HttpRequest, response: HttpResponse, *, is_elder: bool) -> None:
    response.set_cookie(
        ELDER_COOKIE, "1" if is_elder else "0", max_age=VERSION_AGE, path=holding.PATH, samesite="Lax",
        secure=request.is_secure(), httponly=True,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Ask once, then remove the resident with sessions and bindings; what stays and why is said."""
    held = holding.of(request)
    if request.method != "POST":
        return page(request, "forget", {}, at=held.now)
    actions.forget(resident_id=held.resident_id, at=held.now)
    response = HttpResponseRedirect(reverse("my:login"))
    holding.drop(response)
    return response
