"""What a demonstration shows of a storm that is under way: the mode is on in one office; meters and terminals tell who is dark, and
people ring. One fault is confirmed, with a crew and a time; one waits for somebody to confirm it; one came back in two waves; a
generator supplies a user who cannot wait.

Everything goes through the product's own actions, at the times at which people would have done it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from wandeng.domains.cases.actions import crews, incidents, intake
from wandeng.domains.cases.frames import standing as reports
from wandeng.domains.cases.queries import crews as queries_of_crews
from wandeng.domains.cases.queries import standing
from wandeng.domains.cases.types import Charter, Place, Proof, Request
from wandeng.domains.collections.queries import cases as collections
from wandeng.domains.emergency.actions import estimates, faults, generators, storms
from wandeng.domains.emergency.queries import announcing, probable
from wandeng.domains.emergency.types import EstimateSource, ProbableShown, Told
from wandeng.domains.metering.queries import accounts as metering
from wandeng.domains.network import queries as network
from wandeng.domains.network.queries import faults as places
from wandeng.domains.network.queries import labels, off
from wandeng.domains.network.queries import now as states
from wandeng.domains.network.queries.off import UserOff
from wandeng.domains.organization import queries as organization
from wandeng.flows import storms as flow
from wandeng.flows.storms import SupplyGiven
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import TransformerId
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
DISPATCHER, CREW, GENERATOR = "dispatch1", "Q3", "FD01"
HES = "HES-1"
BEGUN = timedelta(minutes=175)
METERS, CALLS = 4, 3
"""Of an area: households whose meter gasps, and who ring."""
SMALLEST, LARGEST, WANTED = 2, 40, 3
KVA = 100
SITUATION = {"SITUATION": "大风后全家停电，邻居也没电", "DANGER": "NO"}


@dataclass(frozen=True, slots=True)
class Section:
    """Everything behind a switch: its transformers, and who of them is most in need of supply."""

    on: date
    feeder_code: str
    unit_code: str
    unit_path: str
    areas: tuple[int, ...]
    codes: tuple[str, ...]
    needy: UserOff | None


def leave_storm(now: datetime) -> int:
    """A storm that is under way; returns how many devices are thought to be open. Done once."""
    charter = Charter.current()
    actor = organization.actor_for(DISPATCHER, _day(now))
    if not announcing.storms_rows(EVERYWHERE).exists():
        chosen = _sections(actor, now)
        if len(chosen) == WANTED:
            hurt, waiting, back = chosen
            storms.begin(
                unit_code=hurt.unit_code, reason="雷暴大风橙色预警，多条线路跳闸", actor=actor, at=now - BEGUN,
                library=charter.rules,
            )  # fmt: skip
            _repaired(hurt, actor, now, charter)
            _in_waves(back, actor, now, charter)
            _supplied(hurt, actor, now)
            _waiting(waiting, actor, now, charter)
    return len(probable.judgement(Scope.of(actor), now=now, library=charter.rules).devices)


def _repaired(one: Section, actor: Actor, now: datetime, charter: Charter) -> None:
    """Dark for nearly three hours: confirmed, a crew is there and has said until when it takes, later than was thought."""
    begun = now - BEGUN
    _tell(one, _off(one, begun), begun + timedelta(minutes=2), actor, charter)
    _ring(one, begun + timedelta(minutes=6), charter)
    number = _confirmed(one, actor, begun + timedelta(minutes=18), charter)
    estimates.say(
        incident=number, expected_at=now + timedelta(minutes=40), actor=actor, at=begun + timedelta(minutes=20),
        # A fault that callers told of before may have a time already, and another one needs a reason.
        reason="故障设备已确认，按经验估计", charter=charter,
    )  # fmt: skip
    spot = next(iter(places.transformer_spots(one.areas).values()))
    held = next(iter(queries_of_crews.crew_rows(EVERYWHERE).filter(code=CREW, state="FREE")), None)
    if held is None or spot.longitude_e6 is None:
        return
    crew = queries_of_crews.crew(EVERYWHERE, CREW)
    leader = organization.actor_for(crew.leader, _day(now), unit_code=crew.unit_code)
    here = Place(spot.longitude_e6, spot.latitude_e6 or 0)
    incidents.send(number=number, code=CREW, actor=actor, at=now, charter=charter)
    incidents.accept(number=number, actor=leader, at=now, charter=charter)
    crews.report_position(
        code=CREW, longitude_e6=here.longitude_e6, latitude_e6=here.latitude_e6, actor=leader, at=now, charter=charter,
        key="demo-storm",
    )  # fmt: skip
    incidents.arrive(
        number=number, proofs=[Proof("PLACE", place=here)], expected_at=now + timedelta(minutes=40), actor=leader, at=now,
        charter=charter,
    )  # fmt: skip
    estimates.say(
        incident=number, expected_at=now + timedelta(minutes=75), source=EstimateSource.CREW,
        reason="电杆倾斜，需更换横担", actor=actor, at=now, charter=charter,
    )  # fmt: skip


def _waiting(one: Section, actor: Actor, now: datetime, charter: Charter) -> None:
    """Dark since twenty minutes: meters and callers say so, nobody has confirmed it. One meter has a loose contact."""
    begun = now - timedelta(minutes=20)
    loose = [
        SupplyGiven(f"loose-{place}", Told.METER, meter, place % 2 == 0, begun + timedelta(minutes=place))
        for meter in _meters(one, 1)[-1:] for place in range(6)
    ]  # fmt: skip
    _tell(one, [*_off(one, begun), *loose], begun + timedelta(minutes=8), actor, charter)
    _ring(one, begun + timedelta(minutes=5), charter)


def _in_waves(one: Section, actor: Actor, now: datetime, charter: Charter) -> None:
    """Dark and back: the first areas after forty minutes, the others after two hours, by the word of their terminals."""
    begun = now - BEGUN + timedelta(minutes=10)
    _tell(one, _off(one, begun), begun + timedelta(minutes=2), actor, charter)
    _confirmed(one, actor, begun + timedelta(minutes=15), charter)
    half = len(one.codes) // 2
    for codes, minutes in ((one.codes[:half], 40), (one.codes[half:], 120)):
        on = begun + timedelta(minutes=minutes)
        # Told five minutes later: what is on for less may go off again.
        _tell(one, list(_terminals(codes, False, on)), on + timedelta(minutes=5), actor, charter)


def _supplied(one: Section, actor: Actor, now: datetime) -> None:
    """A generator supplies the user behind the first fault who needs it most."""
    user = one.needy
    if user is None:
        return
    at = now - timedelta(minutes=90)
    need = min(user.contract_ckva, KVA * 60)
    generators.note(
        code=GENERATOR, name="应急发电车一号", unit_code=one.unit_code, capacity_ckva=KVA * 400,
        longitude_e6=user.longitude_e6, latitude_e6=user.latitude_e6, actor=actor, at=at,
    )  # fmt: skip
    generators.note(
        code="FD02", name="应急发电车二号", unit_code=one.unit_code, capacity_ckva=KVA * 100, actor=actor, at=at
    )
    told = {"account_number": user.account_number, "need_ckva": need, "actor": actor, "at": at}
    generators.note_backup(minutes=120, **told)  # type: ignore[arg-type]
    generators.send(code=GENERATOR, **told)  # type: ignore[arg-type]
    generators.supply(code=GENERATOR, actor=actor, at=at + timedelta(minutes=25))


def _confirmed(one: Section, actor: Actor, at: datetime, charter: Charter) -> str:
    """The widest device that the evidence names on the section's line."""
    found = probable.judgement(Scope.of(actor), now=at, library=charter.rules).devices
    here = [each for each in found if each.feeder_code == one.feeder_code]
    device: ProbableShown = max(here, key=lambda each: each.dark)
    return faults.confirm(kind=device.kind, code=device.device_code, actor=actor, at=at, charter=charter)


def _tell(one: Section, events: Sequence[SupplyGiven], at: datetime, actor: Actor, charter: Charter) -> None:
    flow.take_in(source=HES, events_=events, actor=actor, at=at, charter=charter)


def _off(one: Section, at: datetime) -> list[SupplyGiven]:
    meters = _meters(one, METERS)
    gasped = [SupplyGiven(f"{meter}-{at:%d%H%M}", Told.METER, meter, True, at) for meter in meters]
    return [*_terminals(one.codes, True, at), *gasped]


def _terminals(codes: Iterable[str], is_off: bool, at: datetime) -> Iterable[SupplyGiven]:
    for code in codes:
        yield SupplyGiven(f"{code}-{at:%d%H%M}-{'off' if is_off else 'on'}", Told.TERMINAL, code, is_off, at)


def _households(one: Section, most: int) -> list[str]:
    """Accounts of the section, so many of each area."""
    found: list[str] = []
    for area in one.areas:
        here = dict.fromkeys(each.account_number for each in labels.points_of_area(TransformerId(area), on=one.on))
        found += [account for account in here if account][:most]
    return found


def _meters(one: Section, most: int) -> list[str]:
    """Meters that hang there, one a household."""
    hung = [metering.meters_of(EVERYWHERE, account)[:1] for account in _households(one, most)]
    return [meter.asset_number for each in hung for meter in each if meter.removed_on is None]


def _ring(one: Section, at: datetime, charter: Charter) -> None:
    """People of every second area ring; the others have seen that it is dark everywhere."""
    clerk = organization.actor_for("call1", one.on)
    for place, account in enumerate(_households(one, CALLS)[::2]):
        request = Request(
            "fault_repair", "PHONE_95598", SITUATION | {"PLACE": "自家附近"}, account_number=account
        )  # fmt: skip
        intake.open_case(request=request, actor=clerk, at=at + timedelta(seconds=40 * place), charter=charter)


def _sections(actor: Actor, now: datetime) -> list[Section]:
    """Sections of three lines: first the one with a user who cannot wait; then those with most areas."""
    on, scope = _day(now), Scope.of(actor)
    units = {int(one.unit_id): one for one in organization.unit_tree(EVERYWHERE)}
    lines = {code: units[unit] for code, unit in network.feeders_rows(scope).values_list("code", "unit_id")}
    state = states.current(on)
    disturbed, of_old = _disturbed(scope), set[str]()
    protected = collections.protected_accounts(on)
    closed = network.switches_rows(scope).filter(normal_open=False).order_by("code").values_list("id", "feeder_code")
    found = []
    for switch, feeder in closed:
        areas = tuple(int(one) for one in state.topology.downstream(switch).transformers.tolist())
        if disturbed.intersection(areas):
            of_old.add(feeder)
        elif SMALLEST <= len(areas) <= LARGEST:
            spots = places.transformer_spots(areas)
            users = off.important_users(scope, list(areas), protected=protected, on=on)
            needy = next((one for one in users if one.longitude_e6 is not None), None)
            codes = tuple(spots[one].code for one in areas)
            found.append(Section(on, feeder, lines[feeder].code, lines[feeder].path, areas, codes, needy))
    # Lines of which nobody has anything in hand come first; of a county where people call everywhere, sections beside what they called
    # about will do.
    found.sort(key=lambda one: (one.feeder_code in of_old, one.needy is None, -len(one.areas), one.feeder_code))
    by_line: dict[str, Section] = {}
    for one in found:
        by_line.setdefault(one.feeder_code, one)
    first = [one for one in found if one.needy is not None][:1]
    taken = {one.feeder_code for one in first}
    return [*first, *(one for line, one in by_line.items() if line not in taken)][:WANTED]


def _disturbed(scope: Scope) -> set[int]:
    """Transformers behind a fault that other people of the demonstration have in hand, or that somebody called about: a storm there
    would join it."""
    open_now = [one.id for one in standing.open_incidents(scope)]
    behind = {int(area) for _incident, area in standing.areas_of(open_now)}
    told = reports.open_reports().filter(pl.col("process") == "fault_repair")
    return behind | set(told["area"].to_list())


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()
