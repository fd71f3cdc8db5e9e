from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.models import Reading, RereadOrder
from wandeng.domains.metering.tests import make
from wandeng.domains.metering.types import Registers
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
D1, D2, D3 = date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)
WEST = Scope("BS/BS-W/")
BY = {"actor": make.READER, "at": make.AT}


@pytest.fixture(name="held")
def _held() -> int:
    """M1 went from 1,100 to 12,100 kWh in January."""
    make.town()
    make.record(("M1", D1, 1000), ("M1", D2, 1100), ("M1", D3, 12_100))
    return make.reading("M1", D3).pk


def order(held: int) -> int:
    return actions.order_reread(reading_id=held, due_on=date(2026, 3, 8), reason="像是多抄了一位", **BY)


def test_an_order_is_listed_until_it_is_done(held: int) -> None:
    made = order(held)
    (row,) = queries.rereads_rows(WEST)
    assert (row["id"], row["state"], row["due_on"], row["asset_number"]) == (made, "ORDERED", date(2026, 3, 8), "M1")
    assert queries.held_rows(WEST).get()["reread"] == "ORDERED"
    assert queries.reader_day(WEST, on=date(2026, 3, 9)).rereads_late == 1
    actions.take_reread(order_id=made, **BY)
    assert RereadOrder.objects.get().taken_by == "reader-w"
    actions.give_back_reread(order_id=made, reason="没人在家", **BY)
    assert RereadOrder.objects.get().taken_by == ""


def test_other_values_take_the_place_of_the_held_reading(held: int) -> None:
    made = order(held)
    new = actions.complete_reread(order_id=made, registers=Registers(121_000), reason="复抄", **BY)
    row = Reading.objects.get(pk=new)
    assert (row.total_ckwh, row.state, row.supersedes) == (121_000, "ACCEPTED", held)
    assert RereadOrder.objects.get().state == "DONE"
    assert not queries.held_rows(WEST).exists()


def test_the_same_values_release_the_held_reading(held: int) -> None:
    made = order(held)
    assert actions.complete_reread(order_id=made, registers=Registers(1_210_000), reason="复抄无误", **BY) == held
    assert Reading.objects.get(pk=held).state == "ACCEPTED"
    with pytest.raises(MoveRefused):
        actions.complete_reread(order_id=made, registers=Registers(1), reason="again", **BY)


@pytest.mark.parametrize("how", ["release", "refuse", "correct", "estimate"])
def test_a_reading_decided_otherwise_ends_its_order(held: int, how: str) -> None:
    order(held)
    decide(held, how)
    assert RereadOrder.objects.get().state == "CANCELLED"
    change = StateChange.objects.filter(subject_type="metering.RereadOrder").last()
    assert change is not None
    assert (change.move, change.reason) == ("cancel", actions.readings.SETTLED)


def decide(held: int, how: str) -> None:
    if how == "release":
        actions.release_reading(reading_id=held, reason="查过了", **BY)
    elif how == "refuse":
        actions.refuse_reading(reading_id=held, reason="抄错", **BY)
    elif how == "correct":
        actions.correct_reading(reading_id=held, registers=Registers(121_000), reason="看错", **BY)
    else:
        actions.estimate_instead(reading_id=held, method="average", reason="门锁", **BY)


def test_an_estimate_takes_the_day_of_a_held_reading(held: int) -> None:
    (row,) = actions.estimate_instead(reading_id=held, method="average", reason="门锁", **BY).to_pylist()
    # 100 kWh in the 31 days to 1 January, and 31 days on: 1,200 kWh.
    assert (row["total_ckwh"], row["consecutive"]) == (120_000, 1)
    assert Reading.objects.get(pk=held).state == "REFUSED"
    standing = Reading.objects.get(installation_id=make.installation("M1"), read_on=D3, state="ACCEPTED")
    assert (standing.total_ckwh, standing.source) == (120_000, "ESTIMATE")


def test_without_a_history_nothing_is_estimated_and_the_reading_stays_held() -> None:
    make.town()
    make.record(("M2", date(2025, 1, 20), 5), ("M2", date(2025, 2, 20), 90_000))
    held = make.reading("M2", date(2025, 2, 20))
    if held.state != "HELD":
        pytest.fail("the planted jump was believed")
    Reading.objects.filter(installation=held.installation).exclude(pk=held.pk).update(is_current=False)
    with pytest.raises(Conflict, match="no history"):
        actions.estimate_instead(reading_id=held.pk, method="average", reason="门锁", **BY)
    assert Reading.objects.get(pk=held.pk).state == "HELD"


def test_what_cannot_be_ordered_is_refused(held: int) -> None:
    order(held)
    with pytest.raises(Conflict, match="open order"):
        order(held)
    with pytest.raises(InvalidInput, match="past"):
        actions.order_reread(reading_id=held, due_on=date(2026, 3, 1), reason="", **BY)
    with pytest.raises(Conflict, match="not held"):
        actions.order_reread(reading_id=make.reading("M1", D2).pk, due_on=date(2026, 3, 8), reason="", **BY)
    elsewhere = Actor("reader-e", unit_path="BS/BS-E/", roles=frozenset({"METER_READER"}))
    with pytest.raises(NotFound):
        actions.order_reread(reading_id=held, due_on=date(2026, 3, 8), reason="", actor=elsewhere, at=make.AT)
    with pytest.raises(NotFound):
        actions.take_reread(order_id=RereadOrder.objects.get().pk, actor=elsewhere, at=make.AT)


def test_a_cancelled_order_leaves_the_reading_held_and_makes_room_for_another(held: int) -> None:
    made = order(held)
    with pytest.raises(InvalidInput):
        actions.cancel_reread(order_id=made, reason=" ", **BY)
    actions.cancel_reread(order_id=made, reason="改为估抄", **BY)
    assert Reading.objects.get(pk=held).state == "HELD"
    assert order(held) != made


def test_a_held_reading_is_shown_with_what_it_would_mean(held: int) -> None:
    made = order(held)
    view = queries.held_view(WEST, held)
    # 12,100 − 1,100 kWh against 100 kWh in as many days.
    assert (view.energy_ckwh, view.usual_ckwh, view.previous_on, view.reread) == (1_100_000, 10_000, D2, made)
    assert (view.reading.hold_reason, view.asset_number, view.account_number) == ("JUMP", "M1", "1001")
    with pytest.raises(NotFound):
        queries.held_view(Scope("BS/BS-E/"), held)
