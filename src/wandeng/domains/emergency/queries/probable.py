"""Probable devices with their evidence, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

from wandeng.calc.probable_device import Device, Probable, Sureness, sure
from wandeng.domains.cases.queries import standing as incidents
from wandeng.domains.emergency import judging, rules
from wandeng.domains.emergency.models import FaultConfirmation
from wandeng.domains.emergency.types import Judgement, ProbableShown
from wandeng.domains.network.queries import faults
from wandeng.domains.network.queries import now as network
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

NAMED = 12


def judgement(scope: Scope, *, now: datetime, library: RuleLibrary) -> Judgement:
    """Probable devices of a scope, those with most areas first. Raises ``NoRuleInForce``, :class:`InvalidInput` for a network that
    cannot be traced."""
    sight = judging.look(at=now, library=library)
    by = rules.sureness(rules.emergency(now, library=library))
    keys = [(_level(one), one.device_id) for one in sight.judged.devices]
    places = faults.device_places([*keys, *(("SWITCH", one) for one in sight.judged.doubted)])
    open_ = {(one.level, one.device_id): one for one in incidents.open_incidents(Scope.everywhere())}
    confirmed = set(FaultConfirmation.objects.filter(incident__state="OPEN").values_list("incident__number", flat=True))
    inside = [
        (one, place) for one, key in zip(sight.judged.devices, keys, strict=True)
        if (place := places.get(key)) is not None and scope.covers(place.unit_path)
    ]  # fmt: skip
    wanted = [area for one, _place in inside for area in one.dark[:NAMED]]
    names = network.area_names([*wanted, *sight.judged.known_off[:NAMED]])
    devices = []
    for one, place in inside:
        incident = open_.get((one.kind.value, one.device_id))
        number = incident.number if incident else ""
        devices.append(_shown(one, place, by, sight.supplied, number, number in confirmed, names))
    doubted = tuple(
        place.code for one in sight.judged.doubted
        if (place := places.get(("SWITCH", one))) is not None and scope.covers(place.unit_path)
    )  # fmt: skip
    known = tuple(names[one] for one in sight.judged.known_off[:NAMED] if one in names) if scope.is_root else ()
    return Judgement(now, tuple(devices), known, doubted, sight.gathered.flapping)


def _level(one: Probable) -> str:
    return "TRANSFORMER" if one.kind is Device.LOW_VOLTAGE else one.kind.value


def _shown(
    one: Probable, place: faults.DevicePlace, by: Sureness, supplied: dict[int, int], incident: str, confirmed: bool,
    names: dict[int, str],
) -> ProbableShown:  # fmt: skip
    return ProbableShown(
        one.kind, one.device_id, place.code, place.name, place.feeder_code, place.feeder_name, place.unit_code,
        sure(one, by), one.share, len(one.areas), len(one.dark), sum(supplied.get(area, 0) for area in one.areas),
        one.lit_beside, one.tripped, one.calls, one.meters_off, one.terminals_off,
        datetime.fromtimestamp(one.first_off, UTC) if one.first_off is not None else None, incident, confirmed,
        tuple(names[area] for area in one.dark[:NAMED] if area in names),
    )  # fmt: skip
