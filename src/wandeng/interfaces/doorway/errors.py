"""How a refusal is answered: a page, a fragment for htmx, or problem+json (RFC 9457) on the API."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.defaults import bad_request

from wandeng.domains.residents.types import TooManyLooks
from wandeng.interfaces.doorway import refusals
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused

TITLES = {
    400: _("输入有误"),
    401: _("请先登录"),
    403: _("没有权限"),
    404: _("没有找到"),
    409: _("现在不能这样做"),
    422: _("输入有误"),
    429: _("太频繁，请稍后再试"),
    500: _("系统出错"),
}


class NotLoggedIn(NotAllowed):
    """Nobody known asks."""

    code = "NOT_LOGGED_IN"


class Malformed(InvalidInput):
    """What was sent is not what it says it is: no JSON, half a form, more than is taken at once."""

    code = "BAD_REQUEST"


def status_of(refusal: Refused) -> int:
    """The HTTP status of a refusal."""
    for kind, status in (
        (Malformed, 400),
        (NotLoggedIn, 401),
        (NotFound, 404),
        (NotAllowed, 403),
        (TooManyLooks, 429),
        (InvalidInput, 422),
        (Conflict, 409),
    ):
        if isinstance(refusal, kind):
            return status
    return 409


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The answer to a refusal. What does not exist and what lies outside the scope answer with the same body."""
    if request.path_info.startswith("/api/"):
        return problem(request, refusal)
    status = status_of(refusal)
    sentence = "" if status == 404 else refusals.sentence(refusal, get_language() or "zh-hans")
    context = {"status": status, "title": TITLES[status], "sentence": sentence, "code": refusal.code}
    part = bool(getattr(request, "htmx", False)) and not request.htmx.boosted  # type: ignore[attr-defined]
    if request.path_info.startswith("/my/"):
        return render(request, "portal/my/error.html", context, status=status)
    return render(request, f"console/{'refusal' if part else 'error'}.html", context, status=status)


def problem(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal as ``application/problem+json``: type, title, status, detail in the reader's language, code."""
    status = status_of(refusal)
    body = {
        "type": f"/docs/problems#{refusal.code}",
        "title": str(TITLES[status]),
        "status": status,
        "detail": str(TITLES[404]) if status == 404 else refusals.sentence(refusal, get_language() or "zh-hans"),
        "code": refusal.code,
    }
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json", headers=headers)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: the page was open too long, or another site sent it."""
    context = {"status": 403, "title": TITLES[403], "sentence": _("页面已过期，请刷新后再试。"), "code": "CSRF"}
    return render(request, "console/error.html", context, status=403)


def malformed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the framework cannot read. Outside the API its own plain page: nobody may be known yet."""
    if not request.path_info.startswith("/api/"):
        return bad_request(request, exception)
    return problem(request, Malformed("the request could not be read"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Any address that leads nowhere."""
    return answer(request, NotFound("there is no such page"))


def failed(request: HttpRequest) -> HttpResponse:
    """A defect of ours. Nothing is read from the database: it may be what failed."""
    if request.path_info.startswith("/api/"):
        told = {"type": "/docs/problems#DEFECT", "title": str(TITLES[500]), "status": 500, "detail": str(TITLES[500])}
        text = json.dumps(told | {"code": "DEFECT"}, ensure_ascii=False)
        return HttpResponse(text, status=500, content_type="application/problem+json")
    return HttpResponse(render_to_string("console/500.html"), status=500)
