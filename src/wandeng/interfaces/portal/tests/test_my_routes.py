"""Every route of residents, from the tables that the product is made of: what is one's own, another's, and nobody's (S2); how much
a page weighs; and that the oldest browser we promise reads its styles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from wandeng.domains.customers.tests import make
from wandeng.domains.residents.tests import make as residents
from wandeng.infra.models import Operation
from wandeng.interfaces.doorway import holding, middleware, policy
from wandeng.interfaces.portal.my import urls
from wandeng.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
OWN, FOREIGN, ABSENT = "1001", "1002", "9999"
SAMPLES = {"kind": "bills"}
"""Arguments that the pages themselves name; any other is one that is not there."""
MOST_BYTES = 200_000
ROUTES = {f"my:{one.name}": one.pattern.converters for one in urls.urlpatterns}
STATIC = re.compile(r'(?:href|src)="/static/([^"?]+)')
NEWER_THAN_CHROMIUM_90 = re.compile(
    r"&|@layer|@container|@property|@scope|@starting-style|:has\(|:nth-child\([^)]* of |color-mix\(|\boklch\(|\boklab\(|"
    r"\b(?:lab|lch|hwb)\(|\d(?:[sld]v[hwib]|cq[whib])\b|light-dark\(|@media[^{]*[<>]|text-wrap:|subgrid|\bround\("
)


def address(route: str, number: str) -> str:
    given = {
        name: number if name == "number" else SAMPLES.get(name, 1 if type(kind).__name__ == "IntConverter" else "x")
        for name, kind in ROUTES[route].items()
    }
    return reverse(route, kwargs=given)


def of_residents(*, accounts: bool) -> Iterator[str]:
    """Routes for residents, about an account or about none."""
    for route, arguments in ROUTES.items():
        if policy.rule_of(route).resident and ("number" in arguments) is accounts:
            yield route


@pytest.fixture
def clients(settings, tmp_path, monkeypatch) -> tuple[Client, Client]:
    """Who holds :data:`OWN`, and who holds :data:`FOREIGN`."""
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(middleware, "now", lambda: AT)
    make.accounts()
    found = []
    for number, phone in ((OWN, "13800000001"), (FOREIGN, "13900000009")):
        make.contact(number, phone)
        client = Client(raise_request_exception=False)
        client.cookies[holding.COOKIE] = residents.holding(phone, number, at=AT).token
        found.append(client)
    return found[0], found[1]


def test_every_route_is_for_whoever_holds_the_account_and_for_nobody_else(clients: tuple[Client, Client]) -> None:
    mine, other = clients
    before, login = Operation.objects.count(), reverse("my:login")
    wrong = []
    for route in of_residents(accounts=True):
        own, absent = address(route, OWN), address(route, ABSENT)
        for ask in ("get", "post"):
            nobody, foreign, nowhere = (
                getattr(client, ask)(path) for client, path in ((Client(), own), (other, own), (other, absent))
            )
            if (nobody.status_code, nobody.headers.get("Location")) != (302, login):
                wrong.append((route, ask, "nobody", nobody.status_code))
            same = plain(foreign, OWN) == plain(nowhere, ABSENT)
            if foreign.status_code not in (404, 405) or not same:
                wrong.append((route, ask, "another", foreign.status_code, nowhere.status_code))
        status = mine.get(own).status_code
        only_account = set(ROUTES[route]) == {"number"}
        if status not in ({200, 405} if only_account else {200, 404, 405}):
            wrong.append((route, "get", "own", status))
    for route in of_residents(accounts=False):
        path = address(route, "")
        for ask in ("get", "post"):
            answer = getattr(Client(), ask)(path)
            if (answer.status_code, answer.headers.get("Location")) != (302, login):
                wrong.append((route, ask, "nobody", answer.status_code))
        if mine.get(path).status_code not in (200, 302, 405):
            wrong.append((route, "get", "own", mine.get(path).status_code))
    assert wrong == []
    assert Operation.objects.count() == before
    assert len(list(of_residents(accounts=True))) > 10


def plain(answer: HttpResponse, number: str) -> str:
    """A page without its form's tokens and the number that was asked for."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode()).replace(number, "")


def test_what_stands_in_no_table_is_answered_to_nobody() -> None:
    with pytest.raises(NotFound):
        policy.rule_of("my:none")


def test_every_page_weighs_little_with_all_that_it_loads(clients: tuple[Client, Client]) -> None:
    mine, _other = clients
    weights = {}
    for route in [*of_residents(accounts=True), *of_residents(accounts=False), "my:login"]:
        answer = mine.get(address(route, OWN))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            loaded = [Path(str(finders.find(one))).stat().st_size for one in set(STATIC.findall(page))]
            assert loaded, route
            weights[route] = len(answer.content) + sum(loaded)
    assert {route: weight for route, weight in weights.items() if weight > MOST_BYTES} == {}
    assert len(weights) > 10


def test_the_built_styles_hold_nothing_newer_than_chromium_90() -> None:
    built = Path(str(finders.find("dist/portal.css"))).read_text("utf-8")
    assert NEWER_THAN_CHROMIUM_90.findall(built) == []
    written = (Path(__file__).parents[5] / "frontend/src/portal.css").read_text("utf-8")
    assert NEWER_THAN_CHROMIUM_90.search(written), "the test would see what the build takes away"
    target = (Path(__file__).parents[5] / "frontend/build.mjs").read_text("utf-8")
    assert 'target: "chrome90"' in target
