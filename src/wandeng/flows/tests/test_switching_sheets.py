"""A plan run by its switching sheets on the small town: written, checked by another, issued, executed step by step by two; the log of
switches, the interruption and the plan say the same, and nothing is counted twice."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wandeng.domains.network.models import SwitchOperation
from wandeng.domains.organization import actions as organization
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.actions.running import SheetRunsIt
from wandeng.domains.outages.models import PlannedOutage
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import NOW, PLANNER, STARTS, opened, published, request
from wandeng.domains.outages.types import Isolation, IsolationKind
from wandeng.domains.reliability import queries as interruptions
from wandeng.domains.reliability.models import Interruption, InterruptionStep
from wandeng.domains.switching import queries
from wandeng.domains.switching.actions import sheets, steps
from wandeng.domains.switching.types import (
    SamePerson,
    SheetForbidden,
    SheetRequest,
    SheetWarningsOpen,
    StepAction,
    StepAsked,
    StepDone,
    StepOutOfOrder,
)
from wandeng.flows import switching_sheets as flow
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
CHECKER = Actor("checker-1", unit_path="BS/", roles=frozenset({"CELL_MANAGER"}))
LI = Actor("li", unit_path="BS/BS-W/", roles=frozenset({"CELL_MANAGER"}))
WANG = Actor("wang", unit_path="BS/BS-W/", roles=frozenset({"CELL_MANAGER"}))
EAST = Actor("east", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
OFF = STARTS
EAST_FED = (
    Isolation(IsolationKind.OPEN, "K11"),
    Isolation(IsolationKind.OPEN, "K12"),
    Isolation(IsolationKind.CLOSE, "K9"),
)


@pytest.fixture(autouse=True)
def town() -> None:
    make.town()
    for one in (LI, WANG):
        organization.add_person(code=one.code, name=one.code, unit_code="BS-W", actor=SYSTEM, at=NOW)


def issued(asked: SheetRequest, *, at: datetime = NOW) -> str:
    number = flow.draft(request=asked, actor=PLANNER, at=at)
    flow.check(number=number, actor=CHECKER, at=at)
    answered(number, at)
    flow.issue(number=number, actor=PLANNER, at=at)
    return number


def answered(number: str, at: datetime = NOW) -> None:
    for one in queries.sheet(EVERYWHERE, number).findings:
        sheets.acknowledge(number=number, finding=one.id, reason="已安排", actor=PLANNER, at=at)


def executed(number: str, first: datetime, *, upto: int = 99) -> datetime:
    """Every step from the next on, a minute apart; when the last was done."""
    at = first
    if queries.sheet(EVERYWHERE, number).state == "ISSUED":
        steps.begin(number=number, operator="li", guardian="wang", actor=LI, at=at)
    while (step := queries.sheet(EVERYWHERE, number).next) is not None and step.place <= upto:
        flow.execute(number=number, place=step.place, key=f"{number}-{step.place}", done_at=at, actor=WANG, at=at)
        at += timedelta(minutes=1)
    return at - timedelta(minutes=1)


def of(*asked: tuple[str, str], outage: str = "", unit: str = "BS-W") -> SheetRequest:
    said = tuple(
        StepAsked(StepAction(action), "" if action in ("GROUND", "UNGROUND", "VERIFY") else what,
                  what if action in ("GROUND", "UNGROUND", "VERIFY") else "")
        for action, what in asked
    )  # fmt: skip
    return SheetRequest(unit, "试验", said, outage=outage)


def test_a_plan_follows_from_the_steps_of_its_sheets() -> None:
    number = published(request(isolation=opened("K11")))
    off = issued(flow.suggest(EVERYWHERE, number, is_back=False, now=NOW))
    assert [(one.action, one.device) for one in queries.sheet(EVERYWHERE, off).steps][:1] == [("OPEN", "K11")]
    for verb in (
        lambda: running.start(number=number, off_at=OFF, actor=PLANNER, at=OFF),
        lambda: running.restore(number=number, on_at=OFF, actor=PLANNER, at=OFF),
    ):
        with pytest.raises(SheetRunsIt):
            verb()
    executed(off, OFF)
    assert queries.sheet(EVERYWHERE, off).state == "DONE"
    assert PlannedOutage.objects.get(number=number).state == "RUNNING"
    found = interruptions.interruption(EVERYWHERE, number)
    assert {(one.transformer_code, one.off_at, one.on_at) for one in found.steps} == {
        ("T1", OFF, None),
        ("T2", OFF, None),
    }
    asked = flow.suggest(EVERYWHERE, number, is_back=True, now=NOW)
    assert [one.action for one in asked.steps] == ["UNGROUND", "VERIFY", "CLOSE"]
    later = OFF + timedelta(hours=2)
    back = issued(asked, at=OFF + timedelta(hours=1))
    on = executed(back, later)
    found = interruptions.interruption(EVERYWHERE, number)
    assert {one.on_at for one in found.steps} == {on}
    assert found.on_at == on
    row = PlannedOutage.objects.get(number=number)
    assert (row.state, row.ended_at) == ("DONE", on)
    told = Event.objects.filter(name__in=("outages.started", "outages.ended")).order_by("id")
    assert list(told.values_list("name", flat=True)) == ["outages.started", "outages.ended"]
    logged = SwitchOperation.objects.order_by("id").values_list("switch__code", "is_open", "at", "actor")
    assert list(logged) == [("K11", True, OFF, "wang"), ("K11", False, on, "wang")]


def test_supply_comes_back_stepwise_through_a_tie_and_is_never_counted_twice() -> None:
    number = published(request(isolation=opened("K11")))
    asked = of(("OPEN", "K11"), ("OPEN", "K12"), ("CLOSE", "K9"), outage=number, unit="BS-W")
    sheet = issued(asked)
    executed(sheet, OFF)
    found = {one.transformer_code: one for one in interruptions.interruption(EVERYWHERE, number).steps}
    assert found["T2"].on_at == OFF + timedelta(minutes=2)
    assert found["T1"].on_at is None
    assert [(one.off, one.back) for one in queries.sheet(EVERYWHERE, sheet).steps] == [(2, 0), (0, 0), (0, 1)]
    # T2 goes off again under the same number when the tie is opened, and all is back when K11 closes.
    again = OFF + timedelta(hours=1)
    way_back = issued(of(("OPEN", "K9"), ("CLOSE", "K12"), ("CLOSE", "K11"), outage=number), at=again)
    on = executed(way_back, again)
    rows = InterruptionStep.objects.filter(interruption__number=number).order_by("transformer_id", "off_at")
    assert [(one.transformer.code, one.off_at, one.on_at) for one in rows] == [
        ("T1", OFF, on), ("T2", OFF, OFF + timedelta(minutes=2)), ("T2", again, on),
    ]  # fmt: skip
    one = Interruption.objects.get(number=number)
    assert (one.areas, one.on_at) == (2, on)
    assert Interruption.objects.count() == 1
    assert PlannedOutage.objects.get(number=number).state == "DONE"


def test_who_was_off_already_stays_off_under_what_took_him() -> None:
    number = published(request(isolation=opened("K12")))
    running.start(number=number, off_at=OFF, actor=PLANNER, at=OFF)  # by hand: T2
    sheet = issued(of(("OPEN", "K11"), ("CLOSE", "K11")))
    executed(sheet, OFF + timedelta(minutes=10))
    here = interruptions.interruption(EVERYWHERE, sheet)
    assert [(one.transformer_code) for one in here.steps] == ["T1"]
    assert here.belongs_to == f"switching.sheet:{sheet}"
    assert (here.kind, here.cause) == ("TEMPORARY_OVERHAUL", "OPERATION")
    assert here.on_at is not None
    # K12 itself was never logged as open, so K11 feeds T2 again: its interruption ends with the same step.
    assert interruptions.interruption(EVERYWHERE, number).on_at == here.on_at


def test_the_same_step_twice_is_done_once_and_another_out_of_turn_never() -> None:
    sheet = issued(of(("OPEN", "K12"), ("CLOSE", "K12")))
    steps.begin(number=sheet, operator="li", guardian="wang", actor=LI, at=OFF)
    with pytest.raises(StepOutOfOrder):
        flow.execute(number=sheet, place=2, key="b", done_at=OFF, actor=LI, at=OFF)
    first = flow.execute(number=sheet, place=1, key="a", done_at=OFF, actor=LI, at=OFF)
    again = flow.execute(number=sheet, place=1, key="a", done_at=OFF, actor=LI, at=OFF + timedelta(minutes=1))
    assert (first.off, again.off, first.was_done, again.was_done) == (1, 1, False, True)
    assert SwitchOperation.objects.count() == 1
    assert Interruption.objects.count() == 1
    with pytest.raises(StepDone):
        flow.execute(number=sheet, place=1, key="c", done_at=OFF, actor=LI, at=OFF + timedelta(minutes=1))
    for wrong in (OFF - timedelta(minutes=1), OFF + timedelta(hours=1)):
        with pytest.raises(InvalidInput):
            flow.execute(number=sheet, place=2, key="d", done_at=wrong, actor=LI, at=OFF + timedelta(minutes=5))


def test_a_step_that_fails_leaves_nothing_behind() -> None:
    sheet = issued(of(("OPEN", "K12")))
    steps.begin(number=sheet, operator="li", guardian="wang", actor=LI, at=OFF)
    switch = queries.sheet(EVERYWHERE, sheet).steps[0].switch_id
    SwitchOperation.objects.create(switch_id=switch, is_open=True, at=OFF, actor="x")
    with pytest.raises(Conflict):
        flow.execute(
            number=sheet, place=1, key="a", done_at=OFF + timedelta(minutes=1), actor=LI, at=OFF + timedelta(hours=1)
        )
    assert queries.sheet(EVERYWHERE, sheet).steps[0].done_at is None
    assert not Interruption.objects.exists()


def test_two_persons_and_whose_step_it_is() -> None:
    sheet = flow.draft(request=of(("OPEN", "K12"), ("CLOSE", "K12")), actor=LI, at=NOW)
    with pytest.raises(SamePerson):
        flow.check(number=sheet, actor=LI, at=NOW)
    with pytest.raises(MoveRefused):
        flow.issue(number=sheet, actor=PLANNER, at=NOW)
    flow.check(number=sheet, actor=CHECKER, at=NOW)
    with pytest.raises(NotAllowed):
        flow.issue(number=sheet, actor=CHECKER, at=NOW)
    answered(sheet)
    flow.issue(number=sheet, actor=PLANNER, at=NOW)
    with pytest.raises(SamePerson):
        steps.begin(number=sheet, operator="li", guardian="li", actor=LI, at=OFF)
    with pytest.raises(InvalidInput):
        steps.begin(number=sheet, operator="li", guardian="nobody", actor=LI, at=OFF)
    with pytest.raises(NotAllowed):
        steps.begin(number=sheet, operator="li", guardian="wang", actor=CHECKER, at=OFF)
    steps.begin(number=sheet, operator="li", guardian="wang", actor=LI, at=OFF)
    with pytest.raises(NotAllowed):
        flow.execute(number=sheet, place=1, key="a", done_at=OFF, actor=CHECKER, at=OFF)
    with pytest.raises(NotFound):
        flow.execute(number=sheet, place=1, key="a", done_at=OFF, actor=EAST, at=OFF)
    with pytest.raises(NotAllowed):
        flow.skip(number=sheet, place=1, reason="不需要", actor=LI, at=OFF)
    with pytest.raises(InvalidInput):
        flow.skip(number=sheet, place=1, reason=" ", actor=PLANNER, at=OFF)
    other = Actor("planner-2", unit_path="BS/", roles=frozenset({"DISPATCHER"}))
    with pytest.raises(NotAllowed):
        flow.skip(number=sheet, place=1, reason="不需要", actor=other, at=OFF)
    assert flow.skip(number=sheet, place=1, reason="现场已断开", actor=PLANNER, at=OFF).next == 2
    sheets.void(number=sheet, reason="改期", actor=PLANNER, at=OFF)
    with pytest.raises(Conflict):
        flow.execute(number=sheet, place=2, key="b", done_at=OFF, actor=LI, at=OFF)


def codes(number: str) -> list[tuple[int, str, bool]]:
    return [(one.place, str(one.code), one.forbids) for one in queries.sheet(EVERYWHERE, number).findings]


def test_what_the_replay_finds() -> None:
    from wandeng.domains.network.models import Switch

    loop = flow.draft(request=of(("CLOSE", "K9"), ("OPEN", "K12")), actor=PLANNER, at=NOW)
    flow.check(number=loop, actor=CHECKER, at=NOW)
    assert codes(loop) == [(1, "PARALLEL_SOURCES", False)]
    with pytest.raises(SheetWarningsOpen):
        flow.issue(number=loop, actor=PLANNER, at=NOW)
    there = flow.draft(request=of(("CLOSE", "K11")), actor=PLANNER, at=NOW)
    with pytest.raises(SheetForbidden):
        flow.check(number=there, actor=CHECKER, at=NOW)
    assert flow.review(number=there, actor=PLANNER, at=NOW) == 1
    assert codes(there) == [(1, "ALREADY_THERE", True)]
    ground = flow.draft(request=of(("OPEN", "K12"), ("GROUND", "K12 后"), ("CLOSE", "K12")), actor=PLANNER, at=NOW)
    flow.review(number=ground, actor=PLANNER, at=NOW)
    assert codes(ground) == [(3, "ONTO_GROUND", True)]
    Switch.objects.filter(code="K12").update(kind="DISCONNECTOR")
    load = flow.draft(request=of(("OPEN", "K12")), actor=PLANNER, at=NOW)
    flow.review(number=load, actor=PLANNER, at=NOW)
    assert codes(load) == [(1, "UNDER_LOAD", True)]
    # The hospital keeps supply through T4 when T2 goes, and has none when both do.
    both = flow.draft(request=of(("OPEN", "K11"), ("OPEN", "K22"), unit="BS"), actor=PLANNER, at=NOW)
    flow.review(number=both, actor=PLANNER, at=NOW)
    assert (2, "PROTECTED_DARK", False) in codes(both) or (1, "PROTECTED_DARK", False) in codes(both)


def test_areas_nobody_was_told_of_and_plans_not_published() -> None:
    number = make.drafted(request(isolation=opened("K12")))  # tells T2
    wide = flow.draft(request=of(("OPEN", "K11"), outage=number), actor=PLANNER, at=NOW)
    flow.check(number=wide, actor=CHECKER, at=NOW)
    assert codes(wide) == [(1, "BEYOND_PLAN", False)]
    answered(wide)
    with pytest.raises(InvalidInput):
        flow.issue(number=wide, actor=PLANNER, at=NOW)
    with pytest.raises(NotFound):
        flow.draft(request=of(("OPEN", "K11"), outage="TD-NONE"), actor=PLANNER, at=NOW)
    with pytest.raises(NotFound):
        flow.draft(request=of(("OPEN", "K21")), actor=PLANNER, at=NOW)  # the east's switch in a sheet of the west


def test_a_transformer_taken_out_stays_off_until_it_is_put_in() -> None:
    sheet = issued(of(("TAKE_OUT", "T2"), ("OPEN", "K11"), ("CLOSE", "K11"), ("PUT_IN", "T2")))
    executed(sheet, OFF, upto=3)
    assert {(one.transformer.code, one.on_at) for one in InterruptionStep.objects.select_related("transformer")} == {
        ("T2", None), ("T1", OFF + timedelta(minutes=2)),
    }  # fmt: skip
    executed(sheet, OFF + timedelta(minutes=3))
    assert not InterruptionStep.objects.filter(on_at=None).exists()
