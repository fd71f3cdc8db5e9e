"""What people ask about readings."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, F, Func, OuterRef, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from wandeng.domains.metering.actions.readings import UNIT_OF_READING
from wandeng.domains.metering.models import Reading
from wandeng.domains.metering.types import HeldReading, ReadingShown, Registers
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import UsagePointId

# Written out, not as a parameter, so that both databases see that the partial index answers.
_NOT_ACCEPTED = RawSQL("metering_reading.state IN ('HELD', 'REFUSED')", (), output_field=BooleanField())

IN_FORCE = Func(F("state"), template="%(expressions)s IN ('ACCEPTED', 'HELD')", output_field=BooleanField())
"""The same of the partial index reading_one_current_a_day, beside ``is_current=True``, also inside a subquery."""


def held_readings(scope: Scope, *, reason: str = "", limit: int = 200) -> tuple[HeldReading, ...]:
    """Readings that wait for a person, oldest day first, each beside the accepted one before it.

    ``reason`` limits the list to one of ``types.HoldReason``.
    """
    before = Reading.objects.filter(
        installation=OuterRef("installation"), is_current=True, state="ACCEPTED", read_on__lt=OuterRef("read_on")
    ).order_by("-read_on")
    rows = scope.limit(held(reason), UNIT_OF_READING).annotate(
        previous_on=Subquery(before.values("read_on")[:1]), previous_ckwh=Subquery(before.values("total_ckwh")[:1])
    )
    related = rows.select_related("installation__meter", "installation__usage_point__account")
    return tuple(
        HeldReading(
            reading_id=row.pk,
            account_number=row.installation.usage_point.account.account_number,
            usage_point=row.installation.usage_point.code,
            asset_number=row.installation.meter.asset_number,
            read_on=row.read_on,
            total_ckwh=row.total_ckwh,
            previous_on=row.previous_on,
            previous_ckwh=row.previous_ckwh,
            multiplier=row.installation.multiplier,
            reason=row.hold_reason,
            source=row.source,
        )
        for row in related.order_by("read_on", "pk")[:limit]
    )


def count_held(scope: Scope) -> dict[str, int]:
    """How many readings wait, by reason."""
    counts: dict[str, int] = {}
    for reason in scope.limit(held(""), UNIT_OF_READING).values_list("hold_reason", flat=True):
        counts[reason] = counts.get(reason, 0) + 1
    return dict(sorted(counts.items()))


def readings_of(scope: Scope, *, usage_point: str, limit: int = 100) -> tuple[ReadingShown, ...]:
    """The readings of a usage point, newest first, superseded and refused ones included."""
    inside = scope.limit(Reading.objects.filter(installation__usage_point__code=usage_point), UNIT_OF_READING)
    rows = inside.select_related("installation__meter").order_by("-read_on", "-pk")
    return tuple(
        ReadingShown(
            reading_id=row.pk,
            asset_number=row.installation.meter.asset_number,
            read_on=row.read_on,
            total_ckwh=row.total_ckwh,
            source=row.source,
            state=row.state,
            hold_reason=row.hold_reason,
            is_current=row.is_current,
            supersedes=row.supersedes,
            actor=row.actor,
        )
        for row in rows[:limit]
    )


def registers_of(scope: Scope, *, reading_id: int) -> Registers:
    """What a reading says. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Reading.objects.all(), UNIT_OF_READING, "reading", pk=reading_id)
    return Registers(**{name: getattr(row, name) for name in Registers.__dataclass_fields__})


def held(reason: str) -> QuerySet[Reading]:
    """The readings that wait, so said that the partial index of the few serves."""
    rows = Reading.objects.filter(_NOT_ACCEPTED, state="HELD", is_current=True)
    return rows.filter(hold_reason=reason) if reason else rows


def is_read(*, usage_point: UsagePointId, on: date) -> bool:
    """Whether a usage point has an accepted reading of a day."""
    return Reading.objects.filter(
        installation__usage_point_id=usage_point, read_on=on, is_current=True, state="ACCEPTED"
    ).exists()
