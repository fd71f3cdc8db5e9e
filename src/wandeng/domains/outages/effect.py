"""Whom an outage interrupts: from isolation points to areas and customers, with what the areas had already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from wandeng.domains.network import queries as network
from wandeng.domains.network.types import Isolated
from wandeng.domains.outages import earlier, rules
from wandeng.domains.outages.frames import affected
from wandeng.domains.outages.types.plans import Isolation, IsolationKind, LiveLine, NobodyOff
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound

AT_ONCE = 500
NOTHING = Isolated((), (), frozenset(), (), (), ())


@dataclass(frozen=True, slots=True)
class Point:
    """An isolation point by ids."""

    kind: IsolationKind
    switch_id: int | None
    transformer_id: int | None


@dataclass(frozen=True, slots=True)
class Area:
    """An affected area."""

    transformer_id: int
    code: str
    name: str
    feeder_id: int
    place: str
    customers: int
    important: int
    planned_before: int
    recent_before: int


@dataclass(frozen=True, slots=True)
class User:
    """An important or protected user."""

    account_id: int
    transformer_id: int
    importance: str
    protection: str
    keeps_supply: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Everything that follows from the isolation points of a window."""

    points: tuple[Point, ...]
    isolated: Isolated
    areas: tuple[Area, ...] = ()
    users: tuple[User, ...] = ()
    customers: int = 0
    double_supply: int = 0
    localities: frozenset[str] = frozenset()
    feeder_id: int | None = None
    places: tuple[str, ...] = field(default=())

    @property
    def off(self) -> tuple[User, ...]:
        return tuple(one for one in self.users if not one.keeps_supply)

    @property
    def important(self) -> int:
        return sum(1 for one in self.off if one.importance)

    @property
    def protected(self) -> int:
        return sum(1 for one in self.off if one.protection)


def points_of(scope: Scope, isolation: Sequence[Isolation]) -> tuple[Point, ...]:
    """Codes as ids. Raises :class:`NotFound` for a code outside the scope, :class:`InvalidInput` for one named twice."""
    codes = [(one.kind is IsolationKind.OUT, one.code) for one in isolation]
    if len(set(codes)) < len(codes):
        raise InvalidInput("an isolation point is named once")
    switches = dict(
        network.switches_rows(scope).filter(code__in=[c for out, c in codes if not out]).values_list("code", "pk")
    )
    rows = network.transformers_rows(scope, on=date(2000, 1, 1)).filter(code__in=[c for out, c in codes if out])
    transformers = dict(rows.values_list("code", "pk"))
    found = []
    for one in isolation:
        known = transformers if one.kind is IsolationKind.OUT else switches
        if one.code not in known:
            what = "transformer" if one.kind is IsolationKind.OUT else "switch"
            raise NotFound(f"there is no {what} {one.code}")
        is_out = one.kind is IsolationKind.OUT
        found.append(Point(one.kind, None if is_out else known[one.code], known[one.code] if is_out else None))
    return tuple(found)


def isolated_by(points: Sequence[Point], on: date) -> Isolated:
    """What the network does when these points are isolated."""
    return network.isolate(
        opened=[one.switch_id for one in points if one.kind is IsolationKind.OPEN and one.switch_id is not None],
        closed=[one.switch_id for one in points if one.kind is IsolationKind.CLOSE and one.switch_id is not None],
        out=[one.transformer_id for one in points if one.transformer_id is not None],
        on=on,
    )


def effect_of(
    points: Sequence[Point],
    *,
    starts_at: datetime,
    live_line: LiveLine,
    protected: Mapping[int, str],
    at: datetime,
    territory: str,
    besides: int | None,
    library: RuleLibrary | None,
) -> Effect:
    """Trace the points and look up the areas' history. ``protected``: kinds of protection by account id; ``besides``: the plan
    itself, which is not counted in its own history.

    Raises :class:`NobodyOff` when nothing would be interrupted, ``NoRuleInForce``.
    """
    if live_line is LiveLine.CHOSEN:
        return Effect(tuple(points), NOTHING)
    isolated = isolated_by(points, rules.local_day(at))
    if not isolated.dead:
        raise NobodyOff("these isolation points interrupt nobody: look at the switches, or choose live work")
    on = rules.local_day(starts_at)
    with ColumnStore() as store:
        rows = affected.out_of(store, dead=isolated.dead, unfed=isolated.unfed, on=on)
    history = earlier.history(isolated.dead, on=on, territory=territory, besides=besides, library=library)
    users = _users(rows, protected)
    return _summed(tuple(points), isolated, rows, users, history)


def _summed(
    points: tuple[Point, ...],
    isolated: Isolated,
    rows: pl.DataFrame,
    users: tuple[User, ...],
    history: Mapping[int, earlier.History],
) -> Effect:
    out = rows.filter(~pl.col("keeps_supply"))
    here = dict(out.group_by("transformer_id").agg(pl.col("account_id").n_unique()).iter_rows())
    marked = Counter(one.transformer_id for one in users if not one.keeps_supply)
    areas = []
    for part in (isolated.dead[start : start + AT_ONCE] for start in range(0, len(isolated.dead), AT_ONCE)):
        found = network.transformers_rows(Scope.everywhere(), on=date(2000, 1, 1)).filter(pk__in=part)
        for pk, code, name, feeder, place in found.values_list("pk", "code", "name", "feeder_id", "area_name"):
            past = history[pk]
            areas.append(
                Area(pk, code, name, feeder, place or name, here.get(pk, 0), marked[pk], past.planned, past.recent)
            )  # fmt: skip
    areas.sort(key=lambda area: (area.feeder_id, area.code))
    feeders = Counter(area.feeder_id for area in areas)
    return Effect(
        points=points,
        isolated=isolated,
        areas=tuple(areas),
        users=users,
        customers=out["account_id"].n_unique(),
        double_supply=rows.filter("keeps_supply")["account_id"].n_unique(),
        localities=frozenset(out["locality"].unique().to_list()),
        feeder_id=feeders.most_common(1)[0][0] if feeders else None,
        places=tuple(dict.fromkeys(area.place for area in areas)),
    )


def _users(rows: pl.DataFrame, protected: Mapping[int, str]) -> tuple[User, ...]:
    """Each important or protected account once, at its first transformer."""
    marked = rows.filter(pl.col("is_important") | pl.col("account_id").is_in(list(protected)))
    return tuple(
        User(account, transformer, importance, protected.get(account, ""), keeps)
        for account, transformer, importance, keeps in marked.unique("account_id", keep="first", maintain_order=True)
        .select("account_id", "transformer_id", "importance", "keeps_supply")
        .iter_rows()
    )
