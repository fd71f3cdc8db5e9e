"""A list over the units of a small county, for the tests of what all lists share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db.models import F
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.tests import make
from wandeng.interfaces.doorway.asking import Asking, asking_for
from wandeng.interfaces.doorway.lists.definition import Column, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)


class UnitFilter(ListFilterSet):
    """By name and by kind."""

    name = CharFilter(label="名称", lookup_expr="icontains")
    kind = ChoiceFilter(label="类型", choices=[("OFFICE", "供电所"), ("COUNTY", "县公司")])


def unit_rows(asking: Asking) -> Any:
    return asking.scope.limit(Unit.objects.all(), "path").values(
        "code", "name", "kind", amount=F("id") * -100, energy=F("id") * 50
    )


UNITS = ListDefinition(
    name="test-units",
    title="单位",
    route="console:home",
    rows=unit_rows,
    key="code",
    order=("code",),
    filters=UnitFilter,
    columns=(
        Column("code", "编码", Kind.CODE, is_sortable=True),
        Column("name", "名称", is_sortable=True),
        Column("kind", "类型", Kind.WORD, words={"OFFICE": "供电所", "COUNTY": "县公司"}),
        Column("amount", "金额（元）", Kind.MONEY),
        Column("energy", "电量（千瓦时）", Kind.ENERGY, is_shown=False),
    ),
)


def county() -> None:
    make.county()
    make.staff()


def asking(code: str = "head") -> Asking:
    return asking_for(code, now=NOW)
