"""Where things of the network belong: for what must be told only to those who stand over their unit."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.domains.network.models import PowerTransformer, Switch, UsagePoint
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading
from wandeng.kernel.ids import AccountId, SwitchId, TransformerId, UnitId, UsagePointId


def unit_path_of_point(point: UsagePointId) -> str:
    """The path of the unit of a usage point's account; empty for a point that does not exist."""
    return UsagePoint.objects.filter(pk=point).values_list("account__unit__path", flat=True).first() or ""


def unit_path_of_switch(switch: SwitchId) -> str:
    """The path of the unit of a switch's feeder; empty for a switch that does not exist."""
    return Switch.objects.filter(pk=switch).values_list("feeder__unit__path", flat=True).first() or ""


@dataclass(frozen=True, slots=True)
class SwitchPlace:
    """A switch and where its feeder belongs."""

    id: SwitchId
    code: str
    name: str
    unit_path: str


def switch_place(scope: Scope, code: str) -> SwitchPlace:
    """A switch by its code. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Switch.objects.select_related("feeder__unit"), "feeder__unit__path", "switch", code=code)
    return SwitchPlace(SwitchId(row.pk), row.code, row.name, row.feeder.unit.path)


@dataclass(frozen=True, slots=True)
class TransformerPlace:
    """A transformer and where it belongs; ``voltage_code`` and ``contract_capacity_ckva`` are of the usage point it was asked
    for, empty and 0 when it was asked for by its own code."""

    id: TransformerId
    code: str
    name: str
    unit_id: UnitId
    unit_path: str
    voltage_code: str = ""
    contract_capacity_ckva: int = 0


def transformer_place(scope: Scope, code: str) -> TransformerPlace:
    """A transformer by its code. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(PowerTransformer.objects.select_related("unit"), "unit__path", "transformer", code=code)
    return TransformerPlace(TransformerId(row.pk), row.code, row.name, UnitId(row.unit_id), row.unit.path)


def transformer_of(account: AccountId) -> TransformerPlace | None:
    """The transformer that feeds an account's first connected load; ``None`` for an account without one."""
    row = _POINTS.first(int(account))
    if row is None:
        return None
    made = row.transformer
    return TransformerPlace(
        TransformerId(made.pk), made.code, made.name, UnitId(made.unit_id), made.unit.path, row.voltage_code,
        row.contract_capacity_ckva,
    )  # fmt: skip


_POINTS: Reading[UsagePoint] = Reading(
    lambda account: (
        UsagePoint.objects.filter(account_id=account, disconnected_on__isnull=True)
        .exclude(kind="SUPPLY")
        .select_related("transformer__unit")
        .order_by("-kind", "id")
    ),
    int, planned_once=True,
)  # fmt: skip
