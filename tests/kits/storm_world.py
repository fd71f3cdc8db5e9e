"""Three feeders of a county for nights with many calls: six transformers each, three before and three behind a section switch,
and crews to send.

::

    N?0 ─K?1─ N?1 (T?1 T?2 T?3) ─K?2─ N?2 (T?4 T?5 T?6)      ? = A, B, C
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from wandeng.domains.cases.actions import crews, intake
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Opened, Request
from wandeng.domains.customers.models import Customer, CustomerAccount
from wandeng.domains.network.models import (
    ConnectivityNode,
    Feeder,
    PowerTransformer,
    Substation,
    Switch,
    UsagePoint,
)
from wandeng.domains.network.tests import make as network
from wandeng.domains.organization.models import Unit
from wandeng.infra import ids
from wandeng.kernel.actors import Actor

NIGHT = datetime(2026, 10, 12, 13, 0, tzinfo=UTC)
"""21:00 of the utility."""
FEEDERS = ("A", "B", "C")
BEHIND = ("4", "5", "6")
HOUSEHOLDS = 12
"""Accounts of a transformer, called A1-01 to A1-12."""
FAULT = {"SITUATION": "停电", "PLACE": "城关镇", "DANGER": "NO"}
CREWS = (
    ("Q1", "LOW_VOLTAGE HIGH_VOLTAGE", 0),
    ("Q2", "LOW_VOLTAGE HIGH_VOLTAGE", 100_000),
    ("Q3", "LOW_VOLTAGE", 200_000),
)


def build() -> Charter:
    """The county of :func:`make.county` with three feeders more."""
    make.county()
    unit, customer = Unit.objects.get(code="c01"), Customer.objects.get()
    station = Substation.objects.get()
    # The feeder of the small world has no source; with one the whole network can be traced.
    ConnectivityNode.objects.update(is_source=True)
    for place, letter in enumerate(FEEDERS):
        _feeder(letter, 112_000_000 + place * 100_000, station, unit, customer)
    network.mark_written()
    return Charter.current()


def more_lines(count: int) -> list[str]:
    """Further lines, called D0, D1, D2, like A, B and C."""
    unit, customer, station = Unit.objects.get(code="c01"), Customer.objects.get(), Substation.objects.get()
    names = [f"D{place}" for place in range(count)]
    for place, name in enumerate(names):
        _feeder(name, 113_000_000 + place * 10_000, station, unit, customer)
    network.mark_written()
    return names


def _feeder(letter: str, east: int, station: Substation, unit: Unit, customer: Customer) -> None:
    line = Feeder.objects.create(
        id=ids.reserve(Feeder, 1), code=f"F{letter}", name=f"{letter}线", substation=station, unit=unit
    )  # fmt: skip
    nodes = [
        ConnectivityNode.objects.create(
            id=ids.reserve(ConnectivityNode, 1), code=f"N{letter}{place}", feeder=line, is_source=place == 0,
            longitude_e6=east, latitude_e6=26_000_000 + place * 10_000,
        )
        for place in range(3)
    ]  # fmt: skip
    for place in (0, 1):
        Switch.objects.create(
            id=ids.reserve(Switch, 1), code=f"K{letter}{place + 1}", name="出线断路器" if place == 0 else "分段开关",
            kind="BREAKER", feeder=line, node_a=nodes[place], node_b=nodes[place + 1],
        )  # fmt: skip
    for number in range(1, 7):
        row = PowerTransformer.objects.create(
            id=ids.reserve(PowerTransformer, 1), code=f"T{letter}{number}", name=f"{letter}线{number}号配变",
            feeder=line, node=nodes[1 if number <= 3 else 2], unit=unit, capacity_ckva=31_500, ownership="PUBLIC",
        )  # fmt: skip
        _households(f"{letter}{number}", row, unit, customer)


def _households(name: str, transformer: PowerTransformer, unit: Unit, customer: Customer) -> None:
    first = ids.reserve(CustomerAccount, HOUSEHOLDS)
    CustomerAccount.objects.bulk_create(
        CustomerAccount(
            id=first + place, account_number=f"{name}-{place + 1:02d}", customer=customer, unit=unit, name=f"户{name}",
            address="城关镇", customer_class="RESIDENTIAL", locality="URBAN", opened_on=make.world.OPENED,
        )
        for place in range(HOUSEHOLDS)
    )  # fmt: skip
    point = ids.reserve(UsagePoint, HOUSEHOLDS)
    UsagePoint.objects.bulk_create(
        UsagePoint(
            id=point + place, code=f"P{name}-{place + 1:02d}", account_id=first + place, transformer=transformer,
            voltage_code="AC00022", connected_on=make.world.OPENED,
        )
        for place in range(HOUSEHOLDS)
    )  # fmt: skip


def call(charter: Charter, account: str, *, at: datetime = NIGHT, **also: str) -> Opened:
    """Somebody without light rings."""
    request = Request("fault_repair", "PHONE_95598", FAULT, account_number=account, **also)  # type: ignore[arg-type]
    return intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=at, charter=charter)


def after(minutes: int) -> datetime:
    """So many minutes into the night."""
    return NIGHT + timedelta(minutes=minutes)


def leader(code: str) -> Actor:
    """Who leads a crew."""
    row = make.Person.objects.get(code=f"leader-{code}")
    return Actor(row.code, make.PersonId(row.pk), "c01/", frozenset({"CELL_MANAGER"}))


def put_crews(charter: Charter, *, at: datetime = NIGHT, only: tuple[str, ...] = ("Q1", "Q2", "Q3")) -> None:
    """Crews on duty, each at the end of its own feeder."""
    unit = Unit.objects.get(code="c01")
    for code, skills, east in CREWS:
        if code not in only:
            continue
        make.person(f"leader-{code}", "CELL_MANAGER", unit)
        crews.found(
            code=code, name=f"抢修{code}队", unit_code="c01", leader=f"leader-{code}", members=(), skills=skills.split(),
            actor=make.actor("DISPATCHER"), at=at,
        )  # fmt: skip
        crews.come_on(code=code, until=at + timedelta(hours=12), actor=make.actor("DISPATCHER"), at=at, charter=charter)
        crews.report_position(
            code=code, longitude_e6=112_000_000 + east, latitude_e6=26_020_000, actor=leader(code), at=at,
            charter=charter, key=f"first-{code}",
        )  # fmt: skip


def two_offices(charter: Charter, *, at: datetime = NIGHT) -> Actor:
    """The lines and their households belong to the office in the west; the crew that is on duty, N1, to the one in the east.
    Returns the crew's leader, whose post is over the east only."""
    county = Unit.objects.get(code="c01")
    west, east = (
        Unit.objects.create(
            id=ids.reserve(Unit, 1), code=code, name=name, kind="OFFICE", parent=county, path=f"c01/{code}/",
            territory=county.territory,
        )
        for code, name in (("west", "西供电所"), ("east", "东供电所"))
    )  # fmt: skip
    for model in (CustomerAccount, PowerTransformer, Feeder):
        model.objects.update(unit=west)
    network.mark_written()
    found = make.person("leader-N1", "CELL_MANAGER", east)
    make.person("mate-N1", "CELL_MANAGER", east)
    make.person("other-east", "CELL_MANAGER", east)
    director = make.actor("DISPATCHER")
    crews.found(
        code="N1", name="东所抢修队", unit_code="east", leader=found.code, members=("mate-N1",),
        skills=["LOW_VOLTAGE", "HIGH_VOLTAGE"], actor=director, at=at,
    )  # fmt: skip
    crews.come_on(code="N1", until=at + timedelta(hours=12), actor=director, at=at, charter=charter)
    return found


def of_the_east(code: str) -> Actor:
    """Somebody of the east, whom :func:`two_offices` made."""
    row = make.Person.objects.get(code=code)
    return Actor(code, make.PersonId(row.pk), "c01/east/", frozenset({"CELL_MANAGER"}))
