"""Random walks through every shipped process: whatever people do, row and clocks follow from the entries, deadlines are
those of the slow oracle, and what is refused changes nothing."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from wandeng.calc.oracle import clocks as oracle
from wandeng.domains.cases import checks, log
from wandeng.domains.cases.actions import ending, intake, steering, work
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, Proof, Request
from wandeng.infra.effective.working_days import working_calendar
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import FormField
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Refused

PROOFS = [make.HERE, make.PHOTO, make.RECORDING, make.PAPER, make.SIGNATURE]
STEPS = 25


def answer(field: FormField, chance: random.Random) -> str:
    return {
        "WHOLE": "400", "DECIMAL": "8.5", "DATE": "2026-12-01", "INSTANT": "2026-10-12T13:00:00+08:00",
        "YES_NO": chance.choice(["YES", "NO"]), "CHOICE": chance.choice([one.code for one in field.choices] or [""]),
        "PHONE": "13812345678",
    }.get(field.kind, "文字")  # fmt: skip


def form(body: ProcessDefinition, by: str, chance: random.Random) -> dict[str, str]:
    return {one.code: answer(one, chance) for one in body.fields if one.by == by}


def opened(charter: Charter, process: str, chance: random.Random) -> str:
    body = charter.processes.version(process, on=date(2026, 10, 12)).body
    request = Request(
        process, chance.choice(body.intake.channels), form(body, "START", chance), account_number=make.ACCOUNT,
        documents=tuple(one.code for one in body.documents if chance.random() < 0.9),
    )  # fmt: skip
    return intake.open_case(request=request, actor=SYSTEM, at=make.NOW, charter=charter).number


def turn(charter: Charter, number: str, chance: random.Random, at) -> None:
    row = Case.objects.get(number=number)
    body = charter.body_of(row)
    told = {"number": number, "actor": SYSTEM, "at": at, "charter": charter}
    pauses = [one.code for one in body.pauses]
    does = chance.choices(
        [
            "finish",
            "back",
            "pause",
            "resume",
            "press",
            "supervise",
            "call",
            "miss",
            "reopen",
            "note",
            "hand",
            "withdraw",
        ],
        [40, 8, 8, 10, 4, 3, 12, 5, 6, 4, 4, 1],
    )[0]
    if does == "finish":
        results = [one.code for one in body.closing.results]
        work.finish(**told, step=row.step, answers=form(body, row.step, chance), proofs=PROOFS,
                    result=chance.choice(results) if results else "", carry=lambda _done: None)  # fmt: skip
    elif does == "back":
        work.send_back(**told, to_step=chance.choice(body.step_codes), reason="退")
    elif does == "pause":
        work.pause(**told, pause=chance.choice(pauses or ["NONE"]), reason="停", proofs=PROOFS)
    elif does == "resume":
        work.resume(**told, pause=chance.choice(pauses or ["NONE"]))
    elif does == "press":
        steering.press(**told, note="催")
    elif does == "supervise":
        steering.supervise(**told, reason="督")
    elif does == "call":
        ending.call_back(**told, score=chance.randint(1, 5), remark="说", channel="PHONE")
    elif does == "miss":
        ending.not_reached(**told, remark="无人")
    elif does == "reopen":
        ending.reopen(**told, reason="再开")
    elif does == "note":
        steering.note(number=number, text="记", actor=SYSTEM, at=at)
    elif does == "hand":
        papers = [Proof("DOCUMENT", document=one.code) for one in body.documents] or [make.PAPER]
        work.hand_in(**told, proofs=papers)
    else:
        steering.withdraw(**told, reason="撤")


def walk(charter: Charter, process: str, seed: int) -> Counter[str]:
    """One program; what became of its turns: done, or refused with no trace."""
    chance = random.Random(f"{process}:{seed}")
    number = opened(charter, process, chance)
    at, became = make.NOW, Counter()
    for _ in range(STEPS):
        at += timedelta(minutes=chance.choice([1, 7, 45, 300, 1_500]))
        before = CaseEntry.objects.count()
        try:
            turn(charter, number, chance, at)
            became["done"] += 1
        except Refused:
            assert CaseEntry.objects.count() == before
            became["refused"] += 1
    return became


@pytest.mark.parametrize("process", [
    "fault_repair", "complaint", "report", "opinion", "enquiry", "praise", "low_voltage_connection",
    "high_voltage_connection", "transfer_of_ownership",
])  # fmt: skip
def test_whatever_people_do_everything_follows_from_the_entries(charter: Charter, process: str) -> None:
    became = sum((walk(charter, process, seed) for seed in range(5)), Counter())

    assert became["done"] >= 20
    assert checks.faults(charter) == []
    calendar = working_calendar(charter.rules, 2026, 2027)
    for one in CaseClock.objects.all():
        assert one.due_at == oracle.due_at(log.clock_of(one), calendar)


@pytest.mark.parametrize("plant", [
    lambda: CaseClock.objects.filter(clock="ARRIVAL").update(due_at=make.after(99)),
    lambda: CaseClock.objects.filter(clock="ARRIVAL").delete(),
    lambda: Case.objects.update(step="RESTORE"),
    lambda: Case.objects.update(due_at=make.after(1)),
    lambda: Case.objects.update(rounds=2),
    lambda: CaseEntry.objects.filter(what="DISPATCH").delete(),
    lambda: CaseEntry.objects.filter(what="DISPATCH").update(at=make.after(30)),
])  # fmt: skip
def test_the_checks_see_a_planted_fault(charter: Charter, plant) -> None:
    make.repair(charter, make.open_fault(charter).number, until="ACCEPT")
    assert checks.faults(charter) == []

    plant()

    assert checks.faults(charter)
