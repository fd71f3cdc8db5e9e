"""Follows every link that the pages offer, as the holder of each role: what a person can click must answer."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from django.test import RequestFactory
from django.urls import Resolver404, URLPattern, resolve

from wandeng.interfaces.console.urls import areas

EXAMPLES = 2
"""Pages of one route that are looked at, for each role, with and without parameters."""
FILES = frozenset({"application/pdf", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})


@dataclass(frozen=True)
class Visit:
    """A page that was asked for."""

    role: str
    route: str
    path: str
    status: int
    kind: str
    text: str
    linked_from: str


@dataclass
class _Links(HTMLParser):
    """Where a page leads: links, and the parts that load by themselves."""

    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("href", "hx-get", "data-source", "data-href"):
            if (target := values.get(name)) and tag != "link":
                self.found.append(target)


def session_as(base: str, role: str) -> requests.Session:
    """A session of the demonstration's account with this role."""
    session = requests.Session()
    page = session.get(f"{base}/console/login/").text
    code = re.search(rf'value="([^"]+)" data-role="{role}"', page)
    assert code, f"the demonstration offers no {role}"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    session.post(f"{base}/console/login/", {"demo": code[1], "csrfmiddlewaretoken": token}, headers={"Referer": base})
    return session


def walk(base: str, role: str, *, language: str = "") -> Iterator[Visit]:
    """Every route that this role's pages lead to, a few examples of each; in another language where one is named."""
    session = session_as(base, role)
    if language:
        session.cookies["wd_language"] = language
    waiting, known = deque([("/console/", "")]), {"/console/"}
    seen: dict[tuple[str, bool], int] = {}
    while waiting:
        path, linked_from = waiting.popleft()
        route = route_of(path)
        shape = (route, bool(urlsplit(path).query))
        if seen.get(shape, 0) >= EXAMPLES:
            continue
        seen[shape] = seen.get(shape, 0) + 1
        answer = session.get(base + path, allow_redirects=False)
        kind = answer.headers.get("Content-Type", "").split(";")[0]
        text = "" if kind in FILES else answer.text
        yield Visit(role, route, path, answer.status_code, kind, text, linked_from)
        if kind != "text/html":
            continue
        links = _Links()
        links.feed(text)
        for link in links.found:
            target = urldefrag(urljoin(path, link))[0]
            if target.startswith(("/console/", "/api/v1/docs")) and target not in known and "logout" not in target:
                known.add(target)
                waiting.append((target, path))


def route_of(path: str) -> str:
    """The route of an address; empty for one that leads nowhere."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


def form_only_routes() -> frozenset[str]:
    """Routes without a page of their own: they take a form and lead on."""
    return frozenset(f"console:{one.name}" for one in areas() if not _has_page(one))


def _has_page(pattern: URLPattern) -> bool:
    view_class = getattr(pattern.callback, "view_class", None)
    if view_class is not None:
        return hasattr(view_class, "get")
    try:
        return pattern.callback(RequestFactory().get("/")).status_code != 405
    except Exception:
        # It went past its door and missed what a real request brings along: it answers to reading.
        return True
