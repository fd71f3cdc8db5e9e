"""What a demonstration shows of appointments: a hall and a visiting crew with a week of appointments behind them and a week
ahead, and a mobile service vehicle whose two routes were driven last week and are driven again.

Everything goes through the product's own actions, at the times at which people would have done it.
"""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from wandeng.domains.appointments.actions import booking, outcome, places, routes, running
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.queries import days, rows, runs
from wandeng.domains.appointments.types import SlotShown, StopGiven, Wanted
from wandeng.domains.customers import queries as customers
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.flows import appointments as flows
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
WEEK = timedelta(days=7)
SERVICES = ("ENQUIRY", "PAYMENT", "METER", "CHANGE", "CONNECTION", "SAFETY")
VISITORS = ("刘建国", "陈秀英", "周小红", "吴海涛")


def leave_appointments(now: datetime, library: RuleLibrary, *, seed: int) -> tuple[int, int]:
    """Places, a vehicle with routes and two weeks of appointments; returns how many appointments and runs there are. Done
    once."""
    if not rows.place_rows(EVERYWHERE).exists():
        chance = random.Random(seed)
        begun = now - WEEK
        unit = _office()
        _register(unit, begun, library)
        flows.make_ahead(on=_day(begun), library=library)
        accounts = list(
            customers.account_rows(EVERYWHERE).order_by("id").values_list("account_number", flat=True)[:400]
        )
        _book(accounts, begun, now, library, chance)
        _drive(now, library, chance)
        flows.make_ahead(on=_day(now), library=library)
        _book(accounts[200:], now, now, library, chance)
    return rows.appointment_rows(EVERYWHERE).count(), rows.run_rows(EVERYWHERE).count()


def _office() -> UnitNode:
    """The root unit: its hall and its vehicle serve the whole county."""
    return organization.unit_tree(EVERYWHERE)[0]


def _register(unit: UnitNode, at: datetime, library: RuleLibrary) -> None:
    on = _day(at)
    by: dict[str, Any] = {"actor": SYSTEM, "at": at}
    places.add(code="YYT00", name="城关营业厅", kind="HALL", unit_code=unit.code, address="城关镇解放路1号", **by)
    places.add(code="SM01", name="上门服务一队", kind="CREW", unit_code=unit.code, **by)
    for code, first, last, minutes, capacity in (
        ("YYT00", 9 * 60, 12 * 60, 30, 3), ("YYT00", 14 * 60, 17 * 60, 30, 3), ("SM01", 8 * 60 + 30, 17 * 60 + 30, 90, 2),
    ):  # fmt: skip
        opening = Opening(on, "12345", first, last, minutes, capacity)
        places.open_(code=code, opening=opening, library=library, **by)
    posts = organization.post_rows(EVERYWHERE, on=on).filter(role=Role.CELL_MANAGER.value).order_by("id")
    keeper, office = posts.values_list("person__code", "unit__code")[0]
    routes.add_vehicle(code="LD01", name="流动服务车一号", unit_code=office, keeper=keeper, plate="湘L·F0801", **by)
    areas = _areas(office, on)
    for code, name, weekdays, part in (("XL01", "东线", "135", areas[:3]), ("XL02", "西线", "24", areas[3:6])):
        stops = tuple(
            StopGiven(area, 9 * 60 + place * 150, 11 * 60 + place * 150, 6, "村委会门口", longitude, latitude)
            for place, (area, longitude, latitude) in enumerate(part)
        )
        rhythm = Rhythm(on, weekdays)
        routes.add_route(code=code, name=name, unit_code=office, vehicle="LD01", rhythm=rhythm, stops=stops, **by)


def _areas(office: str, on: date) -> list[tuple[str, int | None, int | None]]:
    """Six villages or estates of an office, with a position where one is known."""
    found: dict[str, tuple[int | None, int | None]] = {}
    inside = Scope(organization.unit(EVERYWHERE, office).path)
    for row in network.transformers_rows(inside, on=on).filter(ownership="PUBLIC").order_by("id"):
        name = row["area_name"] or row["name"]
        found.setdefault(str(name)[:64], (row.get("longitude_e6"), row.get("latitude_e6")))
    named = [(name, *where) for name, where in found.items()]
    while len(named) < 6:
        named.append((f"第{len(named) + 1}村", None, None))
    return named[:: max(1, len(named) // 6)][:6]


def _book(accounts: list[str], since: datetime, now: datetime, library: RuleLibrary, chance: random.Random) -> None:
    """Appointments of a week from a moment on; of the days that have passed most were kept."""
    for ahead in range(7):
        on = _day(since) + timedelta(days=ahead)
        slots = [one for place in days.day(EVERYWHERE, on=on, library=library, now=since) for one, _ in place.slots]
        for place, slot in enumerate(chance.sample(slots, min(len(slots), 6))):
            at = max(since, slot.starts_at - timedelta(days=2))
            with suppress(Refused):
                done = booking.book(
                    slot_id=slot.id, wanted=_wanted(accounts, place, chance), actor=SYSTEM, at=at, library=library,
                    key=f"demo:{slot.id}:{place}",
                )  # fmt: skip
                _mark(done.number, slot, now, library, chance)


def _wanted(accounts: list[str], place: int, chance: random.Random) -> Wanted:
    service = chance.choice(SERVICES)
    if place == 5 or not accounts:
        return Wanted(service, visitor=chance.choice(VISITORS), phone=f"139{chance.randrange(10**8):08d}")
    return Wanted(service, account_number=chance.choice(accounts))


def _mark(number: str, slot: SlotShown, now: datetime, library: RuleLibrary, chance: random.Random) -> None:
    """What came of one of last week's; those of a vehicle are marked on its run."""
    if slot.kind == "VEHICLE" or slot.ends_at >= now or number.endswith("3"):
        return
    what, at = chance.randrange(100), slot.ends_at
    if what < 82:
        outcome.keep(number=number, actor=SYSTEM, at=at)
    elif what < 94:
        outcome.customer_missed(number=number, reason="未到，电话未接", actor=SYSTEM, at=at)
    else:
        outcome.we_missed(number=number, reason="抢修占用人员", actor=SYSTEM, at=at, library=library)


def _drive(now: datetime, library: RuleLibrary, chance: random.Random) -> None:
    """Last week's runs, stop by stop."""
    past = rows.run_rows(EVERYWHERE).filter(on__lt=_day(now), state="PLANNED").order_by("on")
    for number in list(past.values_list("number", flat=True)):
        sheet = runs.run(EVERYWHERE, number, library=library)
        told: dict[str, Any] = {"number": number, "actor": SYSTEM}
        running.start(at=sheet.stops[0].starts_at, **told)
        for stop in sheet.stops:
            running.arrive(stop=stop.place, at=stop.starts_at, **told)
            for one in stop.appointments:
                if one.state == "BOOKED":
                    outcome.keep(number=one.number, actor=SYSTEM, at=stop.ends_at)
            counts = {
                "ENQUIRY": chance.randint(3, 12),
                "PAYMENT": chance.randint(4, 20),
                "CONTACT": chance.randint(0, 8),
            }
            running.leave(stop=stop.place, counts=counts, at=stop.ends_at, library=library, **told)
        running.finish(at=sheet.stops[-1].ends_at, **told)


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()
