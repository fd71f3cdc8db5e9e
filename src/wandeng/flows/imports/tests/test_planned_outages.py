"""Plans from files: drafted as by hand, once, and whatever cannot be drafted is parked and mended."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import plans as actions
from wandeng.domains.outages.models import (
    OutageArea,
    OutageFinding,
    OutageImportantUser,
    OutageIsolation,
    OutageWork,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.types import Isolation, IsolationKind, OutageState, Work, WorkKind
from wandeng.flows import outage_plans
from wandeng.flows.imports import intake
from wandeng.flows.imports.planned_outages import KIND
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()
HEAD = "申请编号,单位,停电计划名称,停电开始,停电结束,断开开关,合上转供,停运变压器,作业,停电原因,停电类别,带电作业,停电范围\n"
WHEN = "2026-03-12 08:00,2026-03-12 12:00"
GOOD = f"JX-1,BS-W,西线分段开关后段检修,{WHEN},K12,,,配电一班，更换跌落式熔断器,检修,,,\n"


@pytest.fixture(autouse=True)
def _town() -> None:
    make.town()


def bring(
    folder: Path, text: str, *, actor: Actor = make.PLANNER, again: bool = False, dry_run: bool = False
) -> Outcome:
    path = folder / "plans.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    return intake.take_in(
        KIND.name, path, actor=actor, clock=lambda: make.NOW, again=again, dry_run=dry_run
    )  # fmt: skip


def counted(outcome: Outcome) -> tuple[int, int, int, int]:
    counts = outcome.counts
    return counts.created, counts.changed, counts.unchanged, counts.parked


def faults(outcome: Outcome) -> list[tuple[int, str, str]]:
    """(line, column, code) of every parked row."""
    found = []
    for row in ParkedRow.objects.filter(batch_id=outcome.batch).order_by("line"):
        found += [(row.line, one["column"], one["code"]) for one in _reasons(row)]
    return found


def _reasons(row: ParkedRow) -> list[dict[str, str]]:
    return list(json.loads(row.findings))


def test_a_row_is_drafted_as_by_hand(tmp_path: Path) -> None:
    by_hand = outage_plans.draft(request=make.REQUEST, actor=make.PLANNER, at=make.NOW)
    assert counted(bring(tmp_path, GOOD)) == (1, 0, 0, 0)
    row = PlannedOutage.objects.get(reference="JX-1")
    assert (row.state, row.created_by, row.number[:6]) == ("DRAFT", "planner-1", "TD2026")
    other = PlannedOutage.objects.get(number=by_hand)
    for model, besides in (
        (PlannedOutageVersion, {"id", "outage"}),
        (OutageIsolation, {"id", "version"}),
        (OutageWork, {"id", "version"}),
        (OutageArea, {"id", "version"}),
        (OutageImportantUser, {"id", "version"}),
        (OutageFinding, {"id", "version"}),
    ):
        owner = "outage" if model is PlannedOutageVersion else "version__outage"
        names = [one.name for one in model._meta.concrete_fields if one.name not in besides]
        told = [
            sorted(map(repr, model._default_manager.filter(**{owner: plan}).values_list(*names)))
            for plan in (row, other)
        ]
        assert told[0] == told[1], model
        assert told[0] or model is OutageFinding, model
    actions.acknowledge(
        number=row.number, code="SECOND_SUPPLY_ONLY", reason="医院另一路电源确认", actor=make.PLANNER, at=make.NOW
    )
    make.acknowledged(row.number)
    actions.submit(number=row.number, actor=make.PLANNER, at=make.NOW)
    assert queries.plan(EVERYWHERE, row.number, on=make.NOW.date()).state is OutageState.SUBMITTED


def test_points_works_and_kinds_are_read(tmp_path: Path) -> None:
    works = "配电一班，换线，C1；某厂，年检，，用户，1001"
    told = f"JX-2,BS-W,全线检修,{WHEN},K11 K12,K9,,{works},施工,临时停电,可以,河西村\n"
    assert counted(bring(tmp_path, told)) == (1, 0, 0, 0)
    found = queries.request_of(
        queries.plan(EVERYWHERE, PlannedOutage.objects.get().number, on=make.NOW.date())
    )  # fmt: skip
    assert found.isolation == (*make.opened("K11", "K12"), Isolation(IsolationKind.CLOSE, "K9"))
    assert found.works == (
        Work(WorkKind.GRID, "配电一班", "换线", "C1"),
        Work(WorkKind.CUSTOMER, "某厂", "年检", "", "1001"),
    )
    assert (found.reason, found.category, found.live_line, found.place) == (
        "CONSTRUCTION", "TEMPORARY", "POSSIBLE", "河西村",
    )  # fmt: skip


def test_nothing_is_drafted_twice(tmp_path: Path) -> None:
    bring(tmp_path, GOOD)
    assert counted(bring(tmp_path, GOOD, again=True)) == (0, 0, 1, 0)
    number = PlannedOutage.objects.get().number
    later = make.request(starts_at=make.STARTS + timedelta(days=1))
    actions.change(number=number, request=later, reason="错开抄表日", actor=make.PLANNER, at=make.NOW)
    # The file says what it said: the change was made at the plan.
    assert counted(bring(tmp_path, GOOD, again=True)) == (0, 0, 1, 0)
    other = bring(tmp_path, GOOD.replace("K12", "K11").replace("12:00", "13:00"))
    assert faults(other) == [(2, "ends_at", "NOT_BY_IMPORT"), (2, "opened", "NOT_BY_IMPORT")]
    twice = bring(tmp_path, GOOD.replace("JX-1", "JX-3") * 2)
    assert counted(twice) == (1, 0, 0, 1)
    assert PlannedOutage.objects.count() == 2


def test_bad_rows_are_parked_and_mended(tmp_path: Path) -> None:
    bad = (
        f"A,XX,甲,{WHEN},K12,,,班，事,,,,\n"
        f"B,BS-W,甲,{WHEN},K12 K99,,,班，事,,,,\n"
        f"C,BS-W,甲,{WHEN},,,T99,班，事,,,,\n"
        "D,BS-W,甲,2026-03-01 08:00,2026-03-01 12:00,K12,,,班，事,,,,\n"
        "E,BS-W,甲,2026-03-12 08:00,2026-03-12 07:00,K12,,,班，事,,,,\n"
        f"F,BS-W,甲,{WHEN},,,,班，事,,,,\n"
        f"G,BS-W,甲,{WHEN},K9,,,班，事,,,,\n"
        f"H,BS-W,甲,{WHEN},K12,,,更换避雷器,,,,\n"
        f"I,BS-W,甲,{WHEN},K12,,,班，事，，，9999,,,,\n"
        f"J,BS-W,甲,{WHEN},K12 K12,,,班，事,,,,\n"
        f"K,BS-W,甲,{WHEN},K12,,,班，事,想停就停,,,\n"
    )
    outcome = bring(tmp_path, bad + GOOD)
    assert counted(outcome) == (1, 0, 0, 11)
    assert faults(outcome) == [
        (2, "unit", "UNKNOWN_REFERENCE"),
        (3, "opened", "UNKNOWN_REFERENCE"),
        (4, "out", "UNKNOWN_REFERENCE"),
        (5, "starts_at", "IN_PAST"),
        (6, "ends_at", "NOT_FORWARD"),
        (7, "opened", "REQUIRED"),
        (8, "opened", "NOBODY_OFF"),
        (9, "works", "NOT_A_WORK"),
        (10, "works", "UNKNOWN_REFERENCE"),
        (11, "opened", "NAMED_TWICE"),
        (12, "reason", "UNKNOWN_VALUE"),
    ]
    assert PlannedOutage.objects.count() == 1
    assert outcome.batch is not None
    intake.mend(outcome.batch, 3, {"断开开关": "K12"}, actor=make.PLANNER, clock=lambda: make.NOW)
    again = intake.retry(outcome.batch, actor=make.PLANNER, clock=lambda: make.NOW, lines=frozenset({3}))
    assert again.counts.created == 1
    assert sorted(PlannedOutage.objects.values_list("reference", flat=True)) == ["B", "JX-1"]


def test_a_rehearsal_drafts_nothing(tmp_path: Path) -> None:
    assert counted(bring(tmp_path, GOOD, dry_run=True)) == (1, 0, 0, 0)
    assert not PlannedOutage.objects.exists()
    assert not PlannedOutageVersion.objects.exists()


def test_others_switches_and_others_work_are_refused(tmp_path: Path) -> None:
    east = Actor("east", unit_path="BS/BS-E/", roles=frozenset({"DISPATCHER"}))
    outcome = bring(tmp_path, GOOD + GOOD.replace("JX-1", "JX-9").replace("BS-W", "BS-E"), actor=east)
    assert faults(outcome) == [(2, "unit", "OUTSIDE_UNIT"), (3, "opened", "OUTSIDE_UNIT")]
    clerk = Actor("clerk", unit_path="BS/", roles=frozenset({"HALL_CLERK"}))
    with pytest.raises(NotAllowed):
        bring(tmp_path, GOOD.replace("JX-1", "JX-8"), actor=clerk)
    assert not PlannedOutage.objects.exists()
