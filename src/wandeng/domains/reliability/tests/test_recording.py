"""Interruptions are written down as things stood, grow by restorations and change by revisions only."""

from __future__ import annotations

from datetime import date

import pytest

from wandeng.domains.network.models import UsagePoint
from wandeng.domains.network.tests.make import WEST
from wandeng.domains.reliability import actions, queries
from wandeng.domains.reliability.frames import repeating
from wandeng.domains.reliability.models import Interruption, InterruptionStep
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import facts, local, off, step
from wandeng.domains.reliability.types import Cause, InterruptionKind, InterruptionRecorded, Repeats, StepsOverlap
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
PLANNED = facts(InterruptionKind.PLANNED_OVERHAUL, Cause.OVERHAUL)


@pytest.fixture(autouse=True)
def county() -> None:
    make.town()


def shown(number: str) -> tuple[int, int]:
    found = queries.interruption(EVERYWHERE, number)
    return found.areas, found.customers


def test_a_customer_with_two_supplies_counts_only_when_both_are_gone() -> None:
    # T1: 张三, 李四; T2: 王五, and the hospital, which T4 supplies too.
    off("A", step(["T1", "T2"], "2026-03-05 08:00", "2026-03-05 09:00"))
    assert shown("A") == (2, 3)
    off("B", step(["T2"], "2026-03-06 08:00", "2026-03-06 10:00"), step(["T4"], "2026-03-06 09:00", "2026-03-06 11:00"))
    assert shown("B") == (2, 2)  # 王五 and the hospital, from 9 to 10
    off("C", step(["T2"], "2026-03-07 08:00", "2026-03-07 09:00"), step(["T4"], "2026-03-07 09:00", "2026-03-07 11:00"))
    assert shown("C") == (2, 1)


def test_labels_of_later_days_do_not_rewrite_history() -> None:
    off("A", step(["T1"], "2026-03-05 08:00", "2026-03-05 09:00"))
    UsagePoint.objects.filter(code="P2").update(transformer=make.transformers(["T3"])[0])
    kept = InterruptionStep.objects.get()
    assert (shown("A"), kept.customers, kept.feeder.code, kept.locality) == ((1, 2), 2, "F1", "RURAL")


def test_low_voltage_interrupts_points_and_not_their_area() -> None:
    off("A", step([], "2026-03-05 08:00", "2026-03-05 09:00", points=["P1"]))
    assert shown("A") == (0, 1)
    found = queries.interruption(EVERYWHERE, "A").steps[0]
    assert (found.transformer_code, found.usage_point_code, found.account_number) == ("T1", "P1", "1001")


def test_supply_comes_back_step_by_step() -> None:
    off("A", step(["T1", "T2"], "2026-03-05 08:00", None))
    back = {"number": "A", "actor": make.DISPATCHER, "at": make.AT}
    first = actions.restore(on_at=local("2026-03-05 09:00"), transformers=make.transformers(["T1"]), **back)
    assert first == 1
    assert queries.interruption(EVERYWHERE, "A").on_at is None
    with pytest.raises(InvalidInput):
        actions.restore(on_at=local("2026-03-05 07:00"), **back)
    assert actions.restore(on_at=local("2026-03-05 11:00"), **back) == 0
    found = queries.interruption(EVERYWHERE, "A")
    assert found.on_at == local("2026-03-05 11:00")
    assert [one.on_at for one in found.steps] == [local("2026-03-05 09:00"), local("2026-03-05 11:00")]
    with pytest.raises(Conflict):
        actions.restore(on_at=local("2026-03-05 12:00"), **back)


def test_the_same_again_changes_nothing_and_another_thing_is_refused() -> None:
    one = step(["T1"], "2026-03-05 08:00", "2026-03-05 09:00")
    assert off("A", one) == off("A", one)
    with pytest.raises(InterruptionRecorded):
        off("A", step(["T1"], "2026-03-05 08:00", "2026-03-05 09:01"))
    with pytest.raises(InterruptionRecorded):
        off("A", one, about=PLANNED)
    assert Interruption.objects.count() == 1


def test_a_correction_is_a_new_revision_with_a_reason() -> None:
    off("A", step(["T1"], "2026-03-05 08:00", "2026-03-05 09:00"))
    changed = {"number": "A", "facts": PLANNED, "actor": make.DISPATCHER, "at": make.AT}
    new = step(["T3"], "2026-03-05 08:00", "2026-03-05 09:30")
    with pytest.raises(InvalidInput):
        actions.correct(steps=[new], reason=" ", **changed)
    actions.correct(steps=[new], reason="台区报错", **changed)
    latest, first = queries.revisions(EVERYWHERE, "A")
    assert (latest.revision, latest.reason, latest.steps[0].transformer_code) == (1, "台区报错", "T3")
    assert (first.is_current, first.steps[0].transformer_code) == (False, "T1")
    counted = queries.repeats(make.transformers(["T1", "T3"]), on=date(2026, 12, 1))
    assert [one.planned_this_year for one in counted.values()] == [0, 1]


def test_what_cannot_have_been_is_refused() -> None:
    for wrong, refusal in (
        ([], InvalidInput),
        ([step(["T1"], "2026-03-05 08:00", "2026-03-05 08:00")], InvalidInput),
        ([step(["T1"], "2026-03-05 08:00", None), step(["T1"], "2026-03-05 09:00", "2026-03-05 10:00")], StepsOverlap),
        ([step(["T1", "T1"], "2026-03-05 08:00", "2026-03-05 09:00")], StepsOverlap),
    ):
        with pytest.raises(refusal):
            off("A", *wrong)
    with pytest.raises(NotAllowed):
        off("A", step(["T1"], "2026-03-05 08:00", None), actor=Actor("r", unit_path="BS/"))
    with pytest.raises(NotFound):
        off("A", step(["T1"], "2026-03-05 08:00", None), about=facts(unit="BS-E"), actor=WEST)
    assert Interruption.objects.count() == 0


def test_repeats_count_planned_ones_of_the_year_and_all_of_two_months() -> None:
    t1, t2 = make.transformers(["T1", "T2"])
    for day in ("01-05", "02-05", "06-01"):
        off(f"P{day}", step(["T1"], f"2026-{day} 08:00", f"2026-{day} 12:00"), about=PLANNED)
    off("old", step(["T1"], "2025-12-31 08:00", "2025-12-31 12:00"), about=PLANNED)
    off("fault", step(["T1", "T2"], "2026-05-20 08:00", "2026-05-20 12:00"))
    off("short", step(["T1"], "2026-05-21 08:00", "2026-05-21 08:03"))  # 3 minutes are momentary
    off("own", step(["T1"], "2026-05-22 08:00", "2026-05-22 12:00"), about=facts(cause=Cause.OWN_EQUIPMENT_FAULT))
    off(
        "twice",
        step(["T2"], "2026-06-02 08:00", "2026-06-02 09:00"),
        step(["T2"], "2026-06-02 10:00", "2026-06-02 11:00"),
    )
    assert queries.repeats([t1, t2], on=date(2026, 6, 15)) == {t1: Repeats(3, 2), t2: Repeats(0, 2)}
    # The window of two months that ends on 19 July begins on 20 May: that day is inside, a day later it is not.
    assert queries.repeats([t2], on=date(2026, 7, 19))[t2].recent == 2
    assert queries.repeats([t2], on=date(2026, 7, 20))[t2].recent == 1
    for day in (date(2026, 6, 15), date(2026, 7, 20), date(2025, 12, 31)):
        with ColumnStore() as store:
            every = repeating.repeats(store, on=day)
        told = {one: repeats for one, repeats in queries.repeats([t1, t2], on=day).items() if repeats != Repeats(0, 0)}
        assert {one: Repeats(planned, recent) for one, planned, recent in every.iter_rows()} == told
