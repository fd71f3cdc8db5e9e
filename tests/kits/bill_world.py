"""A county made of columns, for bill runs: as many accounts as wanted in seconds, without importers or generators.

``found`` makes units, people, one transformer; ``populate`` hangs accounts with readings and prices on it by bulk;
``add_account`` adds a single one with exactly the figures a test wants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
from django.db import models

from wandeng.domains.customers.models import Customer, CustomerAccount
from wandeng.domains.metering.models import Meter, MeterInstallation, Reading, ReadingRoute
from wandeng.domains.network.models import ConnectivityNode, Feeder, PowerTransformer, Substation, UsagePoint
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import PersonId
from wandeng.kernel.periods import FAR_FUTURE, Month

NOW = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)
OPENED = date(2020, 1, 1)
PF_STANDARD = 90
UNIT = "c01"
MAKER = Actor("clerk", PersonId(1), f"{UNIT}/", frozenset({"BILLING_CLERK"}))
CHECKER = Actor("reviewer", PersonId(2), f"{UNIT}/", frozenset({"BILLING_REVIEWER"}))

POPULATED = (CustomerAccount, UsagePoint, Meter, MeterInstallation, PriceAssignment, Reading)
"""The tables that ``populate`` fills."""

RESIDENTIAL, RESIDENTIAL_TOU = "demo.residential", "demo.residential.tou"
COMMERCIAL, COMMERCIAL_TOU, TWO_PART = "demo.commercial.lv", "demo.commercial.lv.tou", "demo.two_part.10kv"


def found(territory: str = "demo", code: str = UNIT) -> int:
    """One unit with a clerk and a reviewer, one transformer, one route; returns the unit's id."""
    unit = Unit.objects.create(
        id=ids.reserve(Unit, 1), code=code, name=f"{code}县公司", kind="COUNTY", path=f"{code}/", territory=territory
    )
    for person, role in ((MAKER, "BILLING_CLERK"), (CHECKER, "BILLING_REVIEWER")):
        named = person.code if code == UNIT else f"{person.code}-{code}"
        row = Person.objects.create(id=ids.reserve(Person, 1), code=named, name=named, unit=unit)
        Post.objects.create(
            id=ids.reserve(Post, 1), person=row, unit=unit, role=role, valid_from=OPENED, valid_to=FAR_FUTURE
        )
    Customer.objects.create(id=ids.reserve(Customer, 1), code=f"C-{code}", name="客户", kind="PERSON")
    station = Substation.objects.create(id=ids.reserve(Substation, 1), code=f"S-{code}", name="变电站", unit=unit)
    feeder = Feeder.objects.create(
        id=ids.reserve(Feeder, 1), code=f"F-{code}", name="馈线", substation=station, unit=unit
    )
    node = ConnectivityNode.objects.create(id=ids.reserve(ConnectivityNode, 1), code=f"N-{code}", feeder=feeder)
    PowerTransformer.objects.create(
        id=ids.reserve(PowerTransformer, 1), code=f"T-{code}", name="配变", feeder=feeder, node=node, unit=unit,
        capacity_ckva=40_000, ownership="PUBLIC",
    )  # fmt: skip
    ReadingRoute.objects.create(id=ids.reserve(ReadingRoute, 1), code=f"R-{code}", name="抄表段", unit=unit)
    return unit.pk


@dataclass(frozen=True, slots=True)
class Made:
    """What :func:`add_account` made."""

    account_id: int
    number: str
    usage_point_id: int
    installation_id: int
    point_ids: tuple[int, ...] = field(default=())


def add_account(
    number: str,
    *,
    code: str = RESIDENTIAL,
    total: Mapping[date, int],
    registers: Mapping[str, Mapping[date, int]] | None = None,
    multiplier: int | None = 1,
    digits: int = 6,
    capacity_kva: int = 0,
    opened_on: date = OPENED,
    unit_code: str = UNIT,
    terms: Mapping[str, object] | None = None,
) -> Made:
    """One account, one point, one meter, with register values in kWh by reading day and one price assignment."""
    unit = Unit.objects.get(code=unit_code)
    account = CustomerAccount.objects.create(
        id=ids.reserve(CustomerAccount, 1), account_number=number, customer=Customer.objects.get(code=f"C-{unit_code}"),
        unit=unit, name=f"户{number}", address="城关镇", customer_class="RESIDENTIAL", locality="URBAN",
        opened_on=opened_on,
    )  # fmt: skip
    point = UsagePoint.objects.create(
        id=ids.reserve(UsagePoint, 1), code=f"P{number}", account=account,
        transformer=PowerTransformer.objects.get(code=f"T-{unit_code}"), voltage_code="AC00022",
        contract_capacity_ckva=capacity_kva * 100, connected_on=opened_on,
    )  # fmt: skip
    installation = hang_meter(point, f"M{number}", installed_on=opened_on, multiplier=multiplier, digits=digits)
    add_readings(installation.pk, total, registers or {})
    assign(point.pk, code, **(terms or {}))
    return Made(account.pk, number, point.pk, installation.pk)


def hang_meter(
    point: UsagePoint, number: str, *, installed_on: date, removed_on: date | None = None,
    multiplier: int | None = 1, digits: int = 6,
) -> MeterInstallation:  # fmt: skip
    meter = Meter.objects.create(id=ids.reserve(Meter, 1), asset_number=number, digits=digits, state="INSTALLED")
    return MeterInstallation.objects.create(
        id=ids.reserve(MeterInstallation, 1), meter=meter, usage_point=point, installed_on=installed_on,
        removed_on=removed_on, multiplier=multiplier, route=ReadingRoute.objects.order_by("id").first(),
    )  # fmt: skip


def add_readings(
    installation_id: int, total: Mapping[date, int], registers: Mapping[str, Mapping[date, int]] | None = None
) -> None:
    """Accepted readings in kWh (kvarh) of the face; ``demand_e4`` in 10⁻⁴ kW as it is."""
    for day, value in total.items():
        others = {
            (name if name == "demand_e4" else f"{name}_{'ckvarh' if name.startswith('reactive') else 'ckwh'}"): (
                by_day[day] if name == "demand_e4" else by_day[day] * 100
            )
            for name, by_day in (registers or {}).items()
            if day in by_day
        }
        Reading.objects.create(
            id=ids.reserve(Reading, 1), installation_id=installation_id, read_on=day, total_ckwh=value * 100,
            source="HEAD_END", received_at=NOW, actor="import", **others,
        )  # fmt: skip


def correct_reading(installation_id: int, day: date, total_kwh: int) -> None:
    """A later reading of the same day supersedes the one there is."""
    old = Reading.objects.get(installation_id=installation_id, read_on=day, is_current=True)
    Reading.objects.filter(pk=old.pk).update(is_current=False)
    Reading.objects.create(
        id=ids.reserve(Reading, 1), installation_id=installation_id, read_on=day, total_ckwh=total_kwh * 100,
        source="MANUAL", received_at=NOW, actor="reader", supersedes=old.pk,
    )  # fmt: skip


def assign(
    point_id: int, code: str, *, valid_from: date = OPENED, valid_to: date = FAR_FUTURE, **terms: object
) -> None:
    PriceAssignment.objects.create(
        id=ids.reserve(PriceAssignment, 1), usage_point_id=point_id, price_code=code, valid_from=valid_from,
        valid_to=valid_to, **terms,
    )  # fmt: skip


def populate(
    store: ColumnStore, count: int, months: Sequence[Month], *, seed: int = 7, faults: bool = True, chunk: int = 500_000
) -> None:
    """``count`` accounts with a reading at each edge of the months: 85 % households (a fifth by time of use), 13 %
    commercial by time of use, 2 % two-part with reactive energy and demand.

    With ``faults`` one in 200 lacks its last reading, one in 200 its multiplier, one in 100 stands still.
    """
    rng = np.random.default_rng(seed)
    unit_id = int(store.scalar("SELECT id FROM organization_unit ORDER BY id LIMIT 1"))
    shared = {
        name: int(store.scalar(f"SELECT id FROM {table} ORDER BY id LIMIT 1"))
        for name, table in (
            ("customer", "customers_customer"), ("transformer", "network_powertransformer"),
            ("route", "metering_readingroute"),
        )
    }  # fmt: skip
    for start in range(0, count, chunk):
        _chunk(store, rng, min(chunk, count - start), months, unit_id, shared, faults)


def _chunk(
    store: ColumnStore, rng: np.random.Generator, n: int, months: Sequence[Month], unit_id: int,
    shared: dict[str, int], faults: bool,
) -> None:  # fmt: skip
    with store.transaction():
        first = {
            model: ids.reserve_columns(store, model, n)
            for model in (CustomerAccount, UsagePoint, Meter, MeterInstallation, PriceAssignment)
        }
        accounts = np.arange(first[CustomerAccount], first[CustomerAccount] + n)
        kind = rng.choice(4, size=n, p=[0.68, 0.17, 0.13, 0.02])
        _master_data(store, n, accounts, first, kind, unit_id, shared, faults)
        _readings(store, rng, n, first[MeterInstallation], kind, months, faults)


def _master_data(
    store: ColumnStore, n: int, accounts: np.ndarray, first: dict[type[models.Model], int], kind: np.ndarray,
    unit_id: int, shared: dict[str, int], faults: bool,
) -> None:  # fmt: skip
    numbers = [f"{430_000_000_000 + account}" for account in accounts.tolist()]
    place = np.arange(n)
    opened = [OPENED] * n
    big = kind == 3
    store.append(CustomerAccount, pa.table({
        "id": accounts, "account_number": numbers, "customer_id": np.full(n, shared["customer"]),
        "unit_id": np.full(n, unit_id), "name": ["户"] * n, "address": ["城关镇"] * n,
        "customer_class": np.where(kind <= 1, "RESIDENTIAL", np.where(big, "HIGH_VOLTAGE", "LOW_VOLTAGE")),
        "locality": ["URBAN"] * n, "importance": [""] * n, "household_size": np.zeros(n, np.int64),
        "opened_on": opened,
    }))  # fmt: skip
    points = first[UsagePoint] + place
    store.append(UsagePoint, pa.table({
        "id": points, "code": [f"P{number}" for number in numbers], "account_id": accounts,
        "transformer_id": np.full(n, shared["transformer"]), "kind": ["LOAD"] * n, "voltage_code": ["AC00022"] * n,
        "metered_side": np.where(big, "HIGH", "LOW"), "contract_capacity_ckva": np.where(big, 63_000, 4_000),
        "connected_on": opened,
    }))  # fmt: skip
    store.append(Meter, pa.table({
        "id": first[Meter] + place, "asset_number": [f"M{number}" for number in numbers], "kind": [""] * n,
        "digits": np.full(n, 6), "rated_current_ma": np.zeros(n, np.int64), "state": ["INSTALLED"] * n,
    }))  # fmt: skip
    multiplier = np.where(big, 200, 1)
    unknown = (place % 200 == 17) & faults
    store.append(MeterInstallation, pa.table({
        "id": first[MeterInstallation] + place, "meter_id": first[Meter] + place, "usage_point_id": points,
        "route_id": np.full(n, shared["route"]), "route_position": place, "installed_on": opened,
        "multiplier": pa.array(multiplier, mask=unknown), "source": ["REGISTER"] * n,
    }))  # fmt: skip
    zero = np.zeros(n, np.int64)
    losses = ("household_shift_ckwh", "free_ckwh", "loss_method", "loss_active_ckwh", "loss_reactive_ckvarh",
              "loss_p0_w", "loss_pk_w", "loss_sn_ckva", "loss_i0_e4", "loss_uk_e4", "line_loss_e4")  # fmt: skip
    codes = np.array([RESIDENTIAL, RESIDENTIAL_TOU, COMMERCIAL_TOU, TWO_PART])
    store.append(PriceAssignment, pa.table({
        "id": first[PriceAssignment] + place, "usage_point_id": points, "valid_from": opened,
        "valid_to": [FAR_FUTURE] * n, "price_code": codes[kind], "running_capacity_ckva": np.where(big, 63_000, 4_000),
        "basic_method": np.where(big, 1, 0), "contract_demand_ckw": zero, "pf_standard": np.where(big, PF_STANDARD, 0),
        "loss_k_e2": np.full(n, 100), **dict.fromkeys(losses, zero),
    }))  # fmt: skip


def _readings(
    store: ColumnStore, rng: np.random.Generator, n: int, first_installation: int, kind: np.ndarray,
    months: Sequence[Month], faults: bool,
) -> None:  # fmt: skip
    """Registers in 0.01 kWh: period registers for all but plain households, reactive and demand for two-part."""
    place = np.arange(n)
    edges = [months[0].first, *(month.next().first for month in months)]
    usual = np.where(kind == 3, 250_00, np.where(kind == 2, 1_200_00, 190_00))
    total = rng.integers(100_00, 4_000_00, n)
    parts = {name: np.zeros(n, np.int64) for name in ("peak", "valley", "reactive")}
    still = (place % 100 == 51) & faults
    late = (place % 200 == 103) & faults
    for edge, day in enumerate(edges):
        if edge:
            used = np.where(still & (edge == len(edges) - 1), 0, (usual * rng.uniform(0.5, 1.5, n)).astype(np.int64))
            total = total + used
            parts["peak"] = parts["peak"] + used * 35 // 100
            parts["valley"] = parts["valley"] + used * 25 // 100
            parts["reactive"] = parts["reactive"] + used * 40 // 100
        read = ~(late & (edge == len(edges) - 1))
        timed = kind[read] == 0
        first = ids.reserve_columns(store, Reading, int(read.sum()))
        count = int(read.sum())
        store.append(Reading, pa.table({
            "id": np.arange(first, first + count), "installation_id": (first_installation + place)[read],
            "read_on": [day] * count, "total_ckwh": total[read],
            "peak_ckwh": pa.array(parts["peak"][read], mask=timed),
            "valley_ckwh": pa.array(parts["valley"][read], mask=timed),
            "reactive_ckvarh": pa.array(parts["reactive"][read], mask=kind[read] != 3),
            "demand_e4": pa.array(np.full(count, 8_000), mask=kind[read] != 3),
            "source": ["HEAD_END"] * count, "state": ["ACCEPTED"] * count, "hold_reason": [""] * count,
            "is_current": np.ones(count, bool), "received_at": pa.array([NOW] * count, pa.timestamp("us", tz="UTC")),
            "actor": ["import"] * count,
        }))  # fmt: skip
