from __future__ import annotations

import json
from datetime import date

import pytest

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.models import Reading
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Registers
from wandeng.infra.models import Delivery, Event, Operation, StateChange
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 10, 1), date(2025, 11, 1), date(2025, 12, 1)
EAST = Actor("reader-e", unit_path="BS/BS-E/", roles=frozenset({"METER_READER"}))


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()
    make.record(("M1", D1, 100), ("M1", D2, 90), ("M6", D1, 100), ("M6", D2, 90))


def test_a_held_reading_is_released_for_a_reason_and_may_then_be_billed() -> None:
    held = make.reading("M1", D2)
    with pytest.raises(InvalidInput):
        actions.release_reading(reading_id=held.pk, actor=make.READER, at=make.AT, reason=" ")
    Delivery.objects.all().delete()
    Event.objects.all().delete()
    actions.release_reading(reading_id=held.pk, actor=make.READER, at=make.AT, reason="现场核实，倒走")
    assert make.reading("M1", D2).state == "ACCEPTED"
    change = StateChange.objects.get(subject_type="metering.Reading")
    assert (change.move, change.actor, change.reason) == ("release", "reader-w", "现场核实，倒走")
    assert json.loads(Event.objects.get().body)["first_id"] == held.pk
    with pytest.raises(MoveRefused):
        actions.refuse_reading(reading_id=held.pk, actor=make.READER, at=make.AT, reason="x")


def test_a_refused_reading_stays_on_record_and_leaves_its_day_open() -> None:
    held = make.reading("M1", D2)
    actions.refuse_reading(reading_id=held.pk, actor=make.READER, at=make.AT, reason="抄错")
    make.record(("M1", D2, 190))
    assert [row[1:3] for row in make.shown("M1")] == [(100, "ACCEPTED"), (90, "REFUSED"), (190, "ACCEPTED")]


def test_a_reading_elsewhere_does_not_exist_for_the_reader() -> None:
    held = make.reading("M1", D2)
    for act in (actions.release_reading, actions.refuse_reading):
        with pytest.raises(NotFound):
            act(reading_id=held.pk, actor=EAST, at=make.AT, reason="x")
    with pytest.raises(NotFound):
        actions.correct_reading(reading_id=held.pk, registers=Registers(1), actor=EAST, at=make.AT, reason="x")


def test_a_correction_supersedes_and_the_wrong_value_stays_on_record() -> None:
    wrong = make.reading("M1", D1)
    new = actions.correct_reading(
        reading_id=wrong.pk, registers=Registers(8_050), actor=make.READER, at=make.AT, reason="看错一位"
    )
    row = make.reading("M1", D1)
    assert (row.pk, row.total_ckwh, row.supersedes, row.state, row.source) == (
        new,
        8_050,
        wrong.pk,
        "ACCEPTED",
        "MANUAL",
    )
    assert not Reading.objects.get(pk=wrong.pk).is_current
    body = json.loads(Event.objects.get(name="metering.ReadingCorrected").body)
    assert (body["reading_id"], body["superseded_id"], body["read_on"]) == (new, wrong.pk, "2025-10-01")
    assert '"was_ckwh":10000' in Operation.objects.get(action="reading.correct").facts
    with pytest.raises(Conflict, match="took its place"):
        actions.correct_reading(reading_id=wrong.pk, registers=Registers(1), actor=make.READER, at=make.AT, reason="x")


def test_a_held_reading_can_be_corrected_and_waits_no_longer() -> None:
    held = make.reading("M1", D2)
    actions.correct_reading(
        reading_id=held.pk, registers=Registers(19_000), actor=make.READER, at=make.AT, reason="看错"
    )
    assert [row.asset_number for row in queries.held_readings(Scope("BS/"))] == ["M6"]


@pytest.mark.parametrize(
    ("registers", "reason", "refusal"),
    [
        (Registers(10_000), "x", Conflict),  # says what stands
        (Registers(10**8), "x", InvalidInput),  # seven digits
        (Registers(5_000), "", InvalidInput),
    ],
)
def test_a_correction_that_corrects_nothing_or_cannot_be_true_is_refused(
    registers: Registers, reason: str, refusal: type[Exception]
) -> None:
    standing = make.reading("M1", D1)
    with pytest.raises(refusal):
        actions.correct_reading(reading_id=standing.pk, registers=registers, actor=SYSTEM, at=make.AT, reason=reason)
    assert make.reading("M1", D1).pk == standing.pk


def test_the_work_list_shows_what_waits_beside_what_it_follows() -> None:
    (row,) = queries.held_readings(Scope("BS/BS-W/"))
    assert (row.asset_number, row.account_number, row.read_on, row.total_ckwh) == ("M1", "1001", D2, 9_000)
    assert (row.previous_on, row.previous_ckwh, row.reason) == (D1, 10_000, "LOWER_THAN_LAST")
    assert len(queries.held_readings(Scope("BS/"))) == 2
    assert queries.held_readings(Scope("BS/"), reason="JUMP") == ()
    assert queries.count_held(Scope("BS/")) == {"LOWER_THAN_LAST": 2}


def test_the_history_of_a_point_shows_superseded_readings_too() -> None:
    wrong = make.reading("M1", D1)
    new = actions.correct_reading(reading_id=wrong.pk, registers=Registers(8_000), actor=SYSTEM, at=make.AT, reason="x")
    rows = queries.readings_of(Scope("BS/"), usage_point="P1")
    assert [(row.reading_id == new, row.total_ckwh, row.is_current) for row in rows] == [
        (False, 9_000, True), (True, 8_000, True), (False, 10_000, False), (False, 0, True),
    ]  # fmt: skip
    assert queries.readings_of(Scope("BS/BS-E/"), usage_point="P1") == ()
    assert queries.registers_of(Scope("BS/"), reading_id=new) == Registers(8_000)
