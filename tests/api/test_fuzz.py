"""Whatever is sent to the API, as four roles: never an answer of 5xx, never one that its document does not name (S12).

``WANDENG_FUZZ=1000`` (``make fuzz``, ``make fuzz EXAMPLES=20``) tries that many examples an operation instead of a few.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import got_request_exception
from django.core.wsgi import get_wsgi_application
from django.db import connection
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api import world

MANY = int(os.environ.get("WANDENG_FUZZ") or 0)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(86_400 if MANY else 900)]
EXAMPLES = {"hall": 1, "reader": 1, "biller": 1, "adm": 3}
"""How many examples an operation: the administrator holds every right, the others are mostly turned away at the door."""
ASKING = EXAMPLES if MANY or connection.vendor == "sqlite" else {"adm": EXAMPLES["adm"]}
"""Whom no database hears of is asked on one of them only, but for ``make fuzz``."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(autouse=True)
def _county(settings: Any) -> Iterator[None]:
    settings.WANDENG_OUTGOING = "hooks.example.com"
    world.build()
    # Every answer of 4xx would be a line in the report.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("django.request").setLevel(logging.NOTSET)


@pytest.fixture
def broken() -> Iterator[list[str]]:
    """What escaped a view."""
    found: list[str] = []

    def heard(sender: Any, request: Any, **_more: Any) -> None:
        told = "".join(traceback.format_exception(*sys.exc_info())[-4:])
        found.append(f"{request.method} {request.get_full_path():.200}\n{told}")

    got_request_exception.connect(heard)
    yield found
    got_request_exception.disconnect(heard)


def faults_of(operation: Any, headers: dict[str, str], mode: GenerationMode, examples: int) -> list[str]:
    """What is wrong with the answers of an operation."""
    found: list[str] = []

    @seed(20261122)
    @settings(
        max_examples=examples, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        answer = case.call(headers=headers)
        try:
            case.validate_response(answer, checks=CHECKS)
        except schemathesis.core.failures.FailureGroup as group:
            asked = f"{case.method} {case.formatted_path} {case.query} {case.body!r:.300}"
            found.extend(f"{asked}: {one.title} {one.message:.300} → {answer.text:.300}" for one in group.exceptions)

    with contextlib.suppress(Unsatisfiable):  # an operation without parameters cannot be asked wrongly
        ask()
    return found


@pytest.mark.parametrize("who", ASKING)
def test_nothing_that_is_sent_breaks_an_operation(who: str, broken: list[str]) -> None:
    headers = {"Authorization": f"Bearer {world.token(who)}"}
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application(), headers=headers)
    document.config.generation.update(with_security_parameters=False)
    faults = []
    examples = MANY or EXAMPLES[who]
    for found in document.get_all_operations():
        for mode in GenerationMode:
            faults += faults_of(found.ok(), headers, mode, examples)
    assert broken == [], "\n".join(broken)
    assert faults == [], "\n".join(faults)
