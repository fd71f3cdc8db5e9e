"""Who could be fed otherwise, as a dispatcher weighs it: a what-if on the current state with the load that is known."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from wandeng.calc import resupply
from wandeng.calc.resupply import Resupply, Tie
from wandeng.domains.emergency.models import SwitchRating
from wandeng.domains.emergency.types import ResupplyShown, TieShown, WaySwitch
from wandeng.domains.network import queries as points
from wandeng.domains.network.queries import faults
from wandeng.domains.network.queries import now as network
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

MOST = 20
Rows = QuerySet[Any, Any]


def ratings_rows(scope: Scope) -> Rows:
    """Switches with what they may carry: ``network.queries.switches_rows`` and may_ckva, document, noted_at, noted_by (null where
    nobody has noted it), is_rated. Lazy."""
    noted = SwitchRating.objects.filter(switch=OuterRef("pk"))
    rows: Rows = points.switches_rows(scope).annotate(
        may_ckva=Subquery(noted.values("may_ckva")[:1]), document=Subquery(noted.values("document")[:1]),
        noted_at=Subquery(noted.values("noted_at")[:1]), noted_by=Subquery(noted.values("noted_by")[:1]),
        is_rated=Exists(noted),
    )  # fmt: skip
    return rows


def what_if(scope: Scope, *, switch: str, also_open: tuple[str, ...] = (), now: datetime) -> ResupplyShown:
    """Which ties could feed what is dark when the section right behind a switch is isolated (and ``also_open`` stand open), with the
    contract load of what moves beside what the way may carry.

    Raises :class:`NotFound`, also outside the scope, :class:`InvalidInput` where nothing is dark.
    """
    on = now.astimezone(BILLING_ZONE).date()
    ids = network.switch_ids([switch, *also_open])
    places = faults.device_places([("SWITCH", one) for one in ids.values()])
    for code in (switch, *also_open):
        place = places.get(("SWITCH", ids[code])) if code in ids else None
        if place is None or not scope.covers(place.unit_path):
            raise NotFound(f"there is no switch {code}")
    topology = network.current(on).topology
    start = topology
    if topology.is_open(ids[switch]):
        start = topology.copy()
        start.close(ids[switch])
    opened = tuple(sorted({*resupply.around(start, ids[switch]), *(ids[code] for code in also_open)}))
    loads = points.contract_loads([int(one) for one in topology.network.transformer_ids.tolist()], on=on)
    found = resupply.options(
        start, opened=opened, loads={one: load for one, load in loads.items() if load},
        may=dict(SwitchRating.objects.values_list("switch_id", "may_ckva")),
    )  # fmt: skip
    if not found.dark:
        raise InvalidInput(f"nobody is dark when the section behind {switch} is isolated")
    return _shown(found, opened)


def _shown(found: Resupply, opened: tuple[int, ...]) -> ResupplyShown:
    ties = found.ties[:MOST]
    switches = {*opened, *(tie.switch_id for tie in ties), *(one.switch_id for tie in ties for one in tie.way)}
    wanted = [("SWITCH", one) for one in switches] + [("FEEDER", tie.feeder_id) for tie in ties]
    places = faults.device_places(wanted)
    names = network.area_names([*found.hopeless, *(area for tie in ties for area in tie.transformers)])
    return ResupplyShown(
        tuple(sorted(places["SWITCH", one].code for one in opened)), len(found.dark),
        tuple(sorted(names[one] for one in found.hopeless)), tuple(_tie(tie, places, names) for tie in ties),
    )  # fmt: skip


def _tie(tie: Tie, places: dict[tuple[str, int], faults.DevicePlace], names: dict[int, str]) -> TieShown:
    here, feeder = places["SWITCH", tie.switch_id], places["FEEDER", tie.feeder_id]
    way = tuple(
        WaySwitch(
            places["SWITCH", one.switch_id].code, places["SWITCH", one.switch_id].name, one.load_ckva, one.may_ckva,
            one.left_ckva,
        )
        for one in tie.way
    )  # fmt: skip
    return TieShown(
        here.code, here.name, feeder.code, feeder.name, tuple(sorted(names[one] for one in tie.transformers)),
        tie.customers, tie.moved_ckva, tie.before_ckva, tie.unknown_loads, tie.left_ckva, tie.is_ring, tie.verdict, way,
    )  # fmt: skip
