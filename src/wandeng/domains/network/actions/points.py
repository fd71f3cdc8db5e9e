"""Usage points are connected for an account, changed, and disconnected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction

from wandeng.domains.customers import queries as customers
from wandeng.domains.network import revision
from wandeng.domains.network.models import PowerTransformer, UsagePoint
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import UsagePointId

SIDES = ("HIGH", "LOW")
_UNIT = "account__unit__path"


@transaction.atomic
def connect_point(
    *,
    code: str,
    account_number: str,
    transformer_code: str,
    voltage_code: str,
    contract_capacity_ckva: int,
    connected_on: date,
    actor: Actor,
    at: datetime,
    metered_side: str = "LOW",
    kind: str = "LOAD",
    deducts_from: str = "",
) -> UsagePointId:
    """Connect a usage point of an account behind a transformer from a day on; a capacity of 0 is one that nobody knows.
    ``deducts_from``: of a sub-meter, the point whose meter its own is deducted from.

    Raises :class:`NotFound` for an account or transformer outside the actor's scope, :class:`Conflict` for a code in use,
    :class:`InvalidInput` for a capacity below zero or an unknown side.
    """
    if contract_capacity_ckva < 0 or metered_side not in SIDES:
        raise InvalidInput(f"a usage point has a capacity and is metered HIGH or LOW, not {metered_side}")
    account = customers.account(Scope.of(actor), account_number)
    transformer = Scope.of(actor).one(
        PowerTransformer.objects.all(), "unit__path", "transformer", code=transformer_code
    )
    if UsagePoint.objects.filter(code=code).exists():
        raise Conflict(f"usage point {code} exists already")
    parent = (
        Scope.of(actor).one(UsagePoint.objects.all(), _UNIT, "usage point", code=deducts_from) if deducts_from else None
    )
    made = UsagePoint.objects.create(
        id=ids.reserve(UsagePoint, 1), code=code, account_id=account.id, transformer=transformer, kind=kind,
        voltage_code=voltage_code, metered_side=metered_side, contract_capacity_ckva=contract_capacity_ckva,
        connected_on=connected_on, deducts_from=parent,
    )  # fmt: skip
    facts = {"account_number": account_number, "transformer": transformer_code, "on": connected_on,
             "capacity_ckva": contract_capacity_ckva}  # fmt: skip
    _told("point.connect", made, account.unit_path, facts, actor, at, "")
    return UsagePointId(made.pk)


@transaction.atomic
def disconnect_point(*, code: str, on: date, actor: Actor, at: datetime, reason: str) -> None:
    """Disconnect a usage point: ``on`` is the first day without it.

    Raises :class:`NotFound`, :class:`Conflict` when it is disconnected already, :class:`InvalidInput` for a day before it
    was connected.
    """
    point = _point(code, actor)
    if point.disconnected_on is not None:
        raise Conflict(f"usage point {code} is disconnected since {point.disconnected_on}")
    if on <= point.connected_on:
        raise InvalidInput(f"usage point {code} was connected on {point.connected_on}: it cannot end on {on}")
    UsagePoint.objects.filter(pk=point.pk).update(disconnected_on=on)
    _told("point.disconnect", point, point.account.unit.path, {"on": on}, actor, at, reason)


class PointChange(TypedDict, total=False):
    """What may change at a usage point without its end."""

    contract_capacity_ckva: int
    voltage_code: str
    metered_side: str


@transaction.atomic
def change_point(*, code: str, actor: Actor, at: datetime, reason: str, **changes: Unpack[PointChange]) -> None:
    """Change the contract capacity, voltage or metered side of a usage point.

    Raises :class:`NotFound`, :class:`InvalidInput` for no capacity, an unknown side, or when nothing would change.
    """
    point = _point(code, actor)
    if changes.get("contract_capacity_ckva", 1) <= 0 or changes.get("metered_side", "LOW") not in SIDES:
        raise InvalidInput("a usage point has a capacity and is metered HIGH or LOW")
    was = {name: getattr(point, name) for name in changes}
    if was == dict(changes):
        raise InvalidInput(f"usage point {code} is like that already")
    UsagePoint.objects.filter(pk=point.pk).update(**changes)
    facts = {name: [was[name], value] for name, value in dict(changes).items()}
    _told("point.change", point, point.account.unit.path, facts, actor, at, reason)


def _point(code: str, actor: Actor) -> UsagePoint:
    rows = UsagePoint.objects.select_for_update(of=("self",)).select_related("account__unit")
    return Scope.of(actor).one(rows, _UNIT, "usage point", code=code)


def _told(
    action: str, point: UsagePoint, unit_path: str, facts: Mapping[str, object], actor: Actor, at: datetime, reason: str
) -> None:
    revision.renew(revision.Part.EQUIPMENT)
    where = {"usage_point": point.code, **facts}
    audit.record(actor=actor, action=action, subject=point, facts=where, at=at, reason=reason, unit_path=unit_path)
