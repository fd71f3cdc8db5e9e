"""Record an interruption, its restoration, and its correction. Who was off is written down as it stood then."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime

import polars as pl
from django.db import transaction

from wandeng.calc.interruptions import STEPS, SUPPLIES
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability.models import Interruption, InterruptionStep, InterruptionSupply
from wandeng.domains.reliability.standing import Standing, taken
from wandeng.domains.reliability.sums import ONGOING, sums
from wandeng.domains.reliability.types import (
    Cause,
    Facts,
    InterruptionKind,
    InterruptionRecorded,
    Step,
    StepsOverlap,
    Voltage,
)
from wandeng.infra import audit, ids, statements
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

ROLE = "DISPATCHER"


@transaction.atomic
def record(*, number: str, facts: Facts, steps: Sequence[Step], actor: Actor, at: datetime) -> int:
    """Record who was off from when to when; the same again changes nothing. Returns the interruption's id.

    Customers are counted as they hang on the day each step begins. Raises :class:`NotAllowed`, :class:`NotFound`,
    :class:`InvalidInput`, :class:`StepsOverlap`, :class:`InterruptionRecorded` where the number stands for something else.
    """
    if Interruption.objects.filter(number=number, is_current=True).exists():
        found = _current(number, actor)
        if _said(found) == facts and _flat(steps) == _stored(found):
            return found.pk
        raise InterruptionRecorded(f"{number} is recorded with other facts: correct it with a reason", number=number)
    row = _written(number, 0, "", facts, steps, actor, at)
    told = {"kind": str(facts.kind), "areas": row.areas, "customers": row.customers}
    audit.record(
        actor=actor, action="interruption.record", subject=row, facts=told, at=at, unit_path=row.unit.path
    )  # fmt: skip
    return row.pk


@transaction.atomic
def restore(
    *, number: str, on_at: datetime, actor: Actor, at: datetime, transformers: Sequence[int] | None = None
) -> int:
    """Supply is back: steps that are still open end, those of ``transformers`` (with their points) or all. Returns how
    many stay open.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`Conflict` when none of them is open, :class:`InvalidInput` for a
    time before they began.
    """
    row = _current(number, actor)
    open_steps = row.steps.filter(on_at__isnull=True)
    meant = open_steps if transformers is None else open_steps.filter(transformer_id__in=list(transformers))
    if not meant.exists():
        raise Conflict(f"nobody of these is off any more under {number}")
    if meant.filter(off_at__gte=on_at).exists():
        raise InvalidInput("supply cannot be back before it was interrupted")
    meant.update(on_at=on_at)
    left = open_steps.count()
    if not left:
        last = row.steps.order_by("-on_at").values_list("on_at", flat=True)[0]
        Interruption.objects.filter(pk=row.pk).update(on_at=last)
    told = {"restored_at": on_at, "left": left}
    audit.record(
        actor=actor, action="interruption.restore", subject=row, facts=told, at=at, unit_path=row.unit.path
    )  # fmt: skip
    return left


@transaction.atomic
def extend(*, number: str, steps: Sequence[Step], actor: Actor, at: datetime) -> int:
    """More areas went off under an interruption, as a next switch was operated. Returns its id; its sums are made anew.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`InvalidInput`, :class:`StepsOverlap` where somebody of them is off under
    it at the time already.
    """
    row = _current(number, actor)
    _refuse_impossible(steps)
    asked = {one for step in steps for one in step.transformers}
    known = list(row.steps.filter(usage_point__isnull=True, transformer__in=asked))
    for step in steps:
        for one in known:
            apart = (one.on_at is not None and one.on_at <= step.off_at) or (
                step.on_at is not None and step.on_at <= one.off_at
            )
            if one.transformer_id in step.transformers and not apart:
                raise StepsOverlap("the same area or point is named twice at the same time")
    made, several = _rows(row.pk, steps)
    statements.insert(made)
    stored = set(row.supplies.values_list("account_id", "transformer_id"))
    new = [(account, one) for account, found in several.items() for one in found if (account, one) not in stored]
    first = ids.reserve(InterruptionSupply, max(1, len(new)))
    statements.insert(
        InterruptionSupply(id=first + place, interruption_id=row.pk, account_id=account, transformer_id=one)
        for place, (account, one) in enumerate(new)
    )  # fmt: skip
    supplies = pl.DataFrame([(row.pk, *pair) for pair in [*stored, *new]], SUPPLIES, orient="row")
    total = sums(_columns(list(row.steps.all())), supplies).row(0, named=True)
    Interruption.objects.filter(pk=row.pk).update(
        off_at=_moment(total["off"]), on_at=None if total["on"] is None else _moment(total["on"]),
        areas=total["areas"], customers=total["customers"],
    )  # fmt: skip
    told = {"areas": len(made)}
    audit.record(
        actor=actor, action="interruption.extend", subject=row, facts=told, at=at, unit_path=row.unit.path
    )  # fmt: skip
    return row.pk


@transaction.atomic
def correct(
    *, number: str, facts: Facts, steps: Sequence[Step], reason: str, actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Write a new revision in the place of what stands. Customers are counted as on the days of the steps. Returns its id.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`InvalidInput`, :class:`StepsOverlap`, :class:`Conflict` when
    somebody corrected it meanwhile.
    """
    old = _current(number, actor)
    if not reason.strip():
        raise InvalidInput("say why the interruption is corrected")
    if not Interruption.objects.filter(pk=old.pk, is_current=True).update(is_current=False):
        raise Conflict(f"interruption {number} has been corrected meanwhile")
    row = _written(number, old.revision + 1, reason.strip(), facts, steps, actor, at)
    told = {"revision": row.revision, "areas": row.areas, "customers": row.customers}
    audit.record(
        actor=actor, action="interruption.correct", subject=row, facts=told, at=at, reason=reason, unit_path=row.unit.path
    )  # fmt: skip
    return row.pk


def _current(number: str, actor: Actor) -> Interruption:
    rows = Interruption.objects.filter(is_current=True).select_related("unit", "feeder")
    if transaction.get_connection().features.has_select_for_update:
        # Two who give supply back to the last areas at once: the second must see the first, or nobody ends the interruption.
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "unit__path", "interruption", number=number)
    require(actor, ROLE, unit_path=row.unit.path)
    return row


def _written(
    number: str, revision: int, reason: str, facts: Facts, steps: Sequence[Step], actor: Actor, at: datetime
) -> Interruption:
    """A revision with its steps and supplies."""
    unit = organization.unit(Scope.of(actor), facts.unit_code)
    require(actor, ROLE, unit_path=unit.path)
    if not number.strip():
        raise InvalidInput("an interruption has a number")
    _refuse_impossible(steps)
    event = ids.reserve(Interruption, 1)
    made, several = _rows(event, steps)
    supplies = pl.DataFrame(
        [(event, account, one) for account, found in several.items() for one in found], SUPPLIES, orient="row"
    )
    total = sums(_columns(made), supplies).row(0, named=True)
    row = Interruption(
        id=event, number=number.strip(), revision=revision, is_current=True, kind=facts.kind.value,
        cause=facts.cause.value, is_external=facts.is_external, voltage=facts.voltage.value, unit_id=unit.unit_id,
        feeder_id=_feeder(facts.feeder_code), device=facts.device, belongs_to=facts.belongs_to, note=facts.note,
        off_at=_moment(total["off"]), on_at=None if total["on"] is None else _moment(total["on"]),
        areas=total["areas"], customers=total["customers"], reason=reason, recorded_at=at, recorded_by=actor.code,
    )  # fmt: skip
    row.save(force_insert=True)
    statements.insert(made)
    first = ids.reserve(InterruptionSupply, supplies.height) if supplies.height else 0
    statements.insert(
        InterruptionSupply(id=first + place, interruption_id=event, account_id=account, transformer_id=transformer)
        for place, (_, account, transformer) in enumerate(supplies.iter_rows())
    )
    return row


def _rows(event: int, steps: Sequence[Step]) -> tuple[list[InterruptionStep], dict[int, tuple[int, ...]]]:
    made: list[InterruptionStep] = []
    several: dict[int, tuple[int, ...]] = {}
    known: dict[date, Standing] = {}
    transformers = sorted({one for step in steps for one in step.transformers})
    points = sorted({one for step in steps for one in step.usage_points})
    first = ids.reserve(InterruptionStep, sum(len(step.transformers) + len(step.usage_points) for step in steps))
    for step in steps:
        day = step.off_at.astimezone(BILLING_ZONE).date()
        if day not in known:
            known[day] = taken(transformers, points, day)
        standing = known[day]
        several |= standing.several
        for one in (*((area, None) for area in step.transformers), *((None, point) for point in step.usage_points)):
            made.append(_step(first + len(made), event, step, one, standing))
    return made, several


def _step(pk: int, event: int, step: Step, what: tuple[int | None, int | None], standing: Standing) -> InterruptionStep:
    transformer, usage_point = what
    point = standing.points[usage_point] if usage_point is not None else None
    where = point.transformer_id if point is not None else transformer
    assert where is not None
    area = standing.areas[where]
    return InterruptionStep(
        id=pk, interruption_id=event, transformer_id=where, usage_point_id=usage_point,
        account_id=point.account_id if point is not None else None, unit_id=area.unit_id, feeder_id=area.feeder_id,
        locality=area.locality, is_public=area.is_public, customers=1 if point is not None else area.customers,
        off_at=step.off_at, on_at=step.on_at,
    )  # fmt: skip


def _columns(steps: Sequence[InterruptionStep]) -> pl.DataFrame:
    rows = [
        (
            step.interruption_id, step.transformer_id, step.account_id, int(step.off_at.timestamp()),
            ONGOING if step.on_at is None else int(step.on_at.timestamp()), step.customers,
        )
        for step in steps
    ]  # fmt: skip
    return pl.DataFrame(rows, STEPS, orient="row")


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _feeder(code: str) -> int | None:
    if not code:
        return None
    found: int | None = network.feeders_rows(Scope.everywhere()).filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(f"there is no feeder {code}")
    return found


_Flat = tuple[int | None, int | None, datetime, datetime | None]


def _flat(steps: Sequence[Step]) -> set[_Flat]:
    areas = {(one, None, step.off_at, step.on_at) for step in steps for one in step.transformers}
    return areas | {(None, one, step.off_at, step.on_at) for step in steps for one in step.usage_points}


def _stored(row: Interruption) -> set[_Flat]:
    found = row.steps.values_list("transformer_id", "usage_point_id", "off_at", "on_at")
    return {(None if point else area, point, off_at, on_at) for area, point, off_at, on_at in found}


def _said(row: Interruption) -> Facts:
    return Facts(
        InterruptionKind(row.kind), Cause(row.cause), row.unit.code, Voltage(row.voltage), row.is_external,
        row.feeder.code if row.feeder else "", row.device, row.belongs_to, row.note,
    )  # fmt: skip


def _refuse_impossible(steps: Sequence[Step]) -> None:
    if not any(step.transformers or step.usage_points for step in steps):
        raise InvalidInput("an interruption names who was off: transformers or usage points")
    for step in steps:
        times = (step.off_at, step.on_at or step.off_at)
        if any(time.utcoffset() is None or time.microsecond for time in times):
            raise InvalidInput("times of an interruption are whole seconds with a time zone")
        if step.on_at is not None and step.on_at <= step.off_at:
            raise InvalidInput("supply cannot be back before it was interrupted")
    flat = sorted(_flat(steps), key=lambda one: (one[0] or 0, one[1] or 0, one[2]))
    if len(flat) < sum(len(step.transformers) + len(step.usage_points) for step in steps):
        raise StepsOverlap("the same area or point is named twice at the same time")
    for before, after in itertools.pairwise(flat):
        if before[:2] == after[:2] and (before[3] is None or after[2] < before[3]):
            raise StepsOverlap("the same area or point is named twice at the same time")
