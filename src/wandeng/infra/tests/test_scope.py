from __future__ import annotations

import pytest

from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope, ScopeMissing, require, within
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed, NotFound
from wandeng.kernel.ids import PersonId

PATHS = ("HN/", "HN/QY/", "HN/QY2/", "hn/qy/", "HN/QY/A/")


@pytest.fixture
def _operations(db: None) -> None:
    for path in PATHS:
        Operation.objects.create(
            at="2026-01-01T00:00:00Z", actor="a", action="x", subject_type="t", subject_code=path, unit_path=path
        )


def seen(scope: Scope) -> list[str]:
    return sorted(row.subject_code for row in scope.limit(Operation.objects.all(), "unit_path"))


@pytest.mark.usefixtures("_operations")
def test_a_scope_shows_its_unit_and_all_below_and_no_unit_with_a_similar_name() -> None:
    assert seen(Scope("HN/QY/")) == ["HN/QY/", "HN/QY/A/"]
    assert seen(Scope("hn/qy/")) == ["hn/qy/"]
    assert seen(Scope.everywhere()) == sorted(PATHS)


@pytest.mark.usefixtures("_operations")
@pytest.mark.parametrize("scope", [Scope("HN/QY/"), Scope("hn/qy/"), Scope("HN/"), Scope("X/"), Scope.everywhere()])
def test_a_statement_whose_text_is_kept_shows_each_scope_its_own(scope: Scope) -> None:
    found = sorted(code for (code,) in _KEPT(*scope.bounds))

    assert found == seen(scope)


_KEPT: Reading[tuple[str]] = Reading(
    lambda length, prefix: within(Operation.objects.all(), "unit_path", length, prefix).values_list("subject_code"),
    int,
    str,
)


@pytest.mark.usefixtures("_operations")
def test_a_row_elsewhere_and_a_row_nowhere_are_refused_in_the_same_words() -> None:
    def refusal(code: str) -> str:
        with pytest.raises(NotFound) as caught:
            Scope("HN/QY/").one(Operation.objects.all(), "unit_path", "operation", subject_code=code)
        return str(caught.value).replace(code, "…")

    assert refusal("HN/QY2/") == refusal("nowhere/")
    assert Scope("HN/QY/").one(Operation.objects.all(), "unit_path", "operation", subject_code="HN/QY/A/").pk


@pytest.mark.parametrize("path", ["", "HN", "HN/QY"])
def test_there_is_no_scope_without_a_unit(path: str) -> None:
    with pytest.raises(ScopeMissing):
        Scope(path)


def test_a_person_without_a_post_sees_nothing_even_as_an_administrator() -> None:
    with pytest.raises(ScopeMissing):
        Scope.of(Actor("bob", PersonId(1), roles=frozenset({"ADMINISTRATOR"})))
    with pytest.raises(ScopeMissing):
        Scope.of(Actor("bot", roles=frozenset({"METER_READER"})))
    assert Scope.of(SYSTEM) == Scope.everywhere()


def test_a_scope_can_only_be_made_smaller() -> None:
    assert Scope("HN/").narrowed("HN/QY/") == Scope("HN/QY/")
    assert Scope.everywhere().narrowed("HN/QY/") == Scope("HN/QY/")
    with pytest.raises(NotFound):
        Scope("HN/QY/").narrowed("HN/")


def test_a_role_counts_only_inside_its_unit() -> None:
    reader = Actor("r", unit_path="HN/QY/", roles=frozenset({"METER_READER"}))
    require(reader, "METER_READER", "AUDITOR", unit_path="HN/QY/A/")
    with pytest.raises(NotAllowed):
        require(reader, "AUDITOR", unit_path="HN/QY/A/")
    with pytest.raises(NotFound):
        require(reader, "METER_READER", unit_path="HN/QY2/")
