"""What the utility has settled, as code reads it: the parameters in force on a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from wandeng.domains.organization import parameters
from wandeng.domains.organization.models import ParameterValue


def parameter_int(code: str, on: date) -> int:
    """The value of a parameter on a day: the utility's decision in force, else what ships.

    Raises :class:`NotFound` for a parameter that nobody reads. One indexed query.
    """
    kind = parameters.kind(code)
    rows = ParameterValue.objects.filter(code=code, state="APPROVED", valid_from__lte=on).order_by("-valid_from")
    found = rows.values_list("value", flat=True).first()
    return kind.shipped if found is None else found


def settled_since(prefix: str) -> Callable[[str, date], int]:
    """The same for all parameters whose code begins with ``prefix``, for any day: (code, day) → value. One query."""
    decided: dict[str, list[tuple[date, int]]] = {}
    rows = ParameterValue.objects.filter(code__startswith=prefix, state="APPROVED").order_by("-valid_from")
    for code, valid_from, value in rows.values_list("code", "valid_from", "value"):
        decided.setdefault(code, []).append((valid_from, value))

    def value_on(code: str, on: date) -> int:
        held = (value for valid_from, value in decided.get(code, ()) if valid_from <= on)
        return next(held, parameters.kind(code).shipped)

    return value_on
