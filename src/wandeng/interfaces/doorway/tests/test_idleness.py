"""Sessions end by themselves, by the parameters of the utility; exports stop where the utility says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory

from wandeng.domains.organization.models import ParameterValue
from wandeng.interfaces.doorway import idleness

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _forget() -> None:
    idleness._limits.cache_clear()


def is_over(session: SessionStore, minutes: int, *, by_itself: bool = False) -> bool:
    headers = {"HTTP_HX_REQUEST": "true"} if by_itself else {}
    request = RequestFactory().get("/console/", **headers)
    request.session = session
    return idleness.is_over(request, T0 + timedelta(minutes=minutes))


def test_a_quarter_of_an_hour_without_a_sign_of_life_ends_a_session() -> None:
    session = SessionStore()
    assert not is_over(session, 0)
    assert not is_over(session, 15)
    assert not is_over(session, 30)
    assert is_over(session, 46)


def test_what_a_page_asks_for_by_itself_is_no_sign_of_life() -> None:
    session = SessionStore()
    assert not is_over(session, 0)
    assert not any(is_over(session, minute, by_itself=True) for minute in range(1, 16))
    assert is_over(session, 16, by_itself=True)


def test_a_session_ends_after_twelve_hours_however_busy() -> None:
    session = SessionStore()
    assert not any(is_over(session, minute) for minute in range(0, 12 * 60 + 1, 10))
    assert is_over(session, 12 * 60 + 1)


def test_the_limits_are_the_utilitys() -> None:
    ParameterValue.objects.create(
        id=1, code="session.idle_minutes", value=5, valid_from=T0.date(), state="APPROVED", reason="x", drafted_by="a",
        drafted_at=T0, approved_by="b", approved_at=T0,
    )  # fmt: skip
    session = SessionStore()
    assert not is_over(session, 0)
    assert is_over(session, 6)


def test_a_session_is_written_at_most_once_a_minute() -> None:
    session = SessionStore()
    is_over(session, 0)
    session.modified = False
    request = RequestFactory().get("/console/")
    request.session = session
    idleness.is_over(request, T0 + timedelta(seconds=59))
    assert not session.modified
    idleness.is_over(request, T0 + timedelta(seconds=61))
    assert session.modified
