"""Sessions are read as Django reads them, in one short query."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wandeng.interfaces.doorway.session_store import SessionStore

pytestmark = pytest.mark.django_db


def kept() -> str:
    store = SessionStore()
    store["who"] = "head"
    store.save()
    assert store.session_key
    return store.session_key


def test_a_session_is_found_again_with_one_query() -> None:
    key = kept()
    with CaptureQueriesContext(connection) as asked:
        assert SessionStore(key)["who"] == "head"
    assert len(asked) == 1


def test_a_session_whose_time_is_over_is_empty() -> None:
    key = kept()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    store = SessionStore(key)
    assert store.get("who") is None
    assert store.session_key is None


def test_a_session_that_was_ended_is_empty_at_once() -> None:
    key = kept()
    Session.objects.all().delete()
    assert SessionStore(key).get("who") is None


def test_a_session_that_somebody_wrote_himself_is_empty() -> None:
    key = kept()
    Session.objects.update(session_data="eyJ3aG8iOiJhZG1pbiJ9:forged")
    assert SessionStore(key).get("who") is None


def test_a_key_that_was_never_given_opens_nothing() -> None:
    assert SessionStore("0" * 32).get("who") is None
