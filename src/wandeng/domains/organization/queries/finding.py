"""People by what somebody remembers of them: their code or a piece of their name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from wandeng.domains.organization.models import Person
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class PersonFound:
    """A person in a list of things found."""

    code: str
    name: str
    unit_name: str
    is_active: bool


def people_like(scope: Scope, asked: str, *, limit: int) -> tuple[PersonFound, ...]:
    """People of the scope whose code begins with the text, or whose name holds it, active ones first."""
    rows = Person.objects.filter(Q(code__istartswith=asked) | Q(name__icontains=asked)).select_related("unit")
    found = scope.limit(rows, "unit__path").order_by("-is_active", "code")[:limit]
    return tuple(PersonFound(row.code, row.name, row.unit.name, row.is_active) for row in found)
