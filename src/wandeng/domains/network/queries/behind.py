"""Who is behind a switch or a transformer, as it stands and as planned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from wandeng.calc.tracing import Reach
from wandeng.domains.network import live
from wandeng.domains.network.models import Feeder, PowerTransformer, SwitchOperation, UsagePoint
from wandeng.domains.network.queries.tracing import AT_ONCE, switch_row
from wandeng.domains.network.types import (
    AreaBehind,
    Behind,
    ImportantAccount,
    LoggedOperation,
    State,
    SwitchView,
    TransformerView,
)
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import SwitchId, TransformerId

LOG_LINES = 10


def switch_view(scope: Scope, code: str, *, on: date) -> SwitchView:
    """A switch with who is behind it now and as planned. Raises :class:`NotFound` naming similar ones of the scope."""
    row = switch_row(scope, code)
    states = live.states(on)
    current, normal = states.current.downstream(row.pk), states.normal.downstream(row.pk)
    sides = [states.current.feeder_of_node(node) for node in (row.node_a_id, row.node_b_id)]
    names = dict(Feeder.objects.filter(pk__in=[side for side in sides if side is not None]).values_list("pk", "code"))
    now = _behind(scope, current, states, on)
    return SwitchView(
        id=SwitchId(row.pk),
        code=row.code,
        name=row.name,
        kind=row.kind,
        feeder_code=row.feeder.code,
        feeder_name=row.feeder.name,
        unit_path=row.feeder.unit.path,
        normal_open=row.normal_open,
        is_open=states.current.is_open(row.pk),
        fed_by=(names.get(sides[0] or -1, ""), names.get(sides[1] or -1, "")),
        current=now,
        normal=now if _same(current, normal) else _behind(scope, normal, states, on),
        log=_log(row.pk),
    )


def transformer_view(scope: Scope, code: str, *, on: date) -> TransformerView:
    """A transformer area with who feeds it now and who is behind it. Raises :class:`NotFound`."""
    rows = PowerTransformer.objects.select_related("feeder", "unit", "node")
    row = scope.one(rows, "unit__path", "transformer", code=code)
    states = live.states(on)
    fed = states.current.feeder_of_transformer(row.pk)
    feeder = Feeder.objects.filter(pk=fed).first() if fed is not None and fed != row.feeder_id else row.feeder
    fed_code, fed_name = (feeder.code, feeder.name) if feeder is not None and fed is not None else ("", "")
    alone = _alone(row.pk, on)
    area = AreaBehind(
        row.code, row.name, row.area_name, row.ownership, row.capacity_ckva, states.supplied.get(row.pk, 0)
    )
    return TransformerView(
        id=TransformerId(row.pk),
        code=row.code,
        name=row.name,
        area_name=row.area_name,
        ownership=row.ownership,
        capacity_ckva=row.capacity_ckva,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        node_code=row.node.code,
        home_code=row.feeder.code,
        home_name=row.feeder.name,
        fed_code=fed_code,
        fed_name=fed_name,
        behind=Behind(1, alone, row.capacity_ckva, (area,), _important(scope, [row.pk], on)),
    )


def transformers_behind(scope: Scope, switch: str, *, state: State, on: date) -> tuple[int, ...]:
    """Ids of the transformers that would be dead if the switch with this code opened in ``state``, for
    ``rows.points_rows``. Raises :class:`NotFound`."""
    row = switch_row(scope, switch)
    return tuple(sorted(live.states(on).state(state).downstream(row.pk).transformers.tolist()))


def supplied_points(on: date) -> QuerySet[UsagePoint]:
    """The points by which accounts are customers of a transformer on a day, as ``frames.connectivity`` has it: where
    they draw power, or, if they only feed in, there."""
    draws = UsagePoint.objects.filter(account=OuterRef("account"), kind="LOAD")
    connected = Q(connected_on__lte=on) & (Q(disconnected_on__isnull=True) | Q(disconnected_on__gt=on))
    return UsagePoint.objects.filter(connected).filter(Q(kind="LOAD") | (Q(kind="FEED_IN") & ~Exists(draws)))


def _same(one: Reach, other: Reach) -> bool:
    return set(one.transformers.tolist()) == set(other.transformers.tolist())


def _behind(scope: Scope, reach: Reach, states: live.Live, on: date) -> Behind:
    ids = sorted(reach.transformers.tolist())
    rows = [row for part in _parts(ids) for row in PowerTransformer.objects.select_related("unit").filter(pk__in=part)]
    areas = [
        AreaBehind(row.code, row.name, row.area_name, row.ownership, row.capacity_ckva, states.supplied.get(row.pk, 0))
        for row in rows
        if scope.covers(row.unit.path)
    ]
    return Behind(
        transformers=len(ids),
        customers=len(reach.customers),
        capacity_ckva=sum(row.capacity_ckva for row in rows),
        areas=tuple(sorted(areas, key=lambda area: area.code)),
        important=_important(scope, ids, on, lost=set(reach.customers.tolist())),
    )


def _important(
    scope: Scope, transformers: Sequence[int], on: date, lost: set[int] | None = None
) -> tuple[ImportantAccount, ...]:
    """The important accounts of the scope on these transformers. ``lost``: those that would lose every supply; ``None``:
    found out here, for one transformer."""
    found: dict[str, ImportantAccount] = {}
    for part in _parts(transformers):
        points = supplied_points(on).filter(transformer_id__in=part).exclude(account__importance="")
        elsewhere = supplied_points(on).filter(account=OuterRef("account")).exclude(transformer_id__in=part)
        rows = scope.limit(points, "account__unit__path").annotate(elsewhere=Exists(elsewhere))
        for number, name, importance, transformer, account, other in rows.values_list(
            "account__account_number", "account__name", "account__importance", "transformer__code", "account_id",
            "elsewhere",
        ):  # fmt: skip
            keeps = other if lost is None else account not in lost
            found.setdefault(number, ImportantAccount(number, name, importance, transformer, keeps))
    return tuple(found[number] for number in sorted(found))


def _alone(transformer: int, on: date) -> int:
    """How many accounts have no supply but this transformer."""
    elsewhere = supplied_points(on).filter(account=OuterRef("account")).exclude(transformer_id=transformer)
    here = supplied_points(on).filter(transformer_id=transformer).filter(~Exists(elsewhere))
    return here.values("account_id").distinct().count()


def _log(switch: int) -> tuple[LoggedOperation, ...]:
    rows = SwitchOperation.objects.filter(switch_id=switch).select_related("switch").order_by("-at", "-id")
    return tuple(
        LoggedOperation(row.switch.code, row.switch.name, row.is_open, row.at, row.actor, row.reason)
        for row in rows[:LOG_LINES]
    )


def _parts(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]
