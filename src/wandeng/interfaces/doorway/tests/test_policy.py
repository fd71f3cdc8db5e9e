"""Goal S1: every route stands in the policy table, every row names a route, and every cell holds at the door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from wandeng.domains.organization.types import PersonCard, Role
from wandeng.interfaces.doorway import holding, policy
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.middleware import PolicyMiddleware
from wandeng.interfaces.doorway.tests.lists_world import NOW
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import PersonId


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"


ROUTES = sorted(set(routes(get_resolver().url_patterns)))


def asking(*roles: Role, may_write: bool = True) -> Asking:
    actor = Actor("p", PersonId(1), "BS/", frozenset(roles))
    return Asking(actor, PersonCard("p", "某人", "BS", "白水", False), (), NOW, "", may_write)


def at_the_door(route: str, who: Asking | None, method: str, cookie: str = "") -> int:
    """The status that the door answers with; 200 when it lets through."""
    is_api = route.startswith("api:")
    headers = {"Authorization": f"Bearer {cookie}"} if is_api else {}
    request = RequestFactory().generic(method, "/api/v1/x" if is_api else "/console/x", headers=headers)
    request.COOKIES[holding.COOKIE] = cookie
    request.asking = who
    request.htmx = False
    request.resolver_match = type("Match", (), {"view_name": route, "kwargs": {}})()
    answer = PolicyMiddleware(lambda _request: HttpResponse()).process_view(request, None, (), {})
    return answer.status_code if answer else 200


def test_every_route_stands_in_the_table_and_every_row_names_a_route() -> None:
    assert sorted(policy.table()) == ROUTES


def test_every_cell_of_the_matrix_holds_at_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "wandeng.interfaces.doorway.errors.render", lambda *_a, status, **_k: HttpResponse(status=status)
    )
    monkeypatch.setattr(holding, "admit", lambda request, *, at: request.COOKIES[holding.COOKIE] == "held")
    monkeypatch.setattr(
        holding, "admit_program", lambda request, *, at, library: request.headers["Authorization"] == "Bearer held"
    )
    cells = 0
    for route in ROUTES:
        rule = policy.rule_of(route)
        nobody = 200 if rule.public else 401 if route.startswith("api:") else 302
        assert {at_the_door(route, None, method) for method in ("GET", "POST")} == {nobody}, route
        if rule.resident:
            # A post opens nothing here, a resident's session nothing but this; a resident's program only reads.
            assert at_the_door(route, None, "GET", "held") == 200, route
            assert at_the_door(route, None, "POST", "held") == (403 if route.startswith("api:") else 200), route
        elif not rule.public:
            assert at_the_door(route, None, "GET", "held") == nobody, route
        for role in Role:
            for method, roles in (
                ("GET", rule.read),
                ("HEAD", rule.read),
                ("POST", rule.write),
                ("DELETE", rule.write),
            ):
                allowed = rule.public or role in roles or (role == Role.ADMINISTRATOR and bool(roles))
                refused = nobody if rule.resident else 403
                assert at_the_door(route, asking(role), method) == (200 if allowed else refused), (route, role, method)
                cells += 1
    assert cells == len(ROUTES) * len(Role) * 4


def test_a_route_that_is_not_listed_is_answered_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "wandeng.interfaces.doorway.errors.render", lambda *_a, status, **_k: HttpResponse(status=status)
    )
    assert at_the_door("console:forgotten", asking(Role.ADMINISTRATOR), "GET") == 404


def test_a_token_that_only_reads_writes_nowhere() -> None:
    for route in ROUTES:
        expected = 401 if policy.rule_of(route).resident else 403
        if not policy.rule_of(route).public and route.startswith("api:"):
            assert at_the_door(route, asking(Role.ADMINISTRATOR, may_write=False), "POST") == expected


def test_who_must_change_the_password_does_that_first() -> None:
    who = asking(Role.ADMINISTRATOR)
    held = Asking(who.actor, PersonCard("p", "某人", "BS", "白水", True), (), NOW)
    assert at_the_door("console:home", held, "GET") == 302
    assert at_the_door("console:password", held, "POST") == 200
    assert at_the_door("api:me", held, "GET") == 403


@pytest.mark.parametrize(
    ("address", "kwargs"),
    [("/console/x?q=%00", {}), ("/console/x%00/", {}), ("/console/x", {"run_id": 2**63}), ("/api/v1/x?a=1&a=%00", {})],
)
def test_what_no_database_can_keep_is_refused_at_the_door(
    monkeypatch: pytest.MonkeyPatch, address: str, kwargs: dict[str, object]
) -> None:
    monkeypatch.setattr(
        "wandeng.interfaces.doorway.errors.render", lambda *_a, status, **_k: HttpResponse(status=status)
    )
    request = RequestFactory().get(address)
    request.asking, request.htmx = asking(Role.ADMINISTRATOR), False
    request.resolver_match = type("Match", (), {"view_name": "console:home", "kwargs": kwargs})()
    answer = PolicyMiddleware(lambda _request: HttpResponse()).process_view(request, None, (), {})
    assert answer is not None
    assert answer.status_code == 422
