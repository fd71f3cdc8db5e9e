"""The filter by unit that lists share: a unit of the reader's scope, and all below it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.doorway.lists.definition import Rows


class UnitFilterSet(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Filters with a unit to choose from; ``unit_key`` is the column that says where a row belongs."""

    unit_key = "unit_id"
    unit = ChoiceFilter(label=_("单位"), method="in_unit", choices=[])

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._units = organization.unit_tree(self.request.scope)
        top = self._units[0].depth if self._units else 0
        self.form.fields["unit"].choices = [
            ("", _("全部")),
            *((unit.code, f"{'　' * (unit.depth - top)}{unit.name}") for unit in self._units),
        ]

    def in_unit(self, rows: Rows, _name: str, code: str) -> Rows:
        chosen = next(unit for unit in self._units if unit.code == code)
        return self.in_units(rows, [unit.unit_id for unit in self._units if unit.path.startswith(chosen.path)])

    def in_units(self, rows: Rows, units: list[int]) -> Rows:
        return rows.filter(**{f"{self.unit_key}__in": units})
