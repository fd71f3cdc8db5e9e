"""A probable device confirmed: it becomes an incident and an interruption; areas come back by events or by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import polars as pl
from django.db import transaction

from wandeng.calc.probable_device import Device, Probable, sure
from wandeng.domains.cases.actions import storms as cases
from wandeng.domains.cases.queries import standing as incidents
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency import judging, rules
from wandeng.domains.emergency.frames import evidence
from wandeng.domains.emergency.models import FaultConfirmation, SwitchRating
from wandeng.domains.emergency.types import AlreadyConfirmed
from wandeng.domains.network.queries import faults
from wandeng.domains.network.queries import now as network
from wandeng.domains.reliability import actions as reliability
from wandeng.domains.reliability.frames import ongoing
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.infra import audit
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

ROLE = "DISPATCHER"
ORIGIN = "cases.incident:"
"""How an interruption names the incident it comes from."""


@transaction.atomic
def confirm(*, kind: Device, code: str, actor: Actor, at: datetime, charter: Charter) -> str:
    """Confirm the probable device of this kind and code (故障确认): the incident there is the open one or a new one, and everybody
    behind the device is off since the first evidence. Returns the incident's number.

    The evidence is gathered anew. Raises :class:`NotFound` when none points to it, also outside the scope,
    :class:`AlreadyConfirmed`, :class:`InvalidInput` for low voltage, which is repaired case by case.
    """
    if kind is Device.LOW_VOLTAGE:
        raise InvalidInput("a fault of low voltage is repaired by its case: there is no device to confirm")
    sight = judging.look(at=at, library=charter.rules)
    places = faults.device_places([(one.kind.value, one.device_id) for one in sight.judged.devices])
    one = next(
        (one for one in sight.judged.devices if one.kind is kind and _code(one, places) == code), None
    )  # fmt: skip
    place = places.get((kind.value, one.device_id)) if one else None
    if one is None or place is None or not Scope.of(actor).covers(place.unit_path):
        raise NotFound(f"no evidence points to {code}")
    require(actor, ROLE, unit_path=place.unit_path)
    if FaultConfirmation.objects.filter(incident__number=cases.open_at(kind.value, one.device_id)).exists():
        raise AlreadyConfirmed(f"the fault at {code} is confirmed already", device=code)
    number = cases.found(
        level=kind.value, device=one.device_id, areas=one.areas,
        customers=sum(sight.supplied.get(area, 0) for area in one.areas), actor=actor, at=at, charter=charter,
    )  # fmt: skip
    off_at = datetime.fromtimestamp(one.first_off, UTC) if one.first_off is not None else at.replace(microsecond=0)
    confidence = sure(one, rules.sureness(rules.emergency(at, library=charter.rules)))
    row = FaultConfirmation.objects.create(
        incident_id=incidents.incident_id(number), interruption=f"GZ{number}", off_at=off_at,
        confidence=confidence.value, reports=one.reports, confirmed_at=at, confirmed_by=actor.code,
    )  # fmt: skip
    _interrupted(row, number, one, place, actor, at)
    facts = {"areas": len(one.areas), "reports": one.reports}
    audit.record(
        actor=actor, action="fault.confirm", subject=("cases.RepairIncident", number), facts=facts, at=at,
        unit_path=place.unit_path,
    )  # fmt: skip
    return number


def _interrupted(
    row: FaultConfirmation, number: str, one: Probable, place: faults.DevicePlace, actor: Actor, at: datetime
) -> None:
    """Whoever is not off under another number already is off under this one."""
    there = set(ongoing.ongoing(one.areas)["area"].to_list())
    areas = tuple(area for area in one.areas if area not in there)
    if not areas:
        return
    facts = Facts(
        InterruptionKind.FAULT_INTERNAL, Cause.UNKNOWN, place.unit_code, feeder_code=place.feeder_code,
        device=place.name, belongs_to=f"{ORIGIN}{number}",
    )  # fmt: skip
    reliability.record(
        number=row.interruption, facts=facts, steps=[Step(row.off_at, transformers=areas)], actor=actor, at=at
    )


def _code(one: Probable, places: dict[tuple[str, int], faults.DevicePlace]) -> str:
    found = places.get((one.kind.value, one.device_id))
    return found.code if found else ""


@transaction.atomic
def restore(*, incident: str, areas: Sequence[int] | None, on_at: datetime, actor: Actor, at: datetime) -> int:
    """Some areas of a confirmed fault (by transformer id), or all, have supply again (分步送电). Returns how many stay off.

    Raises :class:`NotFound`, also for a fault that is not confirmed, :class:`InvalidInput` for a time ahead.
    """
    row = FaultConfirmation.objects.filter(incident__number=incident).select_related("incident__unit").first()
    if row is None or not Scope.of(actor).covers(row.incident.unit.path):
        raise NotFound(f"there is no confirmed fault {incident}")
    require(actor, ROLE, unit_path=row.incident.unit.path)
    if on_at > at:
        raise InvalidInput("supply is back at a time that has come")
    try:
        return reliability.restore(
            number=row.interruption, on_at=on_at.replace(microsecond=0), actor=actor, at=at, transformers=areas
        )
    except NotFound as refusal:
        # Everybody behind the device was off already under another number: this one has no interruption of its own.
        raise Conflict(f"nobody of these is off any more under {incident}") from refusal


@transaction.atomic
def restore_ended(*, incident: str, on_at: datetime, at: datetime) -> int:
    """Supply is back at an incident, as its crew said: everybody who is still off under it, or under one that went into it, has
    supply again. Once more changes nothing. Returns how many interruptions ended."""
    numbers = [incident, *incidents.absorbed_by(incident)]
    origins = {f"{ORIGIN}{number}" for number in numbers}
    ended = 0
    still = ongoing.ongoing().filter(pl.col("belongs_to").is_in(list(origins)))
    latest = still.group_by("number").agg(pl.col("since").max()).sort("number")
    for number, since in latest.iter_rows():
        if on_at > since:
            reliability.restore(number=number, on_at=on_at.replace(microsecond=0), actor=SYSTEM, at=at)
            ended += 1
    return ended


@transaction.atomic
def restore_by_events(*, at: datetime, charter: Charter) -> int:
    """Areas of confirmed faults whose meters or terminals say that supply is back have it since then. Returns how many. Whoever
    comes second waits for the first, and finds nothing left to do."""
    if not _held():
        return 0
    rule = rules.emergency(at, library=charter.rules)
    with ColumnStore() as store:
        lit = evidence.gather(store, at=at, rule=rule, library=charter.rules).lit
    still = ongoing.ongoing(lit["area"].to_list())
    mine = still.filter(pl.col("belongs_to").str.starts_with(ORIGIN)).join(lit, on="area")
    back: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, area, since, lit_since in mine.select("number", "area", "since", "lit_since").iter_rows():
        if lit_since > since.timestamp():
            back[number, lit_since].append(area)
    for (number, lit_since), areas in sorted(back.items()):
        on_at = datetime.fromtimestamp(lit_since, UTC)
        reliability.restore(number=number, on_at=on_at, actor=SYSTEM, at=at, transformers=areas)
    return sum(map(len, back.values()))


def _held() -> bool:
    """Whether any confirmed fault is still open; of these the rows are held, by id, until the transaction ends."""
    numbers = ongoing.ongoing().filter(pl.col("belongs_to").str.starts_with(ORIGIN))["number"].unique().to_list()
    rows = FaultConfirmation.objects.filter(interruption__in=numbers).order_by("pk")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update()
    return bool(rows.values_list("pk", flat=True))


@transaction.atomic
def rate_switch(*, code: str, may_ckva: int, document: str, actor: Actor, at: datetime) -> None:
    """Note what a switch and its line may carry, 0.01 kVA, and where that is written (载流能力). Raises :class:`NotFound`,
    :class:`InvalidInput` for nothing or without a document."""
    switch = network.switch_ids([code]).get(code)
    place = faults.device_place("SWITCH", switch) if switch is not None else None
    if place is None or not Scope.of(actor).covers(place.unit_path):
        raise NotFound(f"there is no switch {code}")
    require(actor, ROLE, unit_path=place.unit_path)
    if may_ckva <= 0 or not document.strip():
        raise InvalidInput("what a switch may carry is above zero and written somewhere")
    SwitchRating.objects.update_or_create(
        switch_id=int(switch or 0),
        defaults={"may_ckva": may_ckva, "document": document.strip(), "noted_at": at, "noted_by": actor.code},
    )
    audit.record(
        actor=actor, action="switch.rate", subject=("network.Switch", code), facts={"may_ckva": may_ckva}, at=at,
        unit_path=place.unit_path,
    )  # fmt: skip
