"""A calendar that was corrected: by columns every clock says what the single way says, to the microsecond."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from wandeng.calc.clocks.days import DayLine
from wandeng.domains.cases import checks, frames, log
from wandeng.domains.cases.frames import clocks
from wandeng.domains.cases.models import Case, CaseClock
from wandeng.domains.cases.tests import make, test_walks
from wandeng.domains.cases.types import Charter
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar

pytestmark = pytest.mark.django_db(transaction=True)
KINDS = ("fault_repair", "complaint", "opinion", "low_voltage_connection", "high_voltage_connection")


@dataclass(frozen=True)
class Corrected(Charter):
    """A charter whose calendar has two more days off, the week of the cases, and a Saturday worked."""

    def days(self) -> DayLine:
        known = working_calendar(self.rules, 2026, 2027)
        year = known.years[0]
        other = replace(
            year, holidays=year.holidays | {date(2026, 10, 13), date(2026, 10, 15)},
            make_up_days=year.make_up_days | {date(2026, 10, 17)},
        )  # fmt: skip
        return DayLine.of(WorkingCalendar.of([other, *known.years[1:]]))


def recompute(charter: Charter, **more: int) -> frames.Recomputed:
    with ColumnStore() as store:
        return frames.recompute(store, charter=charter, **more)


def stored() -> tuple[list[object], list[object]]:
    return (
        list(CaseClock.objects.order_by("id").values_list("id", "due_at", "next_percent", "next_at", "stopped_at")),
        list(Case.objects.order_by("id").values_list("number", "due_at", "due_clock", "step")),
    )


def test_by_columns_clocks_say_what_the_single_way_says(charter: Charter) -> None:
    for process in KINDS:
        for seed in range(3):
            test_walks.walk(charter, process, seed)
    assert recompute(charter).moved == 0
    corrected = Corrected(charter.processes, charter.rules)

    before, done = stored(), recompute(corrected, cases_a_range=4)

    assert done.clocks == CaseClock.objects.count()
    assert done.moved > 0
    assert done.faults == 0
    after = stored()
    assert after != before
    for row in Case.objects.filter(state__in=["OPEN", "FINISHED", "CLOSED"]):
        with transaction.atomic():
            log.settle(row, log.Log.of(row), corrected)
    assert stored() == after
    assert checks.faults(corrected) == []
    assert recompute(corrected).moved == 0


def test_a_working_day_that_falls_out_moves_the_end_by_one(charter: Charter) -> None:
    """A complaint of Monday, 5 working days: it ended with Monday the 19th. With Tuesday and Thursday off and Saturday
    worked it ends with the 20th: 14, 16, 17, 19, 20."""
    chance = test_walks.random.Random(1)
    number = test_walks.opened(charter, "complaint", chance)
    row = Case.objects.get(number=number)
    rows = CaseClock.objects.filter(case=row, measure="WORKING_DAY", amount=5, stopped_at__isnull=True)
    before = {one.clock: one.due_at for one in rows}
    assert before

    recompute(Corrected(charter.processes, charter.rules))

    moved = {one.clock: (one.due_at - before[one.clock]).days for one in rows.all()}
    assert set(moved.values()) == {1}


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("place", ["between ranges", "within a range"])
def test_what_is_killed_is_done_by_whole_ranges_and_doing_it_again_ends_it(
    charter: Charter, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    numbers = [test_walks.opened(charter, "complaint", test_walks.random.Random(seed)) for seed in range(3)]
    corrected, written, write = Corrected(charter.processes, charter.rules), [], clocks._write_cases

    def killed(*given: Any) -> None:
        written.append(given)
        if len(written) == 2:
            raise Killed
        write(*given)

    if place == "within a range":
        monkeypatch.setattr(clocks, "_write_cases", killed)
    with pytest.raises(Killed):
        recompute(corrected, cases_a_range=1, progress=_die if place == "between ranges" else None)
    monkeypatch.undo()

    assert _behind(charter) == numbers[:1]
    assert _behind(corrected) == numbers[1:]
    assert recompute(corrected, cases_a_range=1).moved > 0
    whole = stored()
    assert _behind(corrected) == []
    assert recompute(corrected).moved == 0
    assert stored() == whole


def _die(_clocks: int) -> None:
    raise Killed


def _behind(charter: Charter) -> list[str]:
    """Numbers of the cases that stand by another calendar."""
    return sorted({fault.partition(":")[0] for fault in checks.faults(charter)})


def test_a_clock_whose_definition_is_gone_keeps_what_it_has_and_is_counted(charter: Charter) -> None:
    number = make.open_fault(charter).number
    Case.objects.filter(number=number).update(process="gone")
    before = stored()
    done = recompute(Corrected(charter.processes, charter.rules))
    assert (done.moved, done.faults) == (0, done.clocks)
    assert stored() == before


def test_nothing_stored_is_nothing_done(charter: Charter) -> None:
    assert recompute(charter) == frames.Recomputed()
