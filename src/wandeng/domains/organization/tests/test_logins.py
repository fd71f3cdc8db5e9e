"""The counters that close the door, and what opens it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import LoginRecord, Person
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Attempt
from wandeng.infra.models import Operation
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

AT = make.AT
GOOD = "yunhe-Qiao-1987"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _staff() -> None:
    make.county()
    make.staff()


def reader() -> Actor:
    return queries.actor_for("reader-w", AT.date())


def fail(times: int, *, code: str = "reader-w", address: str = "10.0.0.1", device: str = "", minutes: int = 0) -> None:
    for number in range(times):
        attempt = Attempt(code, address, device)
        actions.record_login(attempt, outcome="WRONG", at=AT + timedelta(minutes=minutes, seconds=number))


def test_the_fifth_failure_of_a_person_at_an_address_locks_for_a_quarter_of_an_hour() -> None:
    fail(4)
    actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=1))
    fail(1, minutes=1)
    with pytest.raises(actions.LockedOut):
        actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=2))
    # The first of the five was at 08:00:00, so the lock ends at 08:15:00.
    actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=15))


def test_a_refused_attempt_is_written_down_and_does_not_lengthen_the_lock() -> None:
    fail(5)
    for minute in range(1, 15):
        with pytest.raises(actions.LockedOut):
            actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=minute))
    assert LoginRecord.objects.filter(outcome="LOCKED").count() == 14
    actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=15, seconds=4))


def test_a_login_that_succeeded_clears_the_count_of_the_pair() -> None:
    fail(4)
    actions.record_login(Attempt("reader-w", "10.0.0.1"), outcome="IN", at=AT + timedelta(minutes=1))
    fail(4, minutes=2)
    actions.admit(Attempt("reader-w", "10.0.0.1"), at=AT + timedelta(minutes=3))


def test_a_thousand_addresses_have_twenty_guesses_an_hour_at_one_person() -> None:
    let_through = 0
    for number in range(1000):
        attempt = Attempt("reader-w", f"10.1.{number // 250}.{number % 250}")
        at = AT + timedelta(seconds=number)
        try:
            actions.admit(attempt, at=at)
        except actions.LockedOut:
            continue
        let_through += 1
        actions.record_login(attempt, outcome="WRONG", at=at)
    assert let_through == 20


def test_the_owner_on_a_known_browser_is_not_locked_out_by_strangers() -> None:
    home = Attempt("reader-w", "10.0.0.9", device="known")
    actions.record_login(home, outcome="IN", at=AT - timedelta(days=1))
    for number in range(20):
        fail(1, address=f"10.2.0.{number}")
    with pytest.raises(actions.LockedOut):
        actions.admit(Attempt("reader-w", "10.0.0.9", device="another"), at=AT + timedelta(minutes=1))
    actions.admit(home, at=AT + timedelta(minutes=1))


def test_one_address_cannot_try_names_without_end() -> None:
    for number in range(100):
        fail(1, code=f"name{number}")
    with pytest.raises(actions.LockedOut):
        actions.admit(Attempt("clerk-e", "10.0.0.1"), at=AT + timedelta(minutes=1))
    actions.admit(Attempt("clerk-e", "10.0.0.2"), at=AT + timedelta(minutes=1))


def test_a_password_is_set_by_its_owner_or_by_the_administrator_of_the_place_and_logged_without_it() -> None:
    actions.set_password(person_code="reader-w", password=GOOD, actor=reader(), at=AT)
    person = Person.objects.get(code="reader-w")
    assert person.check_password(GOOD)
    assert not person.must_change_password
    actions.set_password(person_code="reader-w", password=GOOD + "x", actor=SYSTEM, at=AT, must_change=True)
    assert queries.person_card("reader-w").must_change_password
    assert GOOD not in "".join(Operation.objects.values_list("facts", flat=True))
    with pytest.raises(NotAllowed):
        actions.set_password(person_code="clerk-e", password=GOOD, actor=reader(), at=AT)


def test_nobody_has_a_password_before_one_is_given() -> None:
    assert not Person.objects.get(code="head").has_usable_password()


@pytest.mark.parametrize("weak", ["", "12345678", "password", "reader-w", "short-1"])
def test_a_weak_password_is_refused_with_its_reasons(weak: str) -> None:
    with pytest.raises(actions.WeakPassword) as refused:
        actions.set_password(person_code="reader-w", password=weak, actor=reader(), at=AT)
    assert refused.value.reasons


def test_a_token_stands_for_its_person_until_it_ends_or_is_revoked() -> None:
    token = actions.issue_token(
        label="报表", may_write=False, expires_at=AT + timedelta(days=30), actor=reader(), at=AT
    )
    holder = queries.holder_of(token.secret, now=AT)
    assert holder is not None
    assert (holder.person_code, holder.may_write) == ("reader-w", False)
    assert queries.holder_of(token.secret, now=AT + timedelta(days=30)) is None
    assert queries.holder_of(token.secret + "x", now=AT) is None
    with pytest.raises(NotFound):
        actions.revoke_token(token_id=token.token_id, actor=queries.actor_for("clerk-e", AT.date()), at=AT)
    actions.revoke_token(token_id=token.token_id, actor=reader(), at=AT)
    assert queries.holder_of(token.secret, now=AT) is None
    (shown,) = queries.tokens_of("reader-w")
    assert shown.revoked_at == AT
    assert token.secret not in repr(shown)


def test_a_token_of_a_person_who_left_opens_nothing() -> None:
    token = actions.issue_token(label="x", may_write=True, expires_at=AT + timedelta(days=1), actor=reader(), at=AT)
    Person.objects.filter(code="reader-w").update(is_active=False)
    assert queries.holder_of(token.secret, now=AT) is None


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lasts_a_year_at_most(days: int) -> None:
    with pytest.raises(InvalidInput):
        actions.issue_token(label="x", may_write=False, expires_at=AT + timedelta(days=days), actor=reader(), at=AT)


def test_a_token_cannot_be_narrowed_to_a_unit_elsewhere() -> None:
    with pytest.raises(NotFound):
        actions.issue_token(
            label="x", may_write=False, expires_at=AT + timedelta(days=1), actor=reader(), at=AT, unit_code="BS-E"
        )
