"""The filter by unit that lists share: a unit of the reader's scope, and all below it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.lists.definition import Rows
from wandeng.interfaces.doorway.lists.filtering import Choices, ListFilterSet


class UnitFilterSet(ListFilterSet):
    """Filters with a unit to choose from; ``unit_key`` is the column that says where a row belongs."""

    unit_key = "unit_id"
    unit = ChoiceFilter(label=_("单位"), method="in_unit", choices=[])

    @cached_property
    def units(self) -> tuple[UnitNode, ...]:
        """The units of the reader's scope."""
        return organization.unit_tree(self.request.scope)

    def offered(self) -> Mapping[str, Choices]:
        top = self.units[0].depth if self.units else 0
        return {"unit": [(unit.code, f"{'　' * (unit.depth - top)}{unit.name}") for unit in self.units]}

    def in_unit(self, rows: Rows, _name: str, code: str) -> Rows:
        chosen = next(unit for unit in self.units if unit.code == code)
        return self.in_units(rows, [unit.unit_id for unit in self.units if unit.path.startswith(chosen.path)])

    def in_units(self, rows: Rows, units: list[int]) -> Rows:
        return rows.filter(**{f"{self.unit_key}__in": units})
