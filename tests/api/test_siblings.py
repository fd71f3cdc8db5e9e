"""What can be done on a page can be done by the API: every route of the console that writes has its operation."""

from __future__ import annotations

import json
import re

from django.urls import resolve

from wandeng.interfaces.api import app, operations
from wandeng.interfaces.doorway import policy

app.load()
ONLY_ON_PAGES = {
    "console:login": "a program has a token",
    "console:logout": "a program has a token, and ends it by POST /tokens/{id}/revoke",
    "console:language": "a program sends Accept-Language",
    "console:unit": "a token names the unit that it acts in",
    "console:profile": "its parts are console:tokens and console:password",
    "console:password": "a password is for pages; a token must not be able to change it",
    "console:tokens": "a token must not make tokens; `wandeng people token` does for scripts",
    "console:views": "saved views are addresses of pages",
    "console:view-forget": "saved views are addresses of pages",
    "console:ivr-rehearsal": "a person hears a call; a program calls /channels/ivr/",
    "console:service-card": "a photo is chosen on a page; `wandeng board card` does for scripts",
    "console:brand-css": "a picture and a style of the pages",
    "console:brand-logo": "a picture and a style of the pages",
}


def test_every_page_that_writes_has_its_operation() -> None:
    writes = {route for route, rule in policy.table().items() if route.startswith("console:") and rule.write}
    lacking = writes - set(operations.WRITES.values()) - set(ONLY_ON_PAGES)
    assert lacking == set()


def test_no_name_stands_twice_in_an_object_of_the_document() -> None:
    """Readers of JSON take the last one silently; the page of the document refuses to show any."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len({name for name, _ in pairs}) == len(pairs), [name for name, _ in pairs]
        return dict(pairs)

    json.loads(json.dumps(app.api.get_openapi_schema()), object_pairs_hook=once)


def test_every_operation_is_found_at_its_address() -> None:
    """An address with an argument that stands before it, or a list of the same address, would answer in its place."""
    shadowed = {}
    for _prefix, router in app.api._routers:
        for address, view in router.path_operations.items():
            sample = re.sub(r"\{(?:\w+:)?\w+\}", "1", address)
            found = resolve(f"/api/v1{sample}").url_name
            shadowed |= {one.url_name: found for one in view.operations if one.url_name != found}
    assert shadowed == {}


def test_no_exception_is_stale() -> None:
    assert set(ONLY_ON_PAGES) <= set(policy.table())
    assert set(ONLY_ON_PAGES) & set(operations.WRITES.values()) == set()


def test_every_operation_stands_in_the_policy_table() -> None:
    names = {
        one.url_name for _p, router in app.api._routers for view in router.path_operations.values()
        for one in view.operations
    }  # fmt: skip
    assert {f"api:{name}" for name in names} <= set(policy.table())
    assert names - {"me"} == set(operations.READS) | set(operations.WRITES)
