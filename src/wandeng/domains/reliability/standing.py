"""Who hangs where at the time of an interruption: what is written down with it, so that later labels do not change it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, OuterRef

from wandeng.domains.network import queries as network
from wandeng.domains.network.queries import behind
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Area:
    """A transformer area then: ``customers`` without another supply, ``locality`` of most of them (empty: nobody)."""

    unit_id: int
    feeder_id: int
    is_public: bool
    customers: int
    locality: str


@dataclass(frozen=True, slots=True)
class Point:
    """A usage point then."""

    account_id: int
    transformer_id: int


@dataclass(slots=True)
class Standing:
    """Areas by transformer, points by id, and the transformers of each customer with several supplies."""

    areas: dict[int, Area] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    several: dict[int, tuple[int, ...]] = field(default_factory=dict)


def taken(transformers: Sequence[int], usage_points: Sequence[int], on: date) -> Standing:
    """How these stand on a local day. Raises :class:`NotFound` for an id that nobody knows."""
    found = Standing()
    for part in _parts(usage_points):
        rows = (
            network.points_rows(Scope.everywhere())
            .filter(pk__in=part)
            .values_list("pk", "account_id", "transformer_id")
        )
        found.points |= {point: Point(account, transformer) for point, account, transformer in rows}
    _refuse_unknown("usage point", usage_points, found.points)
    wanted = sorted({*transformers, *(point.transformer_id for point in found.points.values())})
    accounts: set[int] = {point.account_id for point in found.points.values()}
    for part in _parts(wanted):
        alone, locality = _alone(part, on)
        rows = network.transformers_rows(Scope.everywhere(), on=on).filter(pk__in=part)
        for pk, unit, feeder, ownership in rows.values_list("pk", "unit_id", "feeder_id", "ownership"):
            found.areas[pk] = Area(unit, feeder, ownership == "PUBLIC", alone[pk], locality.get(pk, ""))
        accounts |= _elsewhere_too(part, on)
    _refuse_unknown("transformer", wanted, found.areas)
    found.several = _several(sorted(accounts), on)
    return found


def _alone(part: Sequence[int], on: date) -> tuple[Counter[int], dict[int, str]]:
    """Customers of each transformer that no other supplies, and the locality of most."""
    points = behind.supplied_points(on).filter(transformer_id__in=part)
    other = behind.supplied_points(on).filter(account=OuterRef("account")).exclude(transformer=OuterRef("transformer"))
    rows = (
        points.filter(~Exists(other))
        .order_by()
        .values("transformer_id", "account__locality")
        .annotate(n=Count("account", distinct=True))
    )
    alone: Counter[int] = Counter()
    most: dict[int, tuple[int, str]] = {}
    for transformer, locality, count in rows.values_list("transformer_id", "account__locality", "n"):
        alone[transformer] += count
        most[transformer] = max(most.get(transformer, (0, "")), (count, locality))
    return alone, {transformer: locality for transformer, (_, locality) in most.items()}


def _elsewhere_too(part: Sequence[int], on: date) -> set[int]:
    points = behind.supplied_points(on).filter(transformer_id__in=part)
    other = behind.supplied_points(on).filter(account=OuterRef("account")).exclude(transformer=OuterRef("transformer"))
    return set(points.filter(Exists(other)).values_list("account_id", flat=True))


def _several(accounts: Sequence[int], on: date) -> dict[int, tuple[int, ...]]:
    supplies: dict[int, set[int]] = defaultdict(set)
    for part in _parts(accounts):
        rows = behind.supplied_points(on).filter(account_id__in=part)
        for account, transformer in rows.values_list("account_id", "transformer_id"):
            supplies[account].add(transformer)
    return {account: tuple(sorted(found)) for account, found in supplies.items() if len(found) > 1}


def _refuse_unknown(what: str, named: Sequence[int], known: dict[int, Area] | dict[int, Point]) -> None:
    unknown = sorted(set(named) - known.keys())
    if unknown:
        raise NotFound(f"there is no {what} with the id {unknown[0]}", ids=unknown)


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
