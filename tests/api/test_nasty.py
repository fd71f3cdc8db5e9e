"""A fixed list of what breaks naive code, sent to every operation: none is answered with 5xx, each refusal is a problem."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from tests.api import world
from wandeng.interfaces.api.app import load

pytestmark = pytest.mark.django_db(transaction=True)

VALUES = (
    "\0",
    "' OR 1=1; --",
    "%_\\",
    "x" * 5_000,
    "../../etc/passwd",
    10**30,
    -1,
    2**63,
    "0000-00",
    "2999-12",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "١٢٣",
)
BODIES = (
    b"",
    b"\x00",
    b"\xff\xfe\xfa",
    b"null",
    b"1",
    b'"text"',
    b"[1]",
    b"{",
    b'{"reason": "\\ud800"}',
    b'{"reason": "\\u0000"}',
    b'{"a": NaN}',
    b"[" * 50_000,
    b'{"a":' * 900 + b"1" + b"}" * 900,
    b'{"a": ' + b"9" * 5_000 + b"}",
)
TYPES = ("text/plain", "application/xml", "multipart/form-data", "application/x-www-form-urlencoded")
FIELDS = ("\0", "\ud800", "x" * 5_000, "' OR 1=1; --", 10**30, -1, "0001-01-01", "9999-12-31", None, [], {}, [[]], True)
STATUSES = {200, 400, 401, 403, 404, 405, 409, 422}


@pytest.fixture
def client(settings: Any) -> Iterator[Client]:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    world.build()
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    secret = world.token("adm")
    yield Client(raise_request_exception=False, headers={"Authorization": f"Bearer {secret}", "Accept-Language": "en"})
    logging.getLogger("django.request").setLevel(logging.NOTSET)


def operations() -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """(method, address, operation, document) of the whole API."""
    document = load().get_openapi_schema()
    for address, found in document["paths"].items():
        for method, operation in found.items():
            yield method, address, operation, document


def properties(operation: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """The names of the fields of a JSON body."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return list(schema.get("properties", {}))


def address_of(path: str, operation: dict[str, Any], value: object) -> str:
    """The address with a value for every parameter in it, and in its query."""
    query = []
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(str(value), safe=""))
        else:
            query.append(f"{parameter['name']}={quote(str(value))}")
    return f"{path}?{'&'.join(query)}" if query else path


def fault(answer: Any) -> str:
    """What is wrong with an answer."""
    if answer.status_code not in STATUSES:
        return f"{answer.status_code} {answer.content[:200]!r}"
    if answer.status_code >= 400 and answer.status_code != 405 and answer["Content-Type"] != "application/problem+json":
        return f"{answer.status_code} {answer['Content-Type']} {answer.content[:200]!r}"
    return ""


def test_values_in_addresses(client: Client) -> None:
    faults = []
    for method, path, operation, _document in operations():
        for value in VALUES:
            address = address_of(path, operation, value)
            answer = client.generic(method.upper(), address, b"{}", content_type="application/json")
            if wrong := fault(answer):
                faults.append(f"{method} {address[:120]}: {wrong}")
    assert faults == [], "\n".join(faults)


def test_bodies_that_are_none(client: Client) -> None:
    faults = []
    for method, path, operation, _document in operations():
        if method == "get":
            continue
        address = address_of(path, operation, 1)
        sent = [(body, "application/json") for body in BODIES] + [(b"a=1", kind) for kind in TYPES]
        for body, kind in sent:
            if wrong := fault(client.generic("POST", address, body, content_type=kind)):
                faults.append(f"{address} {body[:40]!r} {kind}: {wrong}")
    assert faults == [], "\n".join(faults)


def test_values_in_bodies(client: Client) -> None:
    faults = []
    for method, path, operation, document in operations():
        names = properties(operation, document)
        for value in FIELDS if names else ():
            body = json.dumps(dict.fromkeys(names, value))
            if wrong := fault(
                client.generic(method.upper(), address_of(path, operation, 1), body, content_type="application/json")
            ):
                faults.append(f"{path} {body[:80]}: {wrong}")
    assert faults == [], "\n".join(faults)


def test_a_body_that_is_too_large(client: Client) -> None:
    body = json.dumps({"reason": "x" * 3_000_000})
    answer = client.post("/api/v1/bill-runs/open", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    keyed = client.post(
        "/api/v1/bill-runs/open", body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert (keyed.status_code, keyed["Content-Type"]) == (400, "application/problem+json")
