"""At the door of every request: who asks, whether they may, and how a refusal is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway import errors, holding, idleness, policy, rulebook
from wandeng.interfaces.doorway.asking import UNIT_KEY, Asking, asking_for
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound, Refused

Answer = Callable[[HttpRequest], HttpResponse]
READS = frozenset({"GET", "HEAD", "OPTIONS"})
API_PATH = "/api/"
PASSWORD_ROUTES = frozenset({"console:password", "console:logout", "console:language"})


def now() -> datetime:
    """The time, read at the door and passed on."""
    return datetime.now(UTC)


def address_of(request: HttpRequest) -> str:
    """Where a request came from: the proxy's word only when the installation says that there is one."""
    if settings.SECURE_PROXY_SSL_HEADER and (forwarded := request.headers.get("X-Forwarded-For", "")):
        return str(forwarded.rpartition(",")[2].strip())
    return str(request.META.get("REMOTE_ADDR", ""))


class HeadersMiddleware:
    """Headers that keep what staff see out of caches and out of other sites; files below /static/ may be kept."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=(), payment=()"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class AskingMiddleware:
    """Sets ``request.asking``: from the session on pages, from the bearer token on ``/api/``; ``None`` for nobody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.asking = self._asking(request)  # type: ignore[attr-defined]
        if request.method not in READS:
            return self.get_response(request)
        with organization.one_look():
            return self.get_response(request)

    def _asking(self, request: HttpRequest) -> Asking | None:
        if not request.path_info.startswith(API_PATH):
            return _by_session(request)
        if "Authorization" in request.headers:
            return _by_token(request)
        # Writes on the API know no form token, so the cookie of a session, which another site could make a browser
        # send, opens reading only: the document of the API, above all.
        return _by_session(request) if request.method in READS else None


def _by_session(request: HttpRequest) -> Asking | None:
    # ``user`` is read from the database once: a person who is deactivated is out with the next request.
    user = request.user
    if not user.is_authenticated:
        return None
    if idleness.is_over(request, now()):
        logout(request)
        return None
    try:
        unit = str(request.session.get(UNIT_KEY, ""))
        return asking_for(user.get_username(), now=now(), unit_code=unit, address=address_of(request), met=user.at_door)
    except (NotFound, NotAllowed):
        logout(request)
        return None


def _by_token(request: HttpRequest) -> Asking | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    at = now()
    holder = organization.holder_of(secret.strip(), now=at) if kind.lower() == "bearer" else None
    if holder is None:
        return None
    try:
        return asking_for(
            holder.person_code,
            now=at,
            unit_code=holder.unit_code,
            address=address_of(request),
            may_write=holder.may_write,
        )
    except (NotFound, NotAllowed):
        return None


class PolicyMiddleware:
    """Holds every route against the policy table, and turns refusals into answers that a person can read."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: object, _args: object, _kwargs: object) -> HttpResponse | None:
        assert request.resolver_match is not None
        route = request.resolver_match.view_name
        if not _is_storable(request):
            return errors.answer(request, InvalidInput("the address holds what no database can keep"))
        asking: Asking | None = request.asking  # type: ignore[attr-defined]
        try:
            rule = policy.rule_of(route)
            if rule.public:
                return None
            if rule.resident:
                return _resident(request)
            if asking is None:
                return _ask_to_log_in(request)
            if asking.person.must_change_password and route not in PASSWORD_ROUTES:
                return _to_password(request)
            if not asking.may(route, write=request.method not in READS):
                raise NotAllowed(f"{asking.actor.code} may not do this here")
        except Refused as refusal:
            return errors.answer(request, refusal)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return errors.answer(request, exception) if isinstance(exception, Refused) else None


def _resident(request: HttpRequest) -> HttpResponse | None:
    """Let a resident in: by the session of their telephone on pages, by a personal token on the API, which only reads."""
    if not request.path_info.startswith(API_PATH):
        return None if holding.admit(request, at=now()) else _go(request, reverse("my:login"))
    if not holding.admit_program(request, at=now(), library=rulebook.library()):
        return errors.problem(request, errors.NotLoggedIn("a valid token is needed"))
    if request.method not in READS:
        raise NotAllowed("a personal token only reads")
    return None


def _is_storable(request: HttpRequest) -> bool:
    """Whether no value of the address would break a column: no NUL, no number beyond 64 bits; nor a NUL in a body of
    JSON, where it would hide in an escape."""
    assert request.resolver_match is not None
    texts = [request.path_info, *(value for _name, values in request.GET.lists() for value in values)]
    numbers = [value for value in request.resolver_match.kwargs.values() if isinstance(value, int)]
    is_json = request.content_type == "application/json"
    return (
        not any("\0" in text for text in texts)
        and all(abs(number) < 2**63 for number in numbers)
        and not (is_json and b"\\u0000" in request.body)
    )


def _ask_to_log_in(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(API_PATH):
        return errors.problem(request, errors.NotLoggedIn("a valid token is needed"))
    back = request.get_full_path() if request.method in READS and not request.htmx else ""  # type: ignore[attr-defined]
    target = reverse(settings.LOGIN_URL) + (f"?next={quote(back)}" if back else "")
    return _go(request, target)


def _to_password(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(API_PATH):
        return errors.problem(request, NotAllowed("the password must be changed on the page first"))
    return _go(request, reverse("console:password"))


def _go(request: HttpRequest, target: str) -> HttpResponse:
    """A redirect of the whole page, also when a part of it was asked for."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)
