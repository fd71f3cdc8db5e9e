"""Where a fault may lie that many report: what feeds a transformer as planned, and the nearest switch above many of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from wandeng.domains.network import live
from wandeng.domains.network.models import Feeder, PowerTransformer, Switch
from wandeng.domains.network.queries.behind import supplied_points
from wandeng.infra.statements import ListReading
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import UnitId


@dataclass(frozen=True, slots=True)
class TransformerSpot:
    """A transformer, the feeder that is its home, and where it stands: degrees × 10⁶, ``None`` unknown."""

    id: int
    code: str
    name: str
    feeder_id: int
    longitude_e6: int | None
    latitude_e6: int | None


@dataclass(frozen=True, slots=True)
class CommonPoint:
    """What many transformers have above them: a switch, or the feeder itself where no switch stands between
    (``switch_id`` ``None``); all ``transformers`` behind it, and how many accounts have no other supply."""

    feeder_id: int
    feeder_code: str
    feeder_name: str
    unit_id: UnitId
    switch_id: int | None
    switch_code: str
    switch_name: str
    transformers: tuple[int, ...]
    customers: int


@dataclass(frozen=True, slots=True)
class DevicePlace:
    """A feeder, switch or transformer where a fault may lie, with the unit that repairs it."""

    code: str
    name: str
    feeder_id: int
    feeder_code: str
    feeder_name: str
    unit_id: int
    unit_code: str
    unit_path: str
    territory: str


def device_place(level: str, device: int) -> DevicePlace | None:
    """Where a device is, by FEEDER, SWITCH or TRANSFORMER and its id; ``None`` for none."""
    return device_places([(level, device)]).get((level, device))


def device_places(devices: Collection[tuple[str, int]]) -> dict[tuple[str, int], DevicePlace]:
    """The same for many; those that are not there are absent."""
    found = {}
    for level, model, line, unit in (
        ("FEEDER", Feeder, "", "unit"), ("SWITCH", Switch, "feeder__", "feeder__unit"),
        ("TRANSFORMER", PowerTransformer, "feeder__", "unit"),
    ):  # fmt: skip
        wanted = [device for one, device in devices if one == level]
        if not wanted:
            continue
        columns = ("pk", "code", "name", f"{line}id", f"{line}code", f"{line}name", f"{unit}__id", f"{unit}__code",
                   f"{unit}__path", f"{unit}__territory")  # fmt: skip
        for pk, *rest in model._default_manager.filter(pk__in=wanted).values_list(*columns):
            found[level, pk] = DevicePlace(*rest)
    return found


def transformer_spots(ids: Collection[int]) -> dict[int, TransformerSpot]:
    """Transformers by id."""
    return {
        row.pk: TransformerSpot(
            row.pk, row.code, row.name, row.feeder_id, row.node.longitude_e6, row.node.latitude_e6
        )
        for row in _PLACED(ids)
    }  # fmt: skip


_PLACED: ListReading[PowerTransformer] = ListReading(
    lambda ids: PowerTransformer.objects.filter(pk__in=ids).select_related("node"), int
)


def customers_behind(transformer: int, *, on: date) -> int:
    """How many accounts a transformer supplies."""
    points = supplied_points(on).filter(transformer_id=transformer)
    return points.values("account_id").distinct().count()


def common_point(transformers: Collection[int], *, feeder: int, on: date) -> CommonPoint:
    """The switch nearest to the transformers that all of them lie behind as planned: the smallest part of the feeder that
    explains that none of them has supply. Of switches in a row, the first by code. Where the network as entered cannot be
    traced, the feeder with all whose home it is: who rings is not turned away for that.

    Raises :class:`NotFound` for a feeder that is not there.
    """
    row = Feeder.objects.filter(pk=feeder).first()
    if row is None:
        raise NotFound(f"there is no feeder {feeder}")
    wanted = set(transformers)
    home = set(PowerTransformer.objects.filter(feeder_id=feeder).values_list("pk", flat=True))
    try:
        states = live.states(on)
    except InvalidInput:
        return CommonPoint(
            feeder, row.code, row.name, UnitId(row.unit_id), None, "", "", tuple(sorted(home | wanted)), 0
        )
    found = _nearest(wanted, feeder, states)
    pairs = zip(
        states.normal.network.transformer_ids.tolist(), states.normal.feeders_of_transformers().tolist(), strict=True
    )
    whole = {transformer for transformer, fed in pairs if fed == feeder} | wanted
    if found is None or set(found[1]) >= whole:
        customers = found[2] if found else sum(states.supplied.get(one, 0) for one in whole)
        return CommonPoint(
            feeder, row.code, row.name, UnitId(row.unit_id), None, "", "", tuple(sorted(whole)), customers
        )
    switch, behind, customers = found
    return CommonPoint(
        feeder, row.code, row.name, UnitId(row.unit_id), switch.pk, switch.code, switch.name, behind, customers
    )


def _nearest(wanted: set[int], feeder: int, states: live.Live) -> tuple[Switch, tuple[int, ...], int] | None:
    best: tuple[Switch, tuple[int, ...], int] | None = None
    for switch in Switch.objects.filter(feeder_id=feeder).order_by("code"):
        reach = states.normal.downstream(switch.pk)
        behind = tuple(sorted(reach.transformers.tolist()))
        if wanted <= set(behind) and (best is None or len(behind) < len(best[1])):
            best = (switch, behind, len(reach.customers))
    return best
