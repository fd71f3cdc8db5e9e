"""Rows of the network's lists: lazy, limited to the scope, named by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wandeng.domains.network.models import Feeder, PowerTransformer, Substation, Switch, SwitchOperation, UsagePoint
from wandeng.domains.network.queries.behind import supplied_points
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]


def substations_rows(scope: Scope) -> Rows:
    """Substations: id, code, name, unit_id, unit_name, feeder_count."""
    feeders = _count(Feeder.objects.filter(substation=OuterRef("pk")), "substation")
    rows = scope.limit(Substation.objects.all(), "unit__path")
    return rows.values("id", "code", "name", "unit_id", unit_name=F("unit__name"), feeder_count=Coalesce(feeders, 0))


def feeders_rows(scope: Scope) -> Rows:
    """Feeders: id, code, name, unit_id, unit_name, substation_code, substation_name, transformer_count, switch_count."""
    transformers = _count(PowerTransformer.objects.filter(feeder=OuterRef("pk")), "feeder")
    switches = _count(Switch.objects.filter(feeder=OuterRef("pk")), "feeder")
    rows = scope.limit(Feeder.objects.all(), "unit__path")
    return rows.values(
        "id",
        "code",
        "name",
        "unit_id",
        unit_name=F("unit__name"),
        substation_code=F("substation__code"),
        substation_name=F("substation__name"),
        transformer_count=Coalesce(transformers, 0),
        switch_count=Coalesce(switches, 0),
    )


def transformers_rows(scope: Scope, *, on: date) -> Rows:
    """Transformer areas: id, code, name, area_name, ownership, capacity_ckva, unit_id, unit_name, feeder_code,
    feeder_name, customers (accounts supplied on the day)."""
    supplied = supplied_points(on).filter(transformer=OuterRef("pk")).order_by().values("transformer")
    customers = supplied.annotate(n=Count("account", distinct=True)).values("n")
    rows = scope.limit(PowerTransformer.objects.all(), "unit__path")
    return rows.values(
        "id",
        "code",
        "name",
        "area_name",
        "ownership",
        "capacity_ckva",
        "unit_id",
        unit_name=F("unit__name"),
        feeder_code=F("feeder__code"),
        feeder_name=F("feeder__name"),
        customers=Coalesce(Subquery(customers), 0),
    )


def switches_rows(scope: Scope) -> Rows:
    """Switches: id, code, name, kind, normal_open, is_open (now), operated_at (last, or null), feeder_code, feeder_name,
    unit_id, unit_name."""
    last = SwitchOperation.objects.filter(switch=OuterRef("pk")).order_by("-at", "-id")
    rows = scope.limit(Switch.objects.all(), "feeder__unit__path")
    return rows.values(
        "id",
        "code",
        "name",
        "kind",
        "normal_open",
        is_open=Coalesce(Subquery(last.values("is_open")[:1]), F("normal_open")),
        operated_at=Subquery(last.values("at")[:1]),
        feeder_code=F("feeder__code"),
        feeder_name=F("feeder__name"),
        unit_id=F("feeder__unit_id"),
        unit_name=F("feeder__unit__name"),
    )


def operations_rows(scope: Scope) -> Rows:
    """The switching log: id, at, is_open, actor, reason, switch_code, switch_name, feeder_code, feeder_name, unit_id,
    unit_name."""
    rows = scope.limit(SwitchOperation.objects.all(), "switch__feeder__unit__path")
    return rows.values(
        "id",
        "at",
        "is_open",
        "actor",
        "reason",
        switch_code=F("switch__code"),
        switch_name=F("switch__name"),
        feeder_code=F("switch__feeder__code"),
        feeder_name=F("switch__feeder__name"),
        unit_id=F("switch__feeder__unit_id"),
        unit_name=F("switch__feeder__unit__name"),
    )


def points_rows(scope: Scope) -> Rows:
    """Usage points: id, code, kind, account_number, account_name, address, importance, transformer_code,
    transformer_name, feeder_code, voltage_code, contract_capacity_ckva, connected_on, disconnected_on, unit_id,
    unit_name."""
    rows = scope.limit(UsagePoint.objects.all(), "account__unit__path")
    return rows.values(
        "id",
        "code",
        "kind",
        "voltage_code",
        "contract_capacity_ckva",
        "connected_on",
        "disconnected_on",
        account_number=F("account__account_number"),
        account_name=F("account__name"),
        address=F("account__address"),
        importance=F("account__importance"),
        transformer_code=F("transformer__code"),
        transformer_name=F("transformer__name"),
        feeder_code=F("transformer__feeder__code"),
        unit_id=F("account__unit_id"),
        unit_name=F("account__unit__name"),
    )


def points_behind(rows: Rows, transformers: Sequence[int], *, on: date) -> Rows:
    """Those of ``points_rows`` by which accounts are customers of these transformers on a day."""
    return rows.filter(pk__in=supplied_points(on).filter(transformer_id__in=list(transformers)).values("pk"))


def _count(rows: QuerySet[Any], by: str) -> Subquery:
    """How many of the rows that name the outer row by a column."""
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))
