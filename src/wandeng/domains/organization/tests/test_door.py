from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.organization.tests import make
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import NotFound

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 5)


@pytest.fixture(autouse=True)
def _county() -> None:
    make.county()
    make.staff()


def test_the_door_learns_in_one_query_what_the_other_queries_say() -> None:
    with CaptureQueriesContext(connection) as asked:
        met = queries.at_door("reader-w")
    assert len(asked) == 1
    assert met.person == queries.person_card("reader-w")
    assert queries.posts_on(met, ON) == queries.posts_of("reader-w", ON)
    assert met.units == (queries.unit(Scope("BS/"), "BS-W"),)
    assert met.brand_mark == ""


def test_a_person_of_a_session_comes_with_all_that_the_door_asks() -> None:
    pk = Person.objects.get(code="head").pk
    with CaptureQueriesContext(connection) as asked:
        person = queries.session_person(pk)
        assert person is not None
        assert person.at_door == queries.at_door("head")
        # The hash that ties a session to the password is read with it.
        assert person.get_session_auth_hash() == Person(password=person.password).get_session_auth_hash()
    assert len(asked) == 2


def test_who_left_is_met_by_no_door() -> None:
    pk = Person.objects.get(code="reader-w").pk
    Person.objects.filter(pk=pk).update(is_active=False)
    assert queries.session_person(pk) is None
    with pytest.raises(NotFound):
        queries.at_door("reader-w")
    assert queries.session_person(0) is None


def test_a_post_ends_at_the_door_on_its_day() -> None:
    actions.dismiss(person_code="reader-w", unit_code="BS-W", role=Role.METER_READER, on=ON, actor=SYSTEM, at=make.AT)
    met = queries.at_door("reader-w")
    assert [post.role for post in queries.posts_on(met, date(2026, 3, 4))] == [Role.METER_READER]
    assert queries.posts_on(met, ON) == ()


def test_somebody_without_any_post_is_met_and_told_so() -> None:
    Post.objects.filter(person__code="reader-w").delete()
    met = queries.at_door("reader-w")
    assert (met.person.code, met.posts, met.units) == ("reader-w", (), ())


def test_the_mark_of_the_brand_changes_with_it() -> None:
    def mark_after(title: str, at_hour: int) -> str:
        at = make.AT.replace(hour=at_hour)
        actions.set_brand(title=title, colours={}, actor=SYSTEM, at=at)
        return queries.at_door("head").brand_mark

    assert len({queries.at_door("head").brand_mark, mark_after("甲", 1), mark_after("乙", 2)}) == 3


def test_within_one_look_the_units_are_read_once_and_afterwards_anew() -> None:
    scope = Scope("BS/")
    with queries.one_look():
        before = queries.unit_tree(scope)
        with CaptureQueriesContext(connection) as asked:
            assert queries.unit_tree(scope) is before
            assert queries.unit_tree(Scope("BS/BS-W/")) == tuple(
                one for one in before if one.path.startswith("BS/BS-W/")
            )
        assert len(asked) == 1
        Unit.objects.filter(code="BS-W").update(name="新名")
    assert "新名" in {one.name for one in queries.unit_tree(scope)}
