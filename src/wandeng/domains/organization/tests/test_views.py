"""Saved views: a person's own, by name."""

from __future__ import annotations

import pytest

from wandeng.domains.organization import actions, queries
from wandeng.domains.organization.tests import make
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _staff() -> None:
    make.county()
    make.staff()


def person(code: str) -> Actor:
    return queries.actor_for(code, make.AT.date())


def names(code: str) -> list[tuple[str, str]]:
    return [(view.name, view.query) for view in queries.views_of(code, "accounts")]


def test_a_view_is_kept_replaced_and_forgotten_by_its_owner_alone() -> None:
    actions.save_view(list_name="accounts", name="高压", query="class=HIGH_VOLTAGE", actor=person("reader-w"))
    actions.save_view(
        list_name="accounts", name=" 高压 ", query="class=HIGH_VOLTAGE&sort=name", actor=person("reader-w")
    )
    assert names("reader-w") == [("高压", "class=HIGH_VOLTAGE&sort=name")]
    assert names("clerk-e") == []
    (view,) = queries.views_of("reader-w", "accounts")
    with pytest.raises(NotFound):
        actions.forget_view(view_id=view.view_id, actor=person("clerk-e"))
    actions.forget_view(view_id=view.view_id, actor=person("reader-w"))
    assert names("reader-w") == []


@pytest.mark.parametrize(("name", "query"), [(" ", ""), ("x" * 65, ""), ("x", "q" * 2001)])
def test_a_view_needs_a_name_and_a_bearable_address(name: str, query: str) -> None:
    with pytest.raises(InvalidInput):
        actions.save_view(list_name="accounts", name=name, query=query, actor=person("reader-w"))


def test_a_person_has_thirty_views_of_a_list_at_most_and_a_machine_none() -> None:
    for number in range(30):
        actions.save_view(list_name="accounts", name=str(number), query="", actor=person("reader-w"))
    with pytest.raises(Conflict):
        actions.save_view(list_name="accounts", name="one more", query="", actor=person("reader-w"))
    actions.save_view(list_name="accounts", name="7", query="x=1", actor=person("reader-w"))
    with pytest.raises(NotAllowed):
        actions.save_view(list_name="accounts", name="x", query="", actor=SYSTEM)
