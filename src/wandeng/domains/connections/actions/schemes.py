"""The supply scheme (供电方案): drafted from the network, chosen by a person, told to the case so that nobody types it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from wandeng.domains.cases.actions import work
from wandeng.domains.cases.types import CaseShown, Charter
from wandeng.domains.connections import rules, siting
from wandeng.domains.connections.actions.projects import begun, record
from wandeng.domains.connections.models import ConnectionProject, ReinforcementNeed, SchemeCandidate, SupplySource
from wandeng.domains.connections.types import SOURCES_WANTED, Position, SchemeMissing, SourceWanted
from wandeng.domains.metering import queries as metering
from wandeng.domains.network import queries as network
from wandeng.infra import ids
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE, Month

MONTHS_OF_DEMAND = 12
SINGLE_PHASE_CKVA = 1_200
"""Up to 12 kW at 220 V: the entry threshold of rules 2024, the boundary and voltage that a draft proposes."""
VOLTAGE_220, VOLTAGE_380 = "AC00022", "AC00038"
BOUNDARY = "{name}低压接户线与用户进户线连接处，接户线及以上归供电企业，进户线归用户"


@transaction.atomic
def draft_scheme(
    *, case_number: str, actor: Actor, at: datetime, charter: Charter, position: Position | None = None, address: str = ""
) -> int:  # fmt: skip
    """Look for transformers that could supply (供电方案拟定), best first; what was drafted before gives way. ``position`` is where
    the premises stand, ``address`` words of the place: either helps to find what is near. Returns how many were found.

    Raises :class:`NotFound`, :class:`NoConnection`, :class:`InvalidInput` for a high-voltage connection,
    :class:`SchemeMissing` where the unit has no public transformer, :class:`AlreadyConnected`.
    """
    row, shown = begun(case_number, actor, at, charter)
    if shown.glance.process != "low_voltage_connection":
        raise InvalidInput("a scheme at high voltage is laid down source by source")
    here = position or _known_position(row)
    looked = siting.nearest(network.public_transformers(Scope(shown.unit_path)), here, address)
    if not looked:
        raise SchemeMissing(f"unit {shown.unit_code} has no public transformer")
    found = _carried(row, looked, at)
    feeders = network.feeder_loads(
        sorted({one.looked.transformer.feeder_id for one in found}), on=at.astimezone(BILLING_ZONE).date()
    )
    SchemeCandidate.objects.filter(project=row).delete()
    SchemeCandidate.objects.bulk_create(
        SchemeCandidate(
            project=row, place=place, transformer_id=one.looked.transformer.id,
            capacity_ckva=one.looked.transformer.capacity_ckva, load_ckva=one.load_ckva, load_basis=one.basis,
            reserved_ckva=one.reserved_ckva, spare_ckva=one.spare_ckva, distance_m=one.looked.distance_m,
            feeder_capacity_ckva=feeders[one.looked.transformer.feeder_id].capacity_ckva,
            feeder_contract_ckva=feeders[one.looked.transformer.feeder_id].contract_ckva,
            is_in_area=one.looked.is_in_area,
        )
        for place, one in enumerate(found, start=1)
    )  # fmt: skip
    ConnectionProject.objects.filter(pk=row.pk).update(
        drafted_at=at, longitude_e6=here.longitude_e6 if here else None, latitude_e6=here.latitude_e6 if here else None
    )
    record("connection.draft_scheme", row, shown, {"candidates": len(found)}, actor, at)
    return len(found)


@transaction.atomic
def choose(
    *, case_number: str, place: int, actor: Actor, at: datetime, charter: Charter, boundary: str = ""
) -> None:  # fmt: skip
    """Choose a candidate: it becomes the source, the case is told the point of supply and the boundary of ownership. One that
    cannot carry the newcomer is connected all the same, and its reinforcement is needed (先接入、后改造).

    Raises :class:`NotFound`, :class:`InvalidInput` for a candidate that is none, :class:`AlreadyConnected`.
    """
    row, shown = begun(case_number, actor, at, charter)
    chosen = SchemeCandidate.objects.filter(project=row, place=place).select_related("transformer").first()
    if chosen is None:
        raise InvalidInput(f"the scheme has no candidate {place}: draft it first")
    SchemeCandidate.objects.filter(project=row, is_chosen=True).update(is_chosen=False)
    SchemeCandidate.objects.filter(pk=chosen.pk).update(is_chosen=True)
    words = boundary.strip() or BOUNDARY.format(name=chosen.transformer.name)
    SupplySource.objects.filter(project=row).delete()
    SupplySource.objects.create(
        project=row, place=1, transformer=chosen.transformer, capacity_ckva=row.capacity_ckva, boundary=words,
        voltage_code=VOLTAGE_220 if row.capacity_ckva <= SINGLE_PHASE_CKVA else VOLTAGE_380, metered_side="LOW",
    )  # fmt: skip
    ReinforcementNeed.objects.filter(project=row).delete()
    if chosen.spare_ckva < 0:
        ReinforcementNeed.objects.create(
            id=ids.reserve(ReinforcementNeed, 1), project=row, transformer=chosen.transformer,
            lacking_ckva=-chosen.spare_ckva, noted_at=at, noted_by=actor.code,
        )  # fmt: skip
    _tell_case(shown, f"{chosen.transformer.name}（{chosen.transformer.code}）", words, actor, at, charter)
    facts = {"transformer": chosen.transformer.code, "place": place, "spare_ckva": chosen.spare_ckva}
    record("connection.choose_scheme", row, shown, facts, actor, at)


@transaction.atomic
def set_sources(
    *, case_number: str, sources: Sequence[SourceWanted], actor: Actor, at: datetime, charter: Charter
) -> None:  # fmt: skip
    """Lay down the sources of a high-voltage supply, the main one first; the case is told them and their boundaries.

    Raises :class:`NotFound` for a feeder outside, :class:`InvalidInput` for another number of sources than the class has, one
    feeder twice, a main source that is interlocked, or no boundary; :class:`AlreadyConnected`.
    """
    row, shown = begun(case_number, actor, at, charter)
    if shown.glance.process != "high_voltage_connection":
        raise InvalidInput("a scheme at low voltage is drafted from the network")
    wanted = SOURCES_WANTED.get(row.connection_class, 1)
    if len(sources) != wanted or len({one.feeder_code for one in sources}) != wanted:
        raise InvalidInput(f"a connection of the class {row.connection_class} has {wanted} sources on as many feeders")
    if sources[0].is_interlocked or not all(one.boundary.strip() and one.capacity_ckva > 0 for one in sources):
        raise InvalidInput("each source has a capacity and a boundary of ownership, and the main one runs by itself")
    if (
        sources[0].capacity_ckva + sum(one.capacity_ckva for one in sources[1:] if not one.is_interlocked)
        < row.capacity_ckva
    ):
        raise InvalidInput("the sources that run together carry less than was applied for")
    named = [network.feeder_name(Scope.of(actor), one.feeder_code) for one in sources]
    SupplySource.objects.filter(project=row).delete()
    SupplySource.objects.bulk_create(
        SupplySource(
            project=row, place=place, feeder_id=feeder, capacity_ckva=one.capacity_ckva, voltage_code=one.voltage_code,
            metered_side=one.metered_side, boundary=one.boundary.strip(), is_interlocked=one.is_interlocked,
        )
        for place, (one, (feeder, _)) in enumerate(zip(sources, named, strict=True), start=1)
    )  # fmt: skip
    ConnectionProject.objects.filter(pk=row.pk).update(drafted_at=at)
    points = "；".join(f"{name}（{one.feeder_code}）" for one, (_, name) in zip(sources, named, strict=True))
    _tell_case(shown, points, "；".join(one.boundary.strip() for one in sources), actor, at, charter)
    facts = {"feeders": [one.feeder_code for one in sources]}
    record("connection.set_sources", row, shown, facts, actor, at)


def _carried(row: ConnectionProject, looked: Sequence[siting.Looked], at: datetime) -> tuple[siting.Carried, ...]:
    on = at.astimezone(BILLING_ZONE).date()
    keys = [one.transformer.id for one in looked]
    points = network.check_points(keys)
    demand = metering.highest_demand(list(points), since=Month.of(on).plus(-MONTHS_OF_DEMAND).first)
    under_way = SupplySource.objects.filter(transformer_id__in=keys, usage_point__isnull=True).exclude(project=row)
    reserved = under_way.filter(project__case__state="OPEN").order_by().values_list("transformer_id")
    return siting.carried(
        looked, wanted_ckva=row.capacity_ckva, contracts=network.contract_loads(keys, on=on),
        measured={points[point]: most for point, most in demand.items()},
        reserved=dict(reserved.annotate(n=Sum("capacity_ckva"))), shares=rules.shares(on),
    )  # fmt: skip


def _known_position(row: ConnectionProject) -> Position | None:
    if row.longitude_e6 is None or row.latitude_e6 is None:
        return None
    return Position(row.longitude_e6, row.latitude_e6)


def _tell_case(shown: CaseShown, point: str, boundary: str, actor: Actor, at: datetime, charter: Charter) -> None:
    answers = {"SUPPLY_POINT": point, "BOUNDARY": boundary}
    work.fill(number=shown.glance.number, answers=answers, actor=actor, at=at, charter=charter)
