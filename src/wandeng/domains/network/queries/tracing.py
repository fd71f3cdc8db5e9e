"""What would follow if a switch moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time

import polars as pl
from django.db.models import Q

from wandeng.calc.tracing import Changes, Reach, Topology
from wandeng.domains.network import live
from wandeng.domains.network.actions import AlreadyInPosition
from wandeng.domains.network.frames import connectivity
from wandeng.domains.network.models import Feeder, PowerTransformer, Switch
from wandeng.domains.network.types import State, SwitchFacts, Traced, TracedAccount, TracedArea, TraceResult
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId, SwitchId, TransformerId
from wandeng.kernel.periods import BILLING_ZONE

AT_ONCE = 500
SUGGESTIONS = 5


def trace(
    scope: Scope, *, switch: str, state: State, at: datetime | None = None, make_open: bool | None = None
) -> TraceResult:
    """What would follow if the switch with this code moved; by default, to where it does not stand.

    ``at`` (aware) is the moment of the current state and of the customers; ``None``: the latest known.
    Nothing is written; the whole network is traced, and what lies outside the scope is counted only. Raises
    :class:`NotFound` naming similar switches, :class:`AlreadyInPosition` when ``make_open`` is how the switch
    stands, :class:`InvalidInput` for a feeder with two sources.
    """
    row = switch_row(scope, switch)
    with ColumnStore() as store:
        return _result(scope, store, connectivity.topology(store, state=state, at=at), row, state, at, make_open)


def trace_live(
    scope: Scope, *, switch: str, on: date, state: State = State.CURRENT, make_open: bool | None = None
) -> TraceResult:
    """The same for a page: on the states this process keeps (``live``), with the customers of the day ``on``.

    Raises as :func:`trace`.
    """
    row = switch_row(scope, switch)
    topology = live.states(on).state(state)
    with ColumnStore() as store:
        return _result(scope, store, topology, row, state, datetime.combine(on, time(12), BILLING_ZONE), make_open)


def _result(
    scope: Scope,
    store: ColumnStore,
    topology: Topology,
    row: Switch,
    state: State,
    at: datetime | None,
    make_open: bool | None,
) -> TraceResult:
    facts = SwitchFacts(
        id=SwitchId(row.pk),
        code=row.code,
        name=row.name,
        kind=row.kind,
        feeder_code=row.feeder.code,
        feeder_name=row.feeder.name,
        is_open=topology.is_open(row.pk),
    )
    target = not facts.is_open if make_open is None else make_open
    if target == facts.is_open:
        raise AlreadyInPosition(
            f"switch {row.code} already stands {'open' if target else 'closed'} in the {state.value} state",
            switch=row.code,
        )
    changes = what_if(topology, switch=facts.id, is_open=target)
    reaches = (changes.lost, changes.regained, changes.moved)
    supplies = [connectivity.supplies_of(store, reach.customers.tolist(), at=at) for reach in reaches]
    lost, regained, moved = (_traced(scope, *pair) for pair in zip(reaches, supplies, strict=True))
    codes = dict(Feeder.objects.filter(pk__in=changes.feeders).values_list("pk", "code"))
    return TraceResult(
        switch=facts,
        state=state,
        at=at,
        made_open=target,
        lost=lost,
        regained=regained,
        moved=moved,
        feeders=tuple(sorted(codes.values())),
        loops=tuple(sorted(codes[feeder] for feeder in changes.loops)),
        parallel=tuple(tuple(sorted(codes[feeder] for feeder in group)) for group in changes.parallel),
    )


def what_if(topology: Topology, *, switch: SwitchId, is_open: bool) -> Changes:
    """The same by ids, on a topology the caller keeps."""
    return topology.what_if(opened=[switch] if is_open else [], closed=[] if is_open else [switch])


def switch_row(scope: Scope, code: str) -> Switch:
    """The switch with this code. Raises :class:`NotFound` naming similar ones of the scope."""
    visible = scope.limit(Switch.objects.select_related("feeder"), "feeder__unit__path")
    found = visible.filter(code=code).first()
    if found is None:
        similar = visible.filter(Q(code__icontains=code) | Q(name__icontains=code)).order_by("code")
        near = list(similar.values_list("code", flat=True)[:SUGGESTIONS])
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise NotFound(f"there is no switch {code}{hint}", switch=code, similar=near)
    return found


def _traced(scope: Scope, reach: Reach, supplies: pl.DataFrame) -> Traced:
    """Codes and names for the ids of one side of a trace, with the supplies of its customers."""
    wanted = sorted({*reach.transformers.tolist(), *supplies["transformer_id"].to_list()})
    transformers = {row.pk: row for row in _transformers(wanted)}
    visible = {path for path in supplies["unit_path"].unique() if scope.covers(path)}
    accounts = {
        rows.item(0, "account_id"): _account(rows, transformers)
        for _, rows in supplies.filter(pl.col("unit_path").is_in(visible)).group_by("account_id", maintain_order=True)
    }
    supplied = dict(supplies.group_by("transformer_id").agg("account_id").iter_rows())
    areas = [
        _area(row, len(supplied.get(row.pk, ())), [accounts[a] for a in supplied.get(row.pk, ()) if a in accounts])
        for row in (transformers[transformer] for transformer in reach.transformers.tolist())
        if scope.covers(row.unit.path)
    ]
    return Traced(
        areas=tuple(sorted(areas, key=lambda area: area.code)),
        accounts=tuple(sorted(accounts.values(), key=lambda account: account.account_number)),
        areas_elsewhere=len(reach.transformers) - len(areas),
        accounts_elsewhere=len(reach.customers) - len(accounts),
    )


def _account(supplies: pl.DataFrame, transformers: dict[int, PowerTransformer]) -> TracedAccount:
    first = supplies.row(0, named=True)
    return TracedAccount(
        id=AccountId(first["account_id"]),
        account_number=first["account_number"],
        name=first["name"],
        importance=first["importance"],
        transformer_codes=tuple(sorted(transformers[transformer].code for transformer in supplies["transformer_id"])),
    )


def _area(row: PowerTransformer, customers: int, named: Sequence[TracedAccount]) -> TracedArea:
    return TracedArea(
        id=TransformerId(row.pk),
        code=row.code,
        name=row.name,
        area_name=row.area_name,
        ownership=row.ownership,
        capacity_ckva=row.capacity_ckva,
        feeder_code=row.feeder.code,
        customers=customers,
        important=tuple(sorted((a for a in named if a.importance), key=lambda a: a.account_number)),
    )


def _transformers(ids: Sequence[int]) -> Iterator[PowerTransformer]:
    rows = PowerTransformer.objects.select_related("feeder", "unit")
    for start in range(0, len(ids), AT_ONCE):
        yield from rows.filter(pk__in=ids[start : start + AT_ONCE])
