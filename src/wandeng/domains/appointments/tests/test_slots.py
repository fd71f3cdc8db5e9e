"""Slots: by the days of the week and the calendar, never double, withdrawn when the opening ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.appointments import checks, rules
from wandeng.domains.appointments.actions import places, slots
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.models import OpeningPattern, ServicePlace, ServiceSlot
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import OpeningOverlaps, SlotClosed
from wandeng.domains.notices.models import Notice
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.usefixtures("county")
FULL = "12345"


def test_a_place_has_its_slots_on_the_working_days_ahead() -> None:
    make.hall()
    # Monday 12 October to Sunday 25: ten working days of four half hours each.
    assert ServiceSlot.objects.count() == 10 * 4
    assert set(ServiceSlot.objects.values_list("capacity", "state", "booked")) == {(2, "OPEN", 0)}
    assert not [day for day in ServiceSlot.objects.values_list("on", flat=True) if day.isoweekday() > 5]


def test_made_again_nothing_is_made() -> None:
    make.hall()
    assert slots.open_ahead(on=make.TODAY, library=make.rules()) == 0
    assert slots.open_ahead(on=make.TODAY + timedelta(days=1), library=make.rules()) == 4  # Monday the 26th
    assert checks.faults() == []
    first = make.slot()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceSlot.objects.create(
            id=99_999, place=first.place, unit=first.unit, on=first.on, starts_at=first.starts_at, ends_at=first.ends_at,
            capacity=1,
        )  # fmt: skip


@pytest.mark.parametrize(
    "day, weekdays, open_on, is_open",
    [
        (date(2026, 10, 1), FULL, "WORKING_DAYS", False),  # a Thursday, National Day
        (date(2026, 10, 1), FULL, "EVERY_DAY", True),
        (date(2026, 10, 10), FULL, "WORKING_DAYS", True),  # a Saturday that is worked to make up
        (date(2026, 10, 10), "3", "WORKING_DAYS", False),  # who is open on Wednesdays is not open for it
        (date(2026, 10, 10), FULL, "EVERY_DAY", False),
        (date(2026, 10, 14), "3", "WORKING_DAYS", True),
    ],
)
def test_holidays_are_left_out_and_make_up_days_belong_to_the_whole_week(
    day: date, weekdays: str, open_on: str, is_open: bool
) -> None:
    calendar = rules.calendar_for(make.rules(), day, day, "hunan")
    assert rules.is_open_on(day, weekdays=weekdays, open_on=open_on, calendar=calendar) is is_open


def test_no_two_openings_hold_at_the_same_hours() -> None:
    make.hall()
    at_noon = Opening(make.TODAY, FULL, 10 * 60 + 30, 12 * 60, 30, 1)
    with pytest.raises(OpeningOverlaps):
        _open(at_noon)
    assert _open(Opening(make.TODAY, FULL, 11 * 60, 12 * 60, 30, 1)).slots == 20
    assert _open(Opening(make.TODAY, "67", 9 * 60, 11 * 60, 60, 1, "EVERY_DAY")).slots == 8
    assert checks.faults() == []


@pytest.mark.parametrize(
    "wrong",
    [
        Opening(make.TODAY, "", 540, 660, 30, 1),
        Opening(make.TODAY, "8", 540, 660, 30, 1),
        Opening(make.TODAY, FULL, 660, 540, 30, 1),
        Opening(make.TODAY, FULL, 540, 600, 90, 1),
        Opening(make.TODAY, FULL, 540, 660, 30, 0),
        Opening(make.TODAY, FULL, 540, 660, 30, 1, "SOMETIMES"),
        Opening(make.TODAY - timedelta(days=1), FULL, 540, 660, 30, 1),
        Opening(make.TODAY, FULL, 540, 660, 30, 1, valid_to=make.TODAY),
    ],
)
def test_an_opening_that_is_none_is_refused(wrong: Opening) -> None:
    make.hall()
    with pytest.raises(InvalidInput):
        _open(wrong)


def test_the_end_of_an_opening_withdraws_its_slots_and_keeps_those_with_appointments() -> None:
    make.hall()
    make.book(make.slot(4))  # Tuesday, 09:00
    pattern = OpeningPattern.objects.get()
    done = places.end(
        code="H1", pattern_id=pattern.pk, on=date(2026, 10, 13), reason="改为每周三开放", actor=make.actor("COUNTY_MANAGER"),
        at=make.NOW,
    )  # fmt: skip
    assert (done.withdrawn, done.kept) == (35, 1)
    assert ServiceSlot.objects.count() == 5
    assert ServiceSlot.objects.get(on__gte=date(2026, 10, 13)).state == "CLOSED"
    assert slots.open_ahead(on=make.TODAY, library=make.rules()) == 0


def test_closing_a_day_tells_everybody_who_booked() -> None:
    make.hall()
    first, other = make.book(make.slot(4)), make.book(make.slot(5), make.visitor(), key="k2")
    done = slots.close_day(
        code="H1", on=date(2026, 10, 13), reason="停电检修", actor=make.actor("COUNTY_MANAGER"), at=make.NOW, library=make.rules()
    )  # fmt: skip
    assert (done.slots, done.told) == (4, 2)
    assert {make.row(one.number).state for one in (first, other)} == {"CANCELLED"}
    assert {make.row(one.number).side for one in (first, other)} == {"US"}
    told = Notice.objects.get(key=f"appointment:{first.number}:CANCELLED").recipients.get()
    assert "停电检修" in told.slots
    assert make.row(other.number).tellings.get(what="CANCELLED").state == "TO_CALL"
    assert checks.faults() == []


def test_a_slot_is_closed_once_and_can_be_opened_again() -> None:
    make.hall()
    actor = make.actor("COUNTY_MANAGER")
    slot = make.slot(4)
    slots.close_slot(slot_id=slot.pk, reason="无人值守", actor=actor, at=make.NOW, library=make.rules())
    with pytest.raises(SlotClosed):
        slots.close_slot(slot_id=slot.pk, reason="无人值守", actor=actor, at=make.NOW, library=make.rules())
    slots.open_slot(slot_id=slot.pk, actor=actor, at=make.NOW)
    assert make.book(make.slot(4)).state == "BOOKED"


def test_the_register_is_kept_by_who_directs() -> None:
    with pytest.raises(NotAllowed):
        places.add(
            code="H2", name="厅", kind="HALL", unit_code="c01", address="x", actor=make.actor("HALL_CLERK"), at=make.NOW
        )
    with pytest.raises(NotFound):
        places.add(
            code="H2", name="厅", kind="HALL", unit_code="c02", address="x", actor=make.actor("COUNTY_MANAGER"), at=make.NOW
        )  # fmt: skip
    with pytest.raises(InvalidInput, match="has an address"):
        places.add(code="H2", name="厅", kind="HALL", unit_code="c01", actor=make.actor("COUNTY_MANAGER"), at=make.NOW)
    assert not ServicePlace.objects.exists()


def _open(opening: Opening) -> places.OpenedSlots:
    return places.open_(
        code="H1", opening=opening, actor=make.actor("COUNTY_MANAGER"), at=make.NOW, library=make.rules()
    )  # fmt: skip
