"""How an account is supplied: its usage points and what stands above each, up to the substation. And equipment by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, F, IntegerField, Model, QuerySet, Value

from wandeng.domains.network.models import Feeder, PowerTransformer, Substation, Switch, UsagePoint
from wandeng.infra.scope import Scope
from wandeng.infra.search.entries import Kind


@dataclass(frozen=True, slots=True)
class Supplied:
    """A usage point of an account and its planned supply path; ``deducts_from`` is the code of the point whose meter its
    own is deducted from."""

    code: str
    kind: str
    voltage_code: str
    metered_side: str
    contract_capacity_ckva: int
    connected_on: date
    disconnected_on: date | None
    deducts_from: str
    transformer_code: str
    transformer_name: str
    area_name: str
    ownership: str
    transformer_capacity_ckva: int
    feeder_code: str
    feeder_name: str
    substation_code: str
    substation_name: str


@dataclass(frozen=True, slots=True)
class EquipmentFound:
    """A piece of equipment in a list of things found; ``feeder_name`` is empty for a substation."""

    id: int
    code: str
    name: str
    area_name: str
    feeder_name: str
    unit_name: str


def supply_of(scope: Scope, account_number: str) -> tuple[Supplied, ...]:
    """The usage points of an account, connected ones first, with the equipment above each as planned."""
    rows = UsagePoint.objects.filter(account__account_number=account_number)
    related = rows.select_related("transformer__feeder__substation", "deducts_from")
    found = scope.limit(related, "account__unit__path").order_by("disconnected_on", "code")
    return tuple(
        Supplied(
            code=row.code,
            kind=row.kind,
            voltage_code=row.voltage_code,
            metered_side=row.metered_side,
            contract_capacity_ckva=row.contract_capacity_ckva,
            connected_on=row.connected_on,
            disconnected_on=row.disconnected_on,
            deducts_from=row.deducts_from.code if row.deducts_from else "",
            transformer_code=row.transformer.code,
            transformer_name=row.transformer.name,
            area_name=row.transformer.area_name,
            ownership=row.transformer.ownership,
            transformer_capacity_ckva=row.transformer.capacity_ckva,
            feeder_code=row.transformer.feeder.code,
            feeder_name=row.transformer.feeder.name,
            substation_code=row.transformer.feeder.substation.code,
            substation_name=row.transformer.feeder.substation.name,
        )
        for row in sorted(found, key=lambda row: row.disconnected_on is not None)
    )


def equipment_by_id(scope: Scope, wanted: Mapping[Kind, Sequence[int]]) -> Mapping[Kind, tuple[EquipmentFound, ...]]:
    """The equipment with these ids, by kind, inside the scope, each kind in the order of its ids. One query."""
    asked = {kind: ids for kind, ids in wanted.items() if ids}
    if not asked:
        return {}
    parts = [_part(scope, kind, ids) for kind, ids in asked.items()]
    rows = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    found: dict[Kind, list[EquipmentFound]] = {kind: [] for kind in asked}
    for row in rows:
        one = EquipmentFound(row["id"], row["code"], row["name"], row["area"], row["above"], row["unit_name"])
        found[Kind(row["what"])].append(one)
    return {kind: tuple(sorted(found[kind], key=lambda one: list(ids).index(one.id))) for kind, ids in asked.items()}


def _part(scope: Scope, kind: Kind, ids: Sequence[int]) -> QuerySet[Any, dict[str, Any]]:
    """One kind of equipment in the columns of :class:`EquipmentFound`, and which kind it is."""
    model, unit = _MODELS[kind]
    rows = scope.limit(model.objects.filter(pk__in=ids), f"{unit}__path")  # type: ignore[attr-defined]
    nothing = Value("", output_field=CharField())
    area = F("area_name") if kind is Kind.TRANSFORMER else nothing
    feeder = F("feeder__name") if kind in (Kind.TRANSFORMER, Kind.SWITCH) else nothing
    columns: QuerySet[Any, dict[str, Any]] = rows.order_by().values(
        "id", "code", "name", area=area, above=feeder, unit_name=F(f"{unit}__name"),
        what=Value(int(kind), output_field=IntegerField()),
    )  # fmt: skip
    return columns


_MODELS: Mapping[Kind, tuple[type[Model], str]] = {
    Kind.SUBSTATION: (Substation, "unit"),
    Kind.FEEDER: (Feeder, "unit"),
    Kind.SWITCH: (Switch, "feeder__unit"),
    Kind.TRANSFORMER: (PowerTransformer, "unit"),
}


def point_account(scope: Scope, code: str) -> str:
    """The account number of a usage point, empty when there is none of this code inside the scope."""
    rows = scope.limit(UsagePoint.objects.filter(code=code), "account__unit__path")
    return rows.values_list("account__account_number", flat=True).first() or ""
