"""Limits hold over all processes: two connections that spend the last one at the same moment do not both have it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from wandeng.domains.customers.tests.make import AT
from wandeng.domains.residents import actions
from wandeng.domains.residents.models import ResidentCode, ResidentSession, ResidentToken
from wandeng.domains.residents.tests import make
from wandeng.domains.residents.types import TooManyCodes, TooManyLooks, TooManyTokens, WrongCode
from wandeng.infra import pii

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = "13800000001"
REFUSED = (TooManyCodes, TooManyLooks, TooManyTokens, WrongCode)


def at_once(*deeds: Callable[[], Any]) -> int:
    """Do them at the same moment, each on a connection of its own (one after another where there is one writer at a time
    anyway); how many were not refused."""
    begin = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> int:
        begin.wait(timeout=20)
        try:
            return _done(deed)
        finally:
            connection.close()

    if connection.vendor == "sqlite":
        return sum(_done(deed) for deed in deeds)
    with ThreadPoolExecutor(len(deeds)) as pool:
        return sum(pool.map(run, deeds))


def _done(deed: Callable[[], Any]) -> int:
    try:
        deed()
    except REFUSED:
        return 0
    return 1


def test_what_is_limited_is_had_by_one_of_two_at_once(settings, tmp_path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    assert at_once(*[lambda: actions.ask_login_code(phone=PHONE, address="10.0.0.1", at=AT)] * 2) == 1

    handle = ResidentCode.objects.get().handle
    wrong = "x"
    assert at_once(*[lambda: actions.log_in(handle=handle, code=wrong, at=AT)] * 4) == 0
    assert ResidentCode.objects.get().tries == 4
    code = make.code_of(handle)
    assert at_once(*[lambda: actions.log_in(handle=handle, code=code, at=AT)] * 2) == 1
    assert ResidentSession.objects.count() == 1

    own = ResidentSession.objects.get().resident_id
    for _ in range(2):
        actions.make_token(resident_id=own, label="一", days=1, at=AT)
    assert at_once(*[lambda: actions.make_token(resident_id=own, label="二", days=1, at=AT)] * 2) == 1
    assert ResidentToken.objects.count() == 3

    later = AT + timedelta(hours=1)
    for _ in range(59):
        actions.count_question(resident_id=own, at=later)
    assert at_once(*[lambda: actions.count_question(resident_id=own, at=later)] * 2) == 1
