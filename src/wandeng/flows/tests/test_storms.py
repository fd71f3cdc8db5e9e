"""Events that nobody told of: a file of a head-end is worked within the minute, once, also by a worker that was killed."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tests.kits import storm_world as storm
from tests.kits.crash_points import Crash, Points, watching

from wandeng.calc.probable_device import Device
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency.actions import faults
from wandeng.domains.emergency.queries import probable
from wandeng.domains.reliability import queries as reliability
from wandeng.flows import storms, timetable, work
from wandeng.flows.imports import intake
from wandeng.infra import jobs, pii
from wandeng.infra.models import Job
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)
SCOPE = Scope("c01/")


def file_of(folder: Path, at: datetime, what: str, *areas: str) -> None:
    """A head-end's file, taken in as a file is."""
    pii.create_key()
    wall = f"{at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M:%S}"
    mark = wall.replace(" ", "T")
    rows = "".join(f"HES,{area}-{mark}-{what},配变终端,{area},{what},{wall}\n" for area in areas)
    path = folder / f"{at:%H%M}-{what}.csv"
    path.write_text("来源系统,事件编号,上报设备类型,设备编号,事件,发生时间\n" + rows, encoding="utf-8")
    taken = intake.take_in("supply-events", path, actor=SYSTEM, clock=lambda: at + timedelta(minutes=1))
    assert taken.counts.created == len(areas)


def confirmed(folder: Path, charter: Charter) -> str:
    """The section behind KB2 is dark by a file, and somebody has confirmed it."""
    file_of(folder, storm.after(2), "停电", "TB4", "TB5", "TB6")
    file_of(folder, storm.after(2), "上电", "TB1", "TB2", "TB3")
    (found,) = probable.judgement(SCOPE, now=storm.after(8), library=charter.rules).devices
    assert (found.kind, found.device_code) == (Device.SWITCH, "KB2")
    return faults.confirm(
        kind=Device.SWITCH, code="KB2", actor=make.actor("DISPATCHER"), at=storm.after(9), charter=charter
    )


def run_all(now: datetime) -> None:
    handlers = {storms.BY_EVENTS: storms.kinds(lambda: now)[storms.BY_EVENTS]}
    while jobs.run_one(handlers, owner="w", clock=lambda: now):
        pass


def back(number: str) -> dict[str, datetime | None]:
    return {one.transformer_code: one.on_at for one in reliability.interruption(SCOPE, f"GZ{number}").steps}


def test_a_file_of_a_head_end_is_worked_by_the_clock(tmp_path: Path) -> None:
    charter = storm.build()
    number = confirmed(tmp_path, charter)
    timetable.enqueue_due(now=storm.after(10))
    file_of(tmp_path, storm.after(60), "上电", "TB4", "TB5")
    for minute in (64, 65, 66):
        timetable.enqueue_due(now=storm.after(minute))
        run_all(storm.after(minute))
    done = Job.objects.filter(kind=storms.BY_EVENTS).order_by("id")
    assert [one.state for one in done] == ["DONE"] * 3
    assert [json.loads(one.result) for one in done] == [{"areas_back": 2}, {"areas_back": 0}, {"areas_back": 0}]
    assert back(number) == {"TB4": storm.after(60), "TB5": storm.after(60), "TB6": None}
    assert storms.BY_EVENTS in work.kinds(lambda: storm.NIGHT, None)  # type: ignore[arg-type]


def test_with_no_confirmed_fault_there_is_nothing_to_read(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    storm.build()
    with django_assert_num_queries(3):
        # The transaction is one of them on SQLite; on PostgreSQL the savepoint.
        assert faults.restore_by_events(at=storm.after(5), charter=Charter.current()) == 0


@pytest.mark.chaos
def test_killed_at_any_write_the_next_minute_makes_it_good(tmp_path: Path) -> None:
    charter = storm.build()
    number = confirmed(tmp_path, charter)
    file_of(tmp_path, storm.after(60), "上电", "TB4", "TB5")
    file_of(tmp_path, storm.after(61), "上电", "TB6")

    def run(points: Points) -> None:
        with watching(points):
            storms.by_events(at=storm.after(66), charter=charter)

    point, left = 0, {"TB4": None, "TB5": None, "TB6": None}
    while not any(left.values()):
        point += 1
        with contextlib.suppress(Crash):
            run(Points(at=point))
        left = back(number)
    # All of it or nothing; the last crash came after it was written for good.
    assert point > 3
    assert back(number) == {"TB4": storm.after(60), "TB5": storm.after(60), "TB6": storm.after(61)}
    assert reliability.interruption(SCOPE, f"GZ{number}").on_at == storm.after(61)
    assert storms.by_events(at=storm.after(67), charter=charter) == {"areas_back": 0}
