"""A new kind of case is a file, no code: the two definitions outside the main tree are opened, worked on and closed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.kits import bill_world as world

from wandeng.domains.cases import checks
from wandeng.domains.cases.actions import intake, work
from wandeng.domains.cases.models import Case, CaseClock
from wandeng.domains.cases.queries import kinds
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, EvidenceMissing, Request
from wandeng.infra.effective import current
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import roots

SAMPLES = Path(__file__).parents[5] / "docs/samples/processes"


@pytest.fixture
def own(db: None, tmp_path: Path) -> Charter:
    """The charter of a utility that has put both files into its own folder."""
    make.county()
    shutil.copytree(SAMPLES, tmp_path / "processes")
    rules = current.library()
    return Charter(ProcessLibrary.load(roots(tmp_path), rules), rules)


def test_a_charging_point_is_helped_within_the_promise_of_the_grid_company(own: Charter) -> None:
    asked = {"STATION": "京港澳高速服务区", "PHONE": "13812345678"}
    request = Request("charging_point", "PHONE_95598", asked, account_number=make.ACCOUNT)
    opened = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=own)
    assert opened.due_at == make.after(45), "help 45 minutes after the call"
    told = {"number": opened.number, "charter": own}
    work.finish(**told, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(2))
    crew = make.actor("CELL_MANAGER")
    with pytest.raises(EvidenceMissing):
        work.finish(**told, step="ARRIVE", actor=crew, at=make.after(30))
    work.finish(**told, step="ARRIVE", actor=crew, at=make.after(30), proofs=[make.HERE])
    done = work.finish(**told, step="REPAIR", actor=crew, at=make.after(60), proofs=[make.PHOTO])
    assert (done.state, done.step) == ("CLOSED", ""), "nobody is called back in this kind"
    clock = CaseClock.objects.get(case__number=opened.number)
    assert (clock.clock, clock.stopped_at, clock.is_finished) == ("ARRIVAL", make.after(30), True)
    assert checks.faults(own) == []


def test_a_street_light_has_a_limit_of_its_own_and_stands_still_while_the_road_is_closed(own: Charter) -> None:
    request = Request(
        "street_light_report", "CELL", {"PLACE": "滨江路 12 号灯杆"}, unit_code=world.UNIT, is_anonymous=True
    )
    opened = intake.open_case(request=request, actor=make.actor("CELL_MANAGER"), at=make.NOW, charter=own)
    told = {"number": opened.number, "charter": own, "actor": make.actor("CELL_MANAGER")}
    work.finish(**told, step="ACCEPT", at=make.after(5))
    before = Case.objects.get().due_at
    work.pause(**told, pause="ROAD_CLOSED", reason="道路施工封闭", proofs=[make.PHOTO], at=make.after(24 * 60))
    assert Case.objects.get().due_at is None
    work.resume(**told, pause="ROAD_CLOSED", at=make.after(48 * 60))
    assert (Case.objects.get().due_at - before).days == 1, "Tuesday to Wednesday, two working days"
    done = work.finish(**told, step="REPAIR", at=make.after(50 * 60), proofs=[make.PHOTO, make.HERE])
    assert done.state == "CLOSED"
    assert checks.faults(own) == []


def test_they_are_shown_among_the_kinds_that_can_be_opened(own: Charter) -> None:
    shown = {one.process for one in kinds.kinds(charter=own, on=make.NOW.date())}
    assert {"charging_point", "street_light_report", "fault_repair"} <= shown
    clock = kinds.kind("street_light_report", charter=own, on=make.NOW.date(), territories=["hunan"]).clocks[0]
    assert (clock.own, clock.promises) == ((2, "WORKING_DAY"), ())
