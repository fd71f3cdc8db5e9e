"""What the utility has settled, as code reads it: the parameters in force on a day."""

from __future__ import annotations

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
