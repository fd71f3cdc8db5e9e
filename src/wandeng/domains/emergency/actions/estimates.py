"""When supply is expected back: each time that somebody says so is kept with its source."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.actions import incidents as cases
from wandeng.domains.cases.queries import standing as incidents
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency.models import RestorationEstimate
from wandeng.domains.emergency.types import Confidence, EstimateSource
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

_SURE = {
    EstimateSource.CREW: Confidence.HIGH,
    EstimateSource.DISPATCHER: Confidence.MEDIUM,
    EstimateSource.PLAN: Confidence.HIGH,
}


@transaction.atomic
def say(
    *, incident: str, expected_at: datetime, source: EstimateSource = EstimateSource.DISPATCHER, reason: str = "",
    actor: Actor, at: datetime, charter: Charter,
) -> int:  # fmt: skip
    """Say when supply is expected back at an incident: every caller is told, and the history keeps who said it. Returns at how many
    cases it was written.

    Raises as ``cases.actions.incidents.expect``; :class:`InvalidInput` for STATISTICS, which nobody says.
    """
    if source not in _SURE:
        raise InvalidInput("a person says what the crew, the dispatcher or a plan expects")
    stands = cases.expect(
        number=incident, expected_at=expected_at, reason=reason, actor=actor, at=at, charter=charter
    )  # fmt: skip
    keep(incident=incident, expected_at=expected_at, source=source, note=reason, said_at=at, said_by=actor.code)
    return stands.cases


@transaction.atomic
def keep(
    *, incident: str, expected_at: datetime, source: EstimateSource, note: str, said_at: datetime, said_by: str
) -> bool:  # fmt: skip
    """Keep what was said of an incident elsewhere; what stands there already is not kept twice. Returns whether it was new."""
    pk = incidents.incident_id(incident)
    _row, is_new = RestorationEstimate.objects.get_or_create(
        incident_id=pk, expected_at=expected_at, set_at=said_at,
        defaults={
            "source": source.value, "confidence": _SURE[source].value, "note": note[:500], "set_by": said_by,
        },
    )  # fmt: skip
    return is_new
