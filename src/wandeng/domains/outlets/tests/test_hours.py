"""Opening hours: as written, as kept, on a day with holidays and exceptions; and what staff does about an outlet."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.outlets import actions, hours, queries
from wandeng.domains.outlets.actions import OutletClosed
from wandeng.domains.outlets.hours import Differing
from wandeng.domains.outlets.tests import make
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

HALL = "12345 08:30-12:00,14:00-17:30;6 09:00-12:00"
FRIDAY, SATURDAY, SUNDAY = date(2026, 5, 1), date(2026, 5, 9), date(2026, 5, 10)
CALENDAR = WorkingCalendar.of([WorkingYear(2026, frozenset({FRIDAY}), frozenset({SATURDAY, SUNDAY}), True)])
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ON = date(2026, 3, 2)
HEAD = Actor("head", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
EAST = Actor("east", unit_path="BS/BS-E/", roles=frozenset({"COUNTY_MANAGER"}))
READER = Actor("reader", unit_path="BS/", roles=frozenset({"METER_READER"}))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("周一至周五 08:30-12:00、14:00-17:30；周六 09:00-12:00", HALL),
        ("每天 7:00-22:00", "1234567 07:00-22:00"),
        ("24小时", "1234567 00:00-24:00"),
        ("工作日 9:00-17:00", "12345 09:00-17:00"),
        ("周一、周三、周五 8:00-9:00", "135 08:00-09:00"),
        ("星期日 08：00至12：00", "7 08:00-12:00"),
        (HALL, HALL),
    ],
)
def test_what_people_write_is_kept_in_one_form(written: str, kept: str) -> None:
    assert hours.kept(written) == kept


@pytest.mark.parametrize(
    "written", ["", "上午", "周一 9:00", "周一 12:00-09:00", "周一 9:00-12:00、11:00-13:00", "周一 9:00-25:00", "周一 9:75-10:00",
                "周八 9:00-10:00", "周一 9:00-10:00；周一 11:00-12:00"]
)  # fmt: skip
def test_what_names_no_hours_is_refused(written: str) -> None:
    with pytest.raises(InvalidInput):
        hours.kept(written)


def test_holidays_close_and_days_worked_to_make_up_open() -> None:
    assert hours.on_day(HALL, "WORKING_DAYS", (), FRIDAY, CALENDAR) == ()
    assert hours.on_day(HALL, "EVERY_DAY", (), FRIDAY, CALENDAR) == ((510, 720), (840, 1050))
    assert hours.on_day(HALL, "WORKING_DAYS", (), FRIDAY, None) == ((510, 720), (840, 1050))
    # Saturday has hours of its own, Sunday that is worked has Monday's.
    assert hours.on_day(HALL, "WORKING_DAYS", (), SATURDAY, CALENDAR) == ((540, 720),)
    assert hours.on_day(HALL, "WORKING_DAYS", (), SUNDAY, CALENDAR) == ((510, 720), (840, 1050))


def test_what_differs_goes_first_and_ends_before_its_last_day() -> None:
    shut = [
        Differing(date(2026, 5, 4), date(2026, 5, 6), ""),
        Differing(date(2026, 5, 6), date(2026, 5, 7), "3 10:00-11:00"),
    ]
    opened = [hours.on_day(HALL, "EVERY_DAY", shut, date(2026, 5, day), None) for day in (4, 5, 6, 7)]
    assert opened == [(), (), ((600, 660),), ((510, 720), (840, 1050))]


def test_when_it_opens_next() -> None:
    assert hours.next_opening(HALL, "EVERY_DAY", (), date(2026, 5, 7), 600, None) == (date(2026, 5, 7), 840)
    assert hours.next_opening(HALL, "EVERY_DAY", (), SATURDAY, 720, None) == (date(2026, 5, 11), 510)
    away = [Differing(date(2026, 5, 1), date(2026, 6, 1), "")]
    assert hours.next_opening(HALL, "EVERY_DAY", away, date(2026, 5, 7), 600, None) is None


@pytest.fixture
def county() -> None:
    drawing.offices()
    make.county()


@pytest.mark.django_db
def test_an_exception_is_set_shown_and_lifted(county: None) -> None:
    made = actions.set_exception(
        code="P0", from_on=ON, to_on=date(2026, 3, 4), hours_text="", reason="盘点", actor=HEAD, at=AT
    )
    shown = queries.outlet(Scope.of(HEAD), "P0", on=ON)
    assert [(one.id, one.hours, one.reason) for one in shown.exceptions] == [(made, "", "盘点")]
    assert queries.open_on_day(shown, ON, None) == ()
    assert queries.opening_next(shown, ON, 0, None) == (date(2026, 3, 4), 510)
    with pytest.raises(InvalidInput, match="already"):
        actions.set_exception(
            code="P0", from_on=ON, to_on=date(2026, 3, 3), hours_text="", reason="x", actor=HEAD, at=AT
        )
    with pytest.raises(NotFound):
        actions.lift_exception(exception=made, actor=EAST, at=AT)
    actions.lift_exception(exception=made, actor=HEAD, at=AT)
    with pytest.raises(Conflict):
        actions.lift_exception(exception=made, actor=HEAD, at=AT)
    assert queries.open_on_day(queries.outlet(Scope.of(HEAD), "P0", on=ON), ON, None) == ((510, 720), (840, 1050))


@pytest.mark.django_db
def test_closing_ends_it_for_everybody_and_is_refused_to_others(county: None) -> None:
    day = date(2026, 4, 1)
    for actor, refusal in ((EAST, NotFound), (READER, NotAllowed)):
        with pytest.raises(refusal):
            actions.close(code="P0", on=day, reason="搬迁", actor=actor, at=AT)
    with pytest.raises(InvalidInput):
        actions.close(code="P0", on=date(2026, 3, 1), reason="搬迁", actor=HEAD, at=AT)
    actions.close(code="P0", on=day, reason="搬迁", actor=HEAD, at=AT)
    assert [one.code for one in queries.public_outlets(on=date(2026, 3, 31))] == ["P0", "P1"]
    assert [one.code for one in queries.public_outlets(on=day)] == ["P1"]
    with pytest.raises(OutletClosed):
        actions.set_exception(
            code="P0", from_on=date(2026, 5, 1), to_on=date(2026, 5, 2), hours_text="", reason="x", actor=HEAD,
            at=datetime(2026, 4, 1, 1, 0, tzinfo=UTC),
        )  # fmt: skip
