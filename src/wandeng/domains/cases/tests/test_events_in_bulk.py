"""Events in bulk leave the same rows as the single actions, whatever the chunk; what is refused leaves nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from wandeng.domains.cases import checks
from wandeng.domains.cases.actions import ending, intake, work
from wandeng.domains.cases.frames import Happened, Taken, take
from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry, CasePaper, IncidentCase
from wandeng.domains.cases.tests import make, test_walks
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.notices.models import Notice, NoticeRecipient
from wandeng.infra.models import Delivery, Event, IdBlock, Operation, StateChange
from wandeng.kernel.errors import InvalidInput, Refused

TABLES = (Case, CaseEntry, CaseClock, CasePaper, CallBack, Operation, Event, Delivery, StateChange, Notice,
          NoticeRecipient)  # fmt: skip
APART = {"id", "form_sealed", "case", "event", "notice", "version", "subject_id"}
"""Keys that a table gives by itself, and a seal that is never twice the same."""
PROCESSES = ("fault_repair", "opinion", "report", "complaint", "enquiry", "praise")


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that was written, in order, by values."""
    found = {}
    for model in TABLES:
        names = [one.name for one in model._meta.concrete_fields if one.name not in APART]
        also = [
            name for name in ("case__number", "event__key", "notice__key") if hasattr(model, name.partition("__")[0])
        ]
        found[model.__name__] = sorted(map(repr, model._default_manager.order_by("pk").values_list(*names, *also)))
    return found


def singly(events: Sequence[Happened], charter: Charter) -> Taken:
    """The same by single actions."""
    taken = Taken()
    for place, one in enumerate(events):
        told: dict[str, Any] = {"actor": one.actor, "at": one.at, "charter": charter}
        number = one.number or taken.numbers.get(one.ref, "")
        try:
            if one.request:
                taken.numbers[one.ref] = intake.open_case(request=one.request, **told).number
            elif one.kind == "FINISHED":
                work.finish(
                    number=number, step=one.step, answers=one.answers, proofs=one.proofs, handler=one.handler,
                    result=one.result, note=one.note, key=one.key, **told,
                )  # fmt: skip
            else:
                ending.call_back(number=number, score=one.score, remark=one.note, channel=one.channel, **told)
            taken.done += 1
        except Refused as refusal:
            taken.refused.append((place, refusal.code, refusal.message))  # type: ignore[arg-type]
    return taken


def stream(charter: Charter, seed: int, cases: int = 12, *, faults: bool = True) -> list[Happened]:
    """Events of cases of every kind, mixed in order of time; one in six cannot be."""
    chance = random.Random(seed)
    found: list[Happened] = []
    for place in range(cases):
        body = charter.processes.version(chance.choice(PROCESSES[not faults :]), on=make.NOW.date()).body
        at, ref = make.NOW + timedelta(seconds=chance.randint(0, 600)), f"r{place}"
        answers = test_walks.form(body, "START", chance)
        request = Request(
            body.process, body.intake.channels[0], answers, account_number=make.ACCOUNT,
            grade=chance.choice([one.code for one in body.grades.values]) if body.grades else "",
            documents=tuple(one.code for one in body.documents),
        )  # fmt: skip
        found.append(Happened("OPENED", at, make.actor("CALL_CLERK"), ref=ref, request=request))
        for step in body.steps:
            at += timedelta(minutes=chance.choice([1, 30, 3_000]))
            if chance.random() < 0.1:
                break
            actor = make.actor(step.role if step.role and chance.random() > 0.15 else "COUNTY_MANAGER")
            results = [one.code for one in body.closing.results]
            done = Happened(
                "FINISHED", at, actor, ref=ref, step=step.code, answers=test_walks.form(body, step.code, chance),
                proofs=test_walks.PROOFS[: chance.choice([0, 5, 5, 5])], handler=chance.choice(["", "", actor.code]),
                result=chance.choice(results) if results else "", note="完成", key=f"{ref}{step.code}",
            )  # fmt: skip
            found += [done] * chance.choice([1, 1, 1, 2])
        at += timedelta(minutes=5)
        found.append(
            Happened("CALLED_BACK", at, make.actor("CALL_CLERK"), ref=ref, score=chance.randint(1, 6), note="说")
        )  # fmt: skip
    return sorted(found, key=lambda one: one.at)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("chunk", [7, 1_000])
def test_in_bulk_the_same_rows_are_left(charter: Charter, seed: int, chunk: int) -> None:
    events = stream(charter, seed, faults=False)
    start = {one.name: one.next_id for one in IdBlock.objects.all()}
    with transaction.atomic():
        single = singly(events, charter)
        expected = rows()
        transaction.set_rollback(True)
    for name, value in start.items():
        IdBlock.objects.filter(name=name).update(next_id=value)

    taken = take(events, charter=charter, events_a_chunk=chunk)

    assert [(one.place, one.code, one.message) for one in sorted(taken.refused, key=lambda one: one.place)] == (
        single.refused
    )
    assert taken.done == single.done > 20
    assert taken.numbers == single.numbers
    assert rows() == expected
    assert checks.faults(charter) == []


def test_faults_in_bulk_stand_as_their_entries_say(charter: Charter) -> None:
    taken = take(stream(charter, 9, cases=20), charter=charter)
    assert taken.done > 40
    assert checks.faults(charter) == []


def test_calls_of_one_chunk_become_one_incident(charter: Charter) -> None:
    code, clerk = PowerTransformer.objects.get().code, make.actor("CALL_CLERK")
    told = [
        Happened(
            "OPENED", make.after(place), clerk, ref=str(place),
            request=Request(
                "fault_repair", "PHONE_95598", make.FAULT | {"PLACE": f"幸福路{place}号", "PHONE": f"1380000000{place}"},
                transformer_code=code,
            ),
        )
        for place in range(6)
    ]  # fmt: skip
    taken = take(told, charter=charter)
    assert (taken.done, taken.refused) == (6, [])
    assert IncidentCase.objects.values("incident").distinct().count() == 1
    assert IncidentCase.objects.count() == 6
    dispatched = [
        Happened("FINISHED", make.after(9), make.actor("DISPATCHER"), number=one, step="DISPATCH")
        for one in taken.numbers.values()
    ]
    take(dispatched, charter=charter)
    assert checks.faults(charter) == []


def test_a_refused_event_leaves_nothing_and_stops_no_other(charter: Charter) -> None:
    number = make.open_fault(charter).number
    before = rows()
    told = [Happened("FINISHED", make.after(1), make.actor("CELL_MANAGER"), number=number, step="DISPATCH"),
            Happened("FINISHED", make.after(1), make.actor("DISPATCHER"), number="0", step="DISPATCH"),
            Happened("FINISHED", make.after(1), make.actor("DISPATCHER"), number=number, step="ACCEPT",
                     answers={"CAUSE": "接户线断"}, proofs=[make.PAPER])]  # fmt: skip
    assert take(told, charter=charter).codes == {"NOT_ALLOWED": 1, "NOT_FOUND": 1, "CONFLICT": 1}
    assert rows() == before
    with pytest.raises(InvalidInput):
        take([Happened("DONE", make.NOW, make.actor("DISPATCHER"), number=number)], charter=charter)


def test_a_chunk_that_breaks_leaves_nothing(charter: Charter, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows()

    def broken(_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wandeng.infra.events.publish_each", broken)
    with pytest.raises(KeyboardInterrupt):
        take(stream(charter, 1), charter=charter)
    assert rows() == before


def test_a_hundred_cases_ask_little_more_than_ten(charter: Charter) -> None:
    """Steps of many cases are read and written together; only what is known of an account is looked up for each."""
    asked = []
    for count in (10, 100):
        numbers = [make.open_fault(charter).number for _ in range(count)]
        told = [
            Happened("FINISHED", make.after(1), make.actor("DISPATCHER"), number=one, step="DISPATCH")
            for one in numbers
        ]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert take(told, charter=charter).done == count
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 40
