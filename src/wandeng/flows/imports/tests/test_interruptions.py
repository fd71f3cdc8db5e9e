"""Interruptions from a file come to the same as recorded ones, step by step, and twice is once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wandeng.domains.network.models import UsagePoint
from wandeng.domains.reliability import queries
from wandeng.domains.reliability.models import Interruption, InterruptionStep, InterruptionSupply
from wandeng.domains.reliability.tests import make
from wandeng.domains.reliability.tests.make import off, step
from wandeng.flows.imports import intake
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
HEAD = "停电编号,单位,停电性质,停电原因,台区编码,计量点编号,停电时间,复电时间,影响户数\n"
A1 = "A,BS-W,内部故障,设备原因,T1,,2026-03-05 08:00,2026-03-05 09:00,\n"
A2 = "A,BS-W,内部故障,设备原因,T2,,2026-03-05 08:00,2026-03-05 11:00,\n"
A3 = "A,BS-W,内部故障,设备原因,T4,,2026-03-05 08:30,2026-03-05 09:30,\n"
A4 = "A,BS-W,内部故障,设备原因,,P6,2026-03-05 08:30,2026-03-05 09:30,\n"
OPEN = "B,BS-E,计划检修,检修,T3,,2026-06-05 08:00,,\n"


@pytest.fixture(autouse=True)
def county() -> None:
    make.town()


def bring(folder: Path, text: str, actor: Actor = SYSTEM) -> tuple[int, int, int, int]:
    path = folder / "停电.csv"
    path.write_text(HEAD + text, encoding="utf-8")
    counts: Outcome = intake.take_in("interruptions", path, actor=actor, clock=lambda: NOW)
    return counts.counts.created, counts.counts.changed, counts.counts.unchanged, counts.counts.parked


def test_a_file_comes_to_what_recording_comes_to(tmp_path: Path) -> None:
    assert bring(tmp_path, A1 + A2 + A3 + A4) == (4, 0, 0, 0)
    off(
        "recorded",
        step(["T1"], "2026-03-05 08:00", "2026-03-05 09:00"),
        step(["T2"], "2026-03-05 08:00", "2026-03-05 11:00"),
        step(["T4"], "2026-03-05 08:30", "2026-03-05 09:30", points=["P6"]),
    )
    columns = ("areas", "customers", "off_at", "on_at", "kind", "cause", "voltage", "is_external")
    brought, recorded = Interruption.objects.order_by("number").values_list(*columns)
    # 张三, 李四 at T1, 王五 at T2, the hospital on T2 and T4, 赵六 by the own point.
    assert brought == recorded
    assert brought[:2] == (3, 5)
    labels = ("transformer", "usage_point", "account", "unit", "feeder", "locality", "is_public", "customers")
    by_number = [
        set(InterruptionStep.objects.filter(interruption__number=one).values_list(*labels)) for one in ("A", "recorded")
    ]
    assert by_number[0] == by_number[1]
    supplies = InterruptionSupply.objects.values_list("interruption__number", "account", "transformer")
    assert len(supplies) == 4
    assert {one[1:] for one in supplies if one[0] == "A"} == {one[1:] for one in supplies if one[0] == "recorded"}


def test_the_same_file_twice_changes_nothing_and_a_later_one_ends_what_was_open(tmp_path: Path) -> None:
    assert bring(tmp_path, A1 + OPEN) == (2, 0, 0, 0)
    assert bring(tmp_path, A1 + OPEN + "\n") == (0, 0, 2, 0)
    ended = OPEN.replace("08:00,,", "08:00,2026-06-05 17:00,")
    assert bring(tmp_path, A1 + A2 + ended) == (1, 1, 1, 0)
    found = queries.interruption(Scope.everywhere(), "B")
    assert found.on_at == make.local("2026-06-05 17:00")
    assert queries.interruption(Scope.everywhere(), "A").areas == 2
    assert Interruption.objects.count() == 2


def test_customers_are_those_of_the_day_unless_the_file_says(tmp_path: Path) -> None:
    UsagePoint.objects.filter(code="P2").update(connected_on="2026-03-06")
    said = "C,BS-W,外部故障,上级电网,T1,,2026-03-05 10:00,2026-03-05 11:00,57\n"
    later = "D,BS-W,外部故障,上级电网,T1,,2026-03-06 10:00,2026-03-06 11:00,\n"
    assert bring(tmp_path, A1 + said + later) == (3, 0, 0, 0)
    counts = dict(Interruption.objects.values_list("number", "customers"))
    assert counts == {"A": 1, "C": 57, "D": 2}


WRONG = (
    ("X,BS-W,内部故障,设备原因,,,2026-03-05 08:00,2026-03-05 09:00,\n", "ONE_OF_TWO"),
    ("X,BS-W,内部故障,设备原因,T1,P1,2026-03-05 08:00,2026-03-05 09:00,\n", "ONE_OF_TWO"),
    ("X,BS-W,内部故障,设备原因,T9,,2026-03-05 08:00,2026-03-05 09:00,\n", "UNKNOWN_REFERENCE"),
    ("X,BS-W,内部故障,设备原因,,P0,2026-03-05 08:00,2026-03-05 09:00,\n", "UNKNOWN_REFERENCE"),
    ("X,BS-W,内部故障,设备原因,T1,,2026-03-05 08:00,2026-03-05 08:00,\n", "BEFORE_OFF"),
    ("X,BS-W,内部故障,设备原因,T1,,2026-12-05 08:00,,\n", "IN_FUTURE"),
    ("A,BS-W,计划检修,检修,T2,,2026-03-05 08:00,2026-03-05 09:00,\n", "RECORDED"),
    ("A,BS-W,内部故障,设备原因,T1,,2026-03-05 08:00,2026-03-05 10:00,\n", "OVERLAP"),
    ("A,BS-W,内部故障,设备原因,T1,,2026-03-05 08:30,2026-03-05 10:00,\n", "OVERLAP"),
    ("A,BS-W,内部故障,设备原因,T1,,2026-03-05 07:30,2026-03-05 08:10,\n", "OVERLAP"),
)


def test_what_is_wrong_is_parked_and_the_rest_lands(tmp_path: Path) -> None:
    bring(tmp_path, A1)
    for place, (line, code) in enumerate(WRONG, start=1):
        assert bring(tmp_path, line + A1.replace("A,", f"Z{place},")) == (1, 0, 0, 1), line
        assert code in ParkedRow.objects.latest("pk").findings
    assert Interruption.objects.count() == 1 + len(WRONG)


def test_only_dispatchers_bring_them(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        bring(tmp_path, A1, Actor("reader", unit_path="BS/", roles=frozenset({"METER_READER"})))
