"""What a demonstration shows of cases: three weeks of calls of every kind, most closed, some in hand, late, paused, sent back,
opened again or supervised, and a night on which a storm hit one feeder.

Every event goes through the product's own batch of events or its actions, with the people of the demonstration.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import islice
from operator import attrgetter

from wandeng.domains.cases.actions import steering, work
from wandeng.domains.cases.frames import Happened, take
from wandeng.domains.cases.queries import rows
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.customers import queries as customers
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.flows import cases
from wandeng.infra.processes.course import steps_for
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import demo_case_words as words
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

CUSTOMERS_A_CASE = 60
STEERED = 160
"""Cases in hand that something is done about beside their steps: one by one, so that a large county takes no longer."""
DAYS = 21
STORM_CALLS, STORM_DAYS_AGO = 24, 3
EVERYWHERE = Scope.everywhere()
WEIGHTS = {
    "fault_repair": 46, "enquiry": 18, "complaint": 8, "opinion": 7, "report": 4, "praise": 3,
    "low_voltage_connection": 9, "high_voltage_connection": 2, "transfer_of_ownership": 3,
}  # fmt: skip
"""How often which kind is asked for; those with an effect of their own are left before the step that has it."""
FINISHED_PERCENT, ASKED_PERCENT = 78, 92


def leave_cases(now: datetime, customers_: int, *, seed: int) -> Counter[str]:
    """Cases of the last three weeks; returns how many stand in which state. Done once."""
    if not rows.case_rows(EVERYWHERE).exists():
        charter, chance = Charter.current(), random.Random(seed)
        told = _Told(now, charter, chance, _people(now), _places())
        opened, later = told.storm()
        events = [event for _ in range(max(12, customers_ // CUSTOMERS_A_CASE)) for event in told.case()]
        # In the order of time: what was called in before the storm must not find its incident.
        begun = min((one.at for one in opened), default=now)
        before = [one for one in events if one.at < begun]
        numbers = dict(take(sorted(before, key=attrgetter("at")), charter=charter).numbers)
        storm = take(opened, charter=charter).numbers
        after = [one for one in events if one.at >= begun]
        rest = [_of(one, numbers | storm) for one in sorted([*after, *later], key=attrgetter("at"))]
        numbers |= take(rest, charter=charter).numbers
        _steer(list(numbers.values()), told)
        cases.tell_clocks(now=now, charter=charter)
    return Counter(rows.case_rows(EVERYWHERE).values_list("state", flat=True))


def _of(event: Happened, numbers: dict[str, str]) -> Happened:
    """The event with the number of the case it means, where that one was opened in an earlier batch."""
    number = numbers.get(event.ref, "")
    return replace(event, ref="", number=number) if number else event


def _people(now: datetime) -> dict[tuple[str, str], Actor]:
    """(role, unit code) → the person of the demonstration who holds it there."""
    on, found = now.astimezone(BILLING_ZONE).date(), {}
    for row in organization.post_rows(EVERYWHERE, on=on).order_by("id"):
        key = (row["role"], row["unit_code"])
        if key not in found:
            found[key] = organization.actor_for(row["person_code"], on, unit_code=row["unit_code"])
    return found


def _places() -> list[tuple[str, str]]:
    """(account number, unit code) of accounts all over the county."""
    units = {int(one.unit_id): one.code for one in organization.unit_tree(EVERYWHERE)}
    found = customers.account_rows(EVERYWHERE).order_by("id").values_list("account_number", "unit_id")
    return [(number, units[unit_id]) for number, unit_id in found]


@dataclass
class _Told:
    """Who tells what, where and when."""

    now: datetime
    charter: Charter
    chance: random.Random
    people: dict[tuple[str, str], Actor]
    places: list[tuple[str, str]]
    told: int = 0

    def actor(self, role: str, unit: str) -> Actor:
        """The person who has a role for a unit: there, at the county, or the manager in their place."""
        root = unit.partition("-")[0]
        keys = ((role, unit), (role, root), ("COUNTY_MANAGER", root))
        return next(self.people[key] for key in keys if key in self.people)

    def case(self) -> Iterator[Happened]:
        """The events of one more case, as far as it has come by now."""
        process = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        account, unit = self.chance.choice(self.places)
        yield from self.course(process, unit, self._asked_at(process), account=account)

    def storm(self) -> tuple[list[Happened], list[Happened]]:
        """The calls of a night from one feeder, and what was done about them by the morning."""
        on = self.now.astimezone(BILLING_ZONE).date() - timedelta(days=STORM_DAYS_AGO)
        begun = datetime.combine(on, time(19, 40), BILLING_ZONE)
        units = {int(one.unit_id): one.code for one in organization.unit_tree(EVERYWHERE)}
        found = list(network.transformers_rows(EVERYWHERE, on=on).filter(ownership="PUBLIC").order_by("id"))
        hit = Counter(row["feeder_code"] for row in found).most_common(1)
        struck = [row for row in found if hit and row["feeder_code"] == hit[0][0]]
        opened, later = [], []
        for place in range(STORM_CALLS if struck else 0):
            row = struck[place % len(struck)]
            at = begun + timedelta(minutes=place * 3, seconds=self.chance.randint(0, 150))
            first, *rest = self.course("fault_repair", units[row["unit_id"]], at, transformer=row["code"],
                                       where=f"{row['area_name'] or row['name']}附近")  # fmt: skip
            opened.append(first)
            later += rest
        return opened, sorted(later, key=lambda one: one.at)

    def course(
        self, process: str, unit: str, at: datetime, *, account: str = "", transformer: str = "", where: str = ""
    ) -> Iterator[Happened]:
        """A case from the call to the call-back, until now or until nobody has gone on; ``where``: of the storm night."""
        body = self.charter.processes.version(process, on=at.astimezone(BILLING_ZONE).date()).body
        self.told += 1
        ref, hall = f"demo{self.told}", "connection" in process or "transfer" in process
        answers = words.answers(body, "START", at, self.chance) | (words.STORM | {"PLACE": where} if where else {})
        request = Request(
            process, "HALL" if hall else "PHONE_95598", answers, account_number=account, transformer_code=transformer,
            documents=tuple(one.code for one in body.documents if one.by == "START" or self.chance.random() < 0.8),
            **words.classes(body, self.chance),
        )  # fmt: skip
        yield Happened("OPENED", at, self.actor("HALL_CLERK" if hall else "CALL_CLERK", unit), ref=ref, request=request)
        steps = steps_for(body, {code: value == "YES" for code, value in answers.items()})
        left = next((place for place, one in enumerate(steps) if one.effect), len(steps) - bool(body.effect))
        goes = left if self.chance.randrange(100) < FINISHED_PERCENT else self.chance.randrange(left + 1)
        for step in steps[:goes]:
            at += self._pause(body, bool(where))
            if at >= self.now - timedelta(minutes=30):
                return
            yield Happened(
                "FINISHED", at, self.actor(step.role or "COUNTY_MANAGER", unit), ref=ref, step=step.code,
                answers=words.answers(body, step.code, at, self.chance), proofs=words.proofs(step, self.told),
                result=body.closing.results[0].code if body.closing.results else "",
            )  # fmt: skip
        if goes == len(steps) and body.call_back and self.chance.randrange(100) < ASKED_PERCENT:
            at = _calling(at + timedelta(hours=self.chance.randint(1, 20)))
            if at < self.now - timedelta(minutes=30):
                yield Happened(
                    "CALLED_BACK", at, self.actor(body.call_back.role, unit), ref=ref, **words.answer(self.chance)
                )

    def _asked_at(self, process: str) -> datetime:
        """A moment of the last three weeks; halls are open by day, faults come in the evening too."""
        day = self.now.astimezone(BILLING_ZONE).date() - timedelta(days=self.chance.randrange(1, DAYS))
        hour = self.chance.choice([7, 9, 12, 18, 19, 20, 21] if process == "fault_repair" else [9, 10, 11, 14, 15, 16])
        return datetime.combine(day, time(hour, self.chance.randrange(60), self.chance.randrange(60)), BILLING_ZONE)

    def _pause(self, body: ProcessDefinition, storm: bool) -> timedelta:
        """How long a step takes: minutes for a fault, hours or days for all else; now and then too long."""
        if body.process == "fault_repair":
            return timedelta(minutes=self.chance.choice([1, 2, 2, 3, 12, 25, 70] if not storm else [2, 3, 30, 45, 80]))
        return timedelta(hours=self.chance.choice([1, 3, 5, 20, 30, 60]), minutes=self.chance.randrange(60))


def _calling(at: datetime) -> datetime:
    """The moment itself, or half past eight of the next morning when nobody is called at that hour."""
    local = at.astimezone(BILLING_ZONE)
    if 8 <= local.hour < 20:
        return at
    day = local.date() + timedelta(days=1) if local.hour >= 20 else local.date()
    return datetime.combine(day, time(8, 30), BILLING_ZONE)


def _steer(numbers: list[str], told: _Told) -> None:
    """What is done beside the steps: pressed, supervised, sent back, paused, noted, taken back by the customer."""
    at, charter = told.now - timedelta(minutes=20), told.charter
    root = organization.unit_tree(EVERYWHERE)[0].code
    manager, clerk = told.actor("COUNTY_MANAGER", root), told.actor("CALL_CLERK", root)
    by = {"charter": charter, "at": at}
    wanted, told_of = set(numbers), rows.case_rows(EVERYWHERE, states=("OPEN",)).order_by("id")
    in_hand = list(islice((row for row in told_of if row["number"] in wanted), STEERED))
    for place, row in enumerate(in_hand):
        number, body = row["number"], charter.processes.version(row["process"], on=row["opened_at"].date()).body
        here = body.step_codes.index(row["step"])
        pause = next((one for one in body.pauses if row["step"] in one.steps and not one.by_itself), None)
        with suppress(Refused):
            match place % 8:
                case 0:
                    steering.press(number=number, note="客户再次来电询问进度", actor=clerk, **by)  # type: ignore[arg-type]
                case 1:
                    steering.supervise(number=number, reason="超期未回复，请当日答复客户", actor=manager, **by)  # type: ignore[arg-type]
                case 2 if body.step(row["step"]).may_return and here:
                    work.send_back(number=number, to_step=body.step_codes[here - 1], reason="不属本所，退回改派",
                                   actor=manager, **by)  # type: ignore[arg-type]  # fmt: skip
                case 3 | 4 | 5 if pause:
                    work.pause(number=number, pause=pause.code, reason=f"{pause.name_zh}，已告知客户", actor=manager,
                               proofs=words.proved(pause.evidence, place), **by)  # type: ignore[arg-type]  # fmt: skip
                case 6:
                    steering.note(number=number, text="已电话联系客户，约定明日上午上门", actor=manager, at=at)
                case 7 if place % 16 == 7:
                    steering.withdraw(number=number, reason="客户来电：已自行处理", actor=manager, **by)  # type: ignore[arg-type]
