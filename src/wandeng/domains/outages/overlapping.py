"""Other plans of the same time: a crew, a tie or an area wanted twice, and who is off only because both happen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.domains.network import queries as network
from wandeng.domains.outages.effect import Effect, Point, isolated_by
from wandeng.domains.outages.found import Found
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.models import OutageArea, OutageIsolation, OutageWork, PlannedOutageVersion
from wandeng.domains.outages.types.plans import IsolationKind
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope

COMMITTED = ("SUBMITTED", "APPROVED", "PUBLISHED", "RUNNING")
"""A draft binds nobody: it meets the others when it is submitted."""
NAMED = 20


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan whose window meets this one's."""

    number: str
    crews: frozenset[str]
    points: tuple[Point, ...]
    areas: frozenset[int]


def plans(starts_at: datetime, ends_at: datetime, *, besides: int | None) -> tuple[Other, ...]:
    """The committed plans whose windows meet this one, by number; ``besides`` is the plan itself."""
    rows = PlannedOutageVersion.objects.filter(
        state="STANDS", outage__state__in=COMMITTED, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    if besides is not None:
        rows = rows.exclude(outage_id=besides)
    numbers = dict(rows.order_by("outage__number").values_list("pk", "outage__number"))
    crews: dict[int, set[str]] = defaultdict(set)
    works = OutageWork.objects.filter(version_id__in=numbers).exclude(crew_code="")
    for version, crew in works.values_list("version_id", "crew_code"):
        crews[version].add(crew)
    points: dict[int, list[Point]] = defaultdict(list)
    stored = OutageIsolation.objects.filter(version_id__in=numbers, version__live_line__in=("NONE", "POSSIBLE"))
    for version, kind, switch, transformer in stored.values_list("version_id", "kind", "switch_id", "transformer_id"):
        points[version].append(Point(IsolationKind(kind), switch, transformer))
    areas: dict[int, set[int]] = defaultdict(set)
    for version, area in OutageArea.objects.filter(version_id__in=numbers).values_list("version_id", "transformer_id"):
        areas[version].add(area)
    return tuple(
        Other(number, frozenset(crews[pk]), tuple(points[pk]), frozenset(areas[pk])) for pk, number in numbers.items()
    )


def crews(wanted: Sequence[str], others: Sequence[Other]) -> list[Found]:
    """A crew at two places at once."""
    twice = {crew: other.number for other in others for crew in sorted(other.crews & set(wanted))}
    if not twice:
        return []
    return [Found("CREW_TWICE", {"crews": sorted(twice), "plans": sorted(set(twice.values()))})]


def ties(points: Sequence[Point], others: Sequence[Other]) -> list[Found]:
    """A tie that this plan closes while another closes it too, or wants it open; and the other way round."""
    mine = {one.switch_id: one.kind for one in points if one.switch_id is not None}
    met = [
        (one.switch_id, other.number)
        for other in others
        for one in other.points
        if one.switch_id in mine and IsolationKind.CLOSE in (one.kind, mine[one.switch_id])
    ]
    if not met:
        return []
    codes = network.switches_rows(Scope.everywhere()).filter(pk__in={switch for switch, _ in met})
    return [
        Found(
            "TIE_TWICE",
            {"ties": sorted(codes.values_list("code", flat=True)), "plans": sorted({number for _, number in met})},
        )
    ]


def together(effect: Effect, others: Sequence[Other], on: date) -> list[Found]:
    """Areas and customers that neither plan interrupts alone, but both together: a tie whose other side is isolated, a user whose
    two supplies are taken by two plans."""
    if not effect.points or not effect.isolated.dead:
        return []
    areas: set[int] = set()
    accounts: set[int] = set()
    numbers: set[str] = set()
    for other in others:
        if not other.points:
            continue
        mine = {(one.switch_id, one.transformer_id) for one in effect.points}
        added = tuple(one for one in other.points if (one.switch_id, one.transformer_id) not in mine)
        both = isolated_by((*effect.points, *added), on)
        alone = isolated_by(other.points, on)
        new = set(both.dead) - set(effect.isolated.dead) - set(alone.dead)
        users = _without(both.dead, both.unfed, on) - _without(effect.isolated.dead, both.unfed, on)
        users -= _without(alone.dead, both.unfed, on)
        if new or users:
            numbers.add(other.number)
            areas |= new
            accounts |= users
    if not numbers:
        return []
    rows = network.transformers_rows(Scope.everywhere(), on=on).filter(pk__in=sorted(areas)[:NAMED])
    named = [f"{place or name}（{code}）" for code, name, place in rows.values_list("code", "name", "area_name")]
    told: dict[str, object] = {"areas": sorted(named), "count": len(areas), "customers": len(accounts)}
    return [Found("OFF_TOGETHER", told | {"plans": sorted(numbers)})]


def shared(effect: Effect, others: Sequence[Other]) -> list[Found]:
    """Areas that another plan takes at the same time: one outage could serve both."""
    mine = {area.transformer_id for area in effect.areas}
    met = {other.number: len(mine & other.areas) for other in others if mine & other.areas}
    if not met:
        return []
    return [Found("AREA_SHARED", {"plans": sorted(met), "count": max(met.values())})]


def _without(dead: Sequence[int], unfed: frozenset[int], on: date) -> set[int]:
    with ColumnStore() as store:
        rows = affected.out_of(store, dead=dead, unfed=unfed, on=on)
    return set(rows.filter(~pl.col("keeps_supply"))["account_id"].to_list())
