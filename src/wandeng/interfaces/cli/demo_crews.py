"""What a demonstration shows of repairs: crews on duty at their places, one at work on a fault of many calls, one on its way, one
free, and a permit to work that is half written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from wandeng.domains.cases.actions import crews, incidents, intake, permits, work
from wandeng.domains.cases.queries import crews as queries_of_crews
from wandeng.domains.cases.queries import incidents as queries
from wandeng.domains.cases.queries import permits as permit_queries
from wandeng.domains.cases.types import Charter, Place, Proof, Request
from wandeng.domains.customers import queries as customers
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

CREWS = (
    ("Q1", "一队", ("LOW_VOLTAGE", "HIGH_VOLTAGE")),
    ("Q2", "二队", ("LOW_VOLTAGE", "METERING")),
    ("Q3", "三队", ("LOW_VOLTAGE",)),
)
DUTY, REPAIR = timedelta(hours=12), timedelta(minutes=90)
INSIDE = {"SITUATION": "家里跳闸送不上电，有焦糊味", "PLACE": "配电箱旁", "DANGER": "NO"}
SEEN = 2
"""Preconditions of the permit that somebody has seen."""


def leave_crews(now: datetime) -> int:
    """Crews of the first offices, and what they have in hand; returns how many. Done once."""
    charter, everywhere = Charter.current(), Scope.everywhere()
    if there := queries_of_crews.crew_rows(everywhere).count():
        return there
    on = now.astimezone(BILLING_ZONE).date()
    leaders = _leaders(on)[: len(CREWS)]
    spots = [one for one in network.public_transformers(everywhere) if one.longitude_e6 is not None]
    manager = _manager(on)
    for place, ((code, name, skills), leader) in enumerate(zip(CREWS, leaders, strict=False)):
        unit = organization.unit(everywhere, leader[1])
        crews.found(
            code=code, name=f"{unit.name}{name}", unit_code=unit.code, leader=leader[0].code, members=(), skills=skills,
            actor=manager, at=now,
        )  # fmt: skip
        crews.come_on(code=code, until=now + DUTY, actor=manager, at=now, charter=charter)
        if spots:
            spot = spots[place * len(spots) // len(CREWS)]
            crews.report_position(
                code=code, longitude_e6=spot.longitude_e6 or 0, latitude_e6=spot.latitude_e6 or 0, actor=manager, at=now,
                charter=charter, key=f"demo-{code}",
            )  # fmt: skip
    if leaders:
        _at_work(leaders[0][0], manager, now, charter)
    if len(leaders) > 1:
        _inside(leaders[1], manager, now, charter)
    return len(leaders)


def _most_called(unit_path: str) -> dict[str, Any] | None:
    """The incident of an office that most people called about and nobody has in hand."""
    rows = queries.incident_rows(Scope(unit_path), states=("OPEN",))
    return rows.filter(step="").order_by("-cases", "id").first()


def _at_work(leader: Actor, manager: Actor, now: datetime, charter: Charter) -> None:
    """The first crew is at the fault that most people of its office called about, and has said until when it takes."""
    waiting = _most_called(leader.unit_path)
    if waiting is None:
        return
    number = waiting["number"]
    incidents.send(number=number, code=CREWS[0][0], actor=manager, at=now, charter=charter)
    incidents.accept(number=number, actor=leader, at=now, charter=charter)
    incidents.arrive(
        number=number, proofs=[_here(CREWS[0][0])], expected_at=now + REPAIR, actor=leader, at=now, charter=charter
    )  # fmt: skip


def _inside(leader: tuple[Actor, str], manager: Actor, now: datetime, charter: Charter) -> None:
    """The second crew is at a customer's own installation, where nobody works without a permit."""
    person, unit = leader
    account = customers.account_rows(Scope(organization.unit(Scope.everywhere(), unit).path)).order_by("id").first()
    if account is None:
        return
    request = Request(
        "fault_repair", "PHONE_95598", INSIDE, account_number=account["account_number"], first_class="CUSTOMER_INSIDE"
    )  # fmt: skip
    number = intake.open_case(request=request, actor=manager, at=now, charter=charter).number
    crews.send(number=number, code=CREWS[1][0], actor=manager, at=now, charter=charter)
    work.finish(number=number, step="ACCEPT", actor=person, at=now, charter=charter)
    expected = (now + REPAIR).astimezone(BILLING_ZONE).isoformat(timespec="minutes")
    work.finish(
        number=number, step="ARRIVE", actor=person, at=now, charter=charter, answers={"EXPECTED": expected},
        proofs=[_here(CREWS[1][0])],
    )  # fmt: skip
    permit = permits.write(
        case=number, job="CUSTOMER_FAULT", work="更换进线总开关", worker=person.code, valid_from=now, valid_to=now + REPAIR,
        dangers=["配电箱内空间狭小，照明不足"], actor=person, at=now, charter=charter,
    )  # fmt: skip
    points = permit_queries.permit(Scope.everywhere(), permit.number, charter=charter).checks
    for one in points[:SEEN]:
        permits.see(number=permit.number, check=one.code, actor=person, at=now)


def _here(crew: str) -> Proof:
    """Where a crew last was proves that it is there."""
    stands = queries_of_crews.crew(Scope.everywhere(), crew)
    return Proof("PLACE", place=Place(stands.longitude_e6 or 0, stands.latitude_e6 or 0))


def _leaders(on: date) -> list[tuple[Actor, str]]:
    """Cell managers, one an office, with the code of the office: where most people wait for a crew comes first."""
    found: dict[str, str] = {}
    for row in organization.post_rows(Scope.everywhere(), on=on).filter(role=Role.CELL_MANAGER):
        found.setdefault(row["unit_code"], row["person_code"])
    leaders = [(organization.actor_for(person, on, unit_code=unit), unit) for unit, person in found.items()]
    return sorted(leaders, key=lambda one: -(_most_called(one[0].unit_path) or {"cases": 0})["cases"])


def _manager(on: date) -> Actor:
    """The manager of the county."""
    row = organization.post_rows(Scope.everywhere(), on=on).filter(role=Role.COUNTY_MANAGER)[:1].get()
    return organization.actor_for(row["person_code"], on, unit_code=row["unit_code"])
