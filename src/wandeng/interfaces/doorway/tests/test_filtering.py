"""Filters of lists: nothing is made that nobody asked for, and nothing of one reader reaches another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.organization.models import Unit
from wandeng.interfaces.doorway.lists.definition import Rows, registered
from wandeng.interfaces.doorway.lists.filtering import Choices, ListFilterSet
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.tests import lists_world

pytestmark = pytest.mark.django_db


class Filters(UnitFilterSet):
    """A unit, a text by a method of its own, and choices that depend on the reader."""

    unit_key = "id"
    begins = CharFilter(label="开头", method="beginning")
    who = ChoiceFilter(label="谁", choices=[])

    def offered(self) -> Mapping[str, Choices]:
        return {**super().offered(), "who": [(self.request.actor.code, "我")]}

    def beginning(self, rows: Rows, _name: str, text: str) -> Rows:
        # Whose method it is shows whether the filter belongs to this request.
        return rows.filter(code__startswith=text, path__startswith=self.request.actor.unit_path)


@pytest.fixture(autouse=True)
def _county() -> None:
    lists_world.county()


def filters(query: str, code: str = "head") -> Filters:
    return Filters(QueryDict(query), Unit.objects.order_by("code"), request=lists_world.asking(code))


def codes(asked: ListFilterSet) -> list[str]:
    return [one.code for one in asked.qs]


def test_an_address_that_asks_nothing_makes_no_form() -> None:
    asked = filters("page=2&size=20&sort=-code&columns=code")
    assert codes(asked) == ["BS", "BS-E", "BS-W"]
    assert asked.asked == {}
    assert "form" not in vars(asked)
    assert "filters" not in vars(asked)


def test_filters_work_beside_each_other_for_different_readers() -> None:
    head, west = filters("begins=BS"), filters("begins=BS", "reader-w")
    assert codes(head) == ["BS", "BS-E", "BS-W"]
    assert codes(west) == ["BS-W"]


def test_choices_are_the_readers_own() -> None:
    head, west = filters("unit=BS-E"), filters("unit=BS-E", "reader-w")
    assert codes(head) == ["BS-E"]
    assert [value for value, _words in _choices(west, "unit")] == ["", "BS-W"]
    assert "unit" in west.errors
    assert [value for value, _words in _choices(west, "who")] == ["", "reader-w"]
    assert [value for value, _words in _choices(head, "who")] == ["", "head"]


def test_what_cannot_be_understood_narrows_nothing_and_is_told() -> None:
    asked = filters("who=somebody&begins=BS-W")
    assert codes(asked) == ["BS-W"]
    assert list(asked.errors) == ["who"]
    assert not asked.is_valid()


@pytest.mark.parametrize("name", sorted(registered()))
def test_every_filter_of_every_list_has_a_label_of_its_own(name: str) -> None:
    # The library would make one up from the column, in the language of whoever came first.
    for key, one in registered()[name].filters.base_filters.items():
        assert one._label is not None, key


@pytest.mark.parametrize("name", sorted(registered()))
def test_choices_that_depend_are_offered_and_not_put_in_when_made(name: str) -> None:
    kind = registered()[name].filters
    assert issubclass(kind, ListFilterSet)
    assert kind.__init__ is ListFilterSet.__init__


def _choices(asked: ListFilterSet, name: str) -> Any:
    field: Any = asked.form.fields[name]
    return list(field.choices)
