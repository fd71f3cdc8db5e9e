"""Calling back: only within the hours, one after the other; a dissatisfied customer opens the case again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client
from tests.kits import bill_world as world

from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.queries import calling
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.organization import queries as organization_queries
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
CALLS = "/console/cases/call-backs/"
MORNING, NIGHT = make.after(60), make.NOW + timedelta(hours=11)
"""12:00 and 22:00 of the utility: customers are called from 8:00 to 21:00."""


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    make.county()


def repaired(minutes: int = 1) -> str:
    number = make.open_fault(Charter.current(), at=make.NOW).number
    make.repair(Charter.current(), number, minutes=minutes)
    return number


def client(code: str = "call_clerk") -> Client:
    found = Client()
    found.force_login(organization_queries.login_user(code))
    return found


def at(moment: datetime) -> object:
    """The doors' clock stands at an instant."""
    return patch.object(middleware, "now", lambda: moment.astimezone(UTC))


def test_a_satisfied_customer_closes_the_case_and_the_next_one_is_shown() -> None:
    first, second = repaired(1), repaired(5)
    with at(MORNING):
        shown = client().get(CALLS).content.decode()
        assert f"{CALLS}{first}/" in shown
        page = client().get(f"{CALLS}{first}/").content.decode()
        assert "138****5678" in page
        assert "13812345678" not in page
        assert "已修复" in page
        answer = client().post(f"{CALLS}{first}/", {"score": "5", "remark": "", "do": "answer"})
        assert answer.headers["Location"] == f"{CALLS}{second}/"
        answer = client().post(f"{CALLS}{second}/", {"score": "3", "remark": "", "do": "answer"})
        assert answer.headers["Location"] == CALLS
    assert set(Case.objects.values_list("state", flat=True)) == {"CLOSED"}
    assert list(CallBack.objects.order_by("id").values_list("score", flat=True)) == [5, 3]


def test_a_dissatisfied_customer_must_be_heard_and_opens_the_case_again() -> None:
    number = repaired()
    with at(MORNING):
        answer = client().post(f"{CALLS}{number}/", {"score": "1", "remark": "", "do": "answer"})
        assert answer.status_code == 422
        assert client().post(f"{CALLS}{number}/", {"remark": "x", "do": "answer"}).status_code == 422
        client().post(f"{CALLS}{number}/", {"score": "1", "remark": "来得太晚", "do": "answer"})
    row = Case.objects.get()
    assert (row.state, row.rounds, row.step) == ("OPEN", 2, "DISPATCH")


def test_who_did_not_answer_is_called_again_later() -> None:
    number = repaired()
    with at(MORNING):
        answer = client().post(f"{CALLS}{number}/", {"remark": "", "do": "missed"})
        assert answer.headers["Location"] == CALLS
        assert f"{CALLS}{number}/" not in client().get(CALLS).content.decode()
        assert f"{CALLS}{number}/" in client().get(f"{CALLS}?when=all").content.decode()
        assert "现在不能拨打" in client().get(f"{CALLS}{number}/").content.decode()
    with at(MORNING + timedelta(hours=3)):
        assert f"{CALLS}{number}/" in client().get(CALLS).content.decode()


def test_nobody_is_called_at_night() -> None:
    number = repaired()
    with at(NIGHT):
        assert f"{CALLS}{number}/" not in client().get(CALLS).content.decode()
        page = client().get(f"{CALLS}{number}/").content.decode()
        assert "现在不能拨打" in page
        assert 'name="score"' not in page


def test_what_is_skipped_comes_back_after_the_last_one() -> None:
    first, second = repaired(1), repaired(5)
    asked = {"charter": Charter.current(), "now": MORNING, "roles": frozenset({"CALL_CLERK"})}
    scope = Scope(f"{world.UNIT}/")
    assert calling.next_up(scope, **asked) == first  # type: ignore[arg-type]
    assert calling.next_up(scope, after=first, **asked) == second  # type: ignore[arg-type]
    assert calling.next_up(scope, after=second, **asked) == first  # type: ignore[arg-type]
    nobody = asked | {"roles": frozenset({"DISPATCHER"})}
    assert calling.next_up(scope, **nobody) == ""  # type: ignore[arg-type]


def test_a_call_asks_the_database_seldom(django_assert_max_num_queries: object) -> None:
    number = repaired()
    asked = client()
    with at(MORNING):
        asked.get("/console/search/")
        with django_assert_max_num_queries(15):  # type: ignore[operator]
            assert asked.get(CALLS).status_code == 200
        with django_assert_max_num_queries(25):  # type: ignore[operator]
            assert asked.get(f"{CALLS}{number}/").status_code == 200
