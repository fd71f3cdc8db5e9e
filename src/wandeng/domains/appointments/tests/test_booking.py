"""Booking: the last place is one person's, also when two ask at once; booking again; cancelling; what the case says."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from wandeng.domains.appointments import checks
from wandeng.domains.appointments.actions import booking, outcome, revealing
from wandeng.domains.appointments.models import Appointment, AppointmentTelling, ServiceSlot
from wandeng.domains.appointments.queries import agreed, one
from wandeng.domains.appointments.tests import make
from wandeng.domains.appointments.types import AlreadyBooked, SlotClosed, SlotFull, TooEarly, Wanted
from wandeng.domains.cases.actions import intake
from wandeng.domains.cases.models import CaseEntry
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter
from wandeng.domains.notices.models import Notice
from wandeng.infra.models import Event, Operation
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound


@pytest.fixture
def hall(county: None) -> None:
    make.hall()


@pytest.mark.usefixtures("hall")
def test_who_books_is_told_and_will_be_reminded_twice() -> None:
    booked = make.book(make.slot(4))  # Tuesday, 09:00; a day and an hour before it are both ahead
    assert booked.where == "城关营业厅（解放路1号）"
    assert ServiceSlot.objects.get(pk=make.slot(4).pk).booked == 1
    notice = Notice.objects.get()
    assert notice.key == f"appointment:{booked.number}:BOOKED"
    assert "10月13日09:00–09:30" in notice.recipients.get().slots
    due = dict(AppointmentTelling.objects.values_list("what", "due_at"))
    start = make.slot(4).starts_at
    assert due == {
        "BOOKED": make.NOW,
        "DAY_BEFORE": start - timedelta(days=1),
        "HOUR_BEFORE": start - timedelta(hours=1),
    }
    assert Event.objects.filter(name="appointments.booked").count() == 1


@pytest.mark.usefixtures("hall")
def test_a_reminder_whose_time_has_passed_is_none() -> None:
    booked = make.book(make.slot(1), at=make.after(5))  # today 09:30, booked at 08:05
    assert set(make.row(booked.number).tellings.values_list("what", flat=True)) == {"BOOKED", "HOUR_BEFORE"}


@pytest.mark.usefixtures("hall")
def test_the_last_place_is_had_once() -> None:
    slot = make.slot(4)
    make.book(slot)
    make.book(slot, make.visitor(), key="k2")
    with pytest.raises(SlotFull):
        make.book(slot, make.visitor("王五", "13900000002"), key="k3")
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_the_same_key_books_once() -> None:
    slot = make.slot(4)
    first, again = make.book(slot), make.book(slot)
    assert (first.number, True, False) == (again.number, first.is_new, again.is_new)
    assert ServiceSlot.objects.get(pk=slot.pk).booked == 1


@pytest.mark.usefixtures("hall")
def test_what_begins_too_soon_or_is_over_is_not_booked() -> None:
    with pytest.raises(SlotClosed):
        make.book(make.slot(0), at=make.after(31))  # 08:31 for 09:00: half an hour is needed
    assert make.book(make.slot(0), at=make.after(30)).state == "BOOKED"


@pytest.mark.usefixtures("hall")
def test_nobody_hoards_slots() -> None:
    make.book(make.slot(4), key="a")
    with pytest.raises(AlreadyBooked):
        make.book(make.slot(4), key="b")
    make.book(make.slot(5), key="b")
    make.book(make.slot(6), key="c")
    with pytest.raises(AlreadyBooked, match="3 appointments"):
        make.book(make.slot(7), key="d")
    assert ServiceSlot.objects.get(pk=make.slot(7).pk).booked == 0


@pytest.mark.usefixtures("hall")
@pytest.mark.parametrize(
    "wanted, refusal",
    [
        (Wanted("ENQUIRY"), InvalidInput),
        (Wanted("ENQUIRY", visitor="李四"), InvalidInput),
        (Wanted("ENQUIRY", visitor="李四", phone="abc"), InvalidInput),
        (Wanted("NOTHING", account_number=make.ACCOUNT), InvalidInput),
        (Wanted("ENQUIRY", account_number="9999999999"), NotFound),
        (Wanted("ENQUIRY", account_number=make.ACCOUNT, case="9"), NotFound),
    ],
)
def test_a_booking_names_somebody_and_something_there_is(wanted: Wanted, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make.book(make.slot(4), wanted)
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_only_who_meets_customers_books() -> None:
    with pytest.raises(NotAllowed):
        make.book(make.slot(4), role="AUDITOR")


@pytest.mark.usefixtures("hall")
def test_who_has_no_account_leaves_a_number_that_is_sealed_and_shown_for_a_reason() -> None:
    booked = make.book(make.slot(4), make.visitor(phone="139-0000-0001"))
    row = make.row(booked.number)
    assert "13900000001" not in str(row.__dict__)
    shown = one.appointment(Scope("c01/"), booked.number, library=make.rules(), now=make.NOW)
    assert (shown.name, shown.phone) == ("李四", "139****0001")
    with pytest.raises(InvalidInput):
        revealing.reveal(number=booked.number, reason=" ", actor=make.actor("HALL_CLERK"), at=make.NOW)
    clear = revealing.reveal(number=booked.number, reason="改期", actor=make.actor("HALL_CLERK"), at=make.NOW)
    assert clear == "13900000001"
    assert Operation.objects.get(action="appointment.reveal").reason == "改期"


@pytest.mark.usefixtures("hall")
def test_booking_again_gives_the_place_back_and_follows() -> None:
    first = make.book(make.slot(4))
    second = _rebook(first.number, 5)
    assert make.row(first.number).state == "REBOOKED"
    assert make.row(second.number).follows.number == first.number  # type: ignore[union-attr]
    assert [make.slot(place).booked for place in (4, 5)] == [0, 1]
    with pytest.raises(Conflict):
        _rebook(first.number, 6, key="k9")
    assert _rebook(first.number, 5).number == second.number  # the same key, told twice
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_where_the_new_slot_is_full_the_old_one_is_kept() -> None:
    first = make.book(make.slot(4))
    for place, name in enumerate(("甲", "乙")):
        make.book(make.slot(5), make.visitor(name, f"1390000010{place}"), key=name)
    with pytest.raises(SlotFull):
        _rebook(first.number, 5)
    assert make.row(first.number).state == "BOOKED"
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_cancelled_is_told_and_can_be_booked_again() -> None:
    first = make.book(make.slot(4))
    booking.cancel(
        number=first.number, reason="临时有事", side="CUSTOMER", actor=make.actor("CALL_CLERK"), at=make.NOW, library=make.rules()
    )  # fmt: skip
    assert make.slot(4).booked == 0
    assert set(make.row(first.number).tellings.values_list("what", "state")) == {
        ("BOOKED", "TOLD"), ("DAY_BEFORE", "DROPPED"), ("HOUR_BEFORE", "DROPPED"), ("CANCELLED", "TOLD"),
    }  # fmt: skip
    with pytest.raises(MoveRefused):
        booking.cancel(
            number=first.number, reason="再来", side="CUSTOMER", actor=make.actor("CALL_CLERK"), at=make.NOW, library=make.rules()
        )  # fmt: skip
    assert _rebook(first.number, 5).state == "BOOKED"
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_kept_and_missed_are_marked_when_their_time_has_come() -> None:
    first, second = make.book(make.slot(4)), make.book(make.slot(5), key="k2")
    clerk, tuesday = make.actor("HALL_CLERK"), make.after(24 * 60)
    with pytest.raises(TooEarly):
        outcome.keep(number=first.number, actor=clerk, at=make.NOW)
    with pytest.raises(TooEarly):
        outcome.customer_missed(number=second.number, reason="未到", actor=clerk, at=tuesday)
    assert outcome.keep(number=first.number, actor=clerk, at=tuesday).state == "KEPT"
    late = tuesday + timedelta(hours=3)
    with pytest.raises(InvalidInput):
        outcome.customer_missed(number=second.number, reason="", actor=clerk, at=late)
    outcome.customer_missed(number=second.number, reason="未到", actor=clerk, at=late)
    assert make.slot(5).booked == 1  # nobody else could have had it
    with pytest.raises(NotAllowed):
        outcome.take_back(number=second.number, reason="客户其实来过", actor=clerk, at=late)
    outcome.take_back(number=second.number, reason="客户其实来过", actor=make.actor("COUNTY_MANAGER"), at=late)
    outcome.keep(number=second.number, actor=clerk, at=late)
    assert checks.faults() == []


@pytest.mark.usefixtures("hall")
def test_missed_by_us_is_told_with_our_apology() -> None:
    first = make.book(make.slot(4))
    outcome.we_missed(
        number=first.number, reason="系统故障", actor=make.actor("HALL_CLERK"), at=make.after(27 * 60), library=make.rules()
    )  # fmt: skip
    assert Notice.objects.filter(key=f"appointment:{first.number}:MISSED_BY_US").count() == 1
    assert make.row(first.number).side == "US"


@pytest.mark.usefixtures("hall")
def test_the_case_says_what_was_agreed_and_what_came_of_it() -> None:
    charter = Charter.current()
    number = cases.open_fault(charter, at=make.NOW).number
    booked = make.book(make.slot(4), Wanted("SURVEY", case=number))
    assert make.row(booked.number).account_id is not None  # the account of the case
    assert agreed.agreed_times([number], now=make.NOW)[number].starts_at == make.slot(4).starts_at
    outcome.keep(number=booked.number, actor=make.actor("CELL_MANAGER"), at=make.after(25 * 60))
    notes = list(
        CaseEntry.objects.filter(case__number=number, kind="NOTED").order_by("place").values_list("note", flat=True)
    )
    assert [text.partition("（")[0] for text in notes] == ["已预约", "预约已履约"]
    assert agreed.agreed_times([number], now=make.NOW) == {}


@pytest.mark.usefixtures("hall")
def test_the_number_of_a_confidential_case_stands_beside_no_appointment() -> None:
    charter = Charter.current()
    request = cases.Request(
        "report", "PHONE_95598", {"MATTER": "有人窃电", "PHONE": "13812345678"}, unit_code="c01", is_confidential=True
    )  # fmt: skip
    number = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number
    booked = make.book(make.slot(4), Wanted("ENQUIRY", account_number=make.ACCOUNT, case=number))
    assert one.appointment(Scope("c01/"), booked.number, library=make.rules(), now=make.NOW).case_number == ""


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_the_last_place_one_gets_it() -> None:
    cases.county()
    make.hall(capacity=1)
    slot, gate = make.slot(4), threading.Barrier(4)
    outcomes: list[str] = []

    def clerk(place: int) -> None:
        try:
            gate.wait()
            make.book(slot, make.visitor(f"客户{place}", f"1390000020{place}"), key=f"c{place}")
            outcomes.append("had")
        except SlotFull:
            outcomes.append("full")
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=clerk, args=(place,)) for place in range(4)]
    for each in clerks:
        each.start()
    for each in clerks:
        each.join()
    assert sorted(outcomes) == ["full", "full", "full", "had"]
    assert Appointment.objects.count() == ServiceSlot.objects.get(pk=slot.pk).booked == 1
    assert checks.faults() == []


def _rebook(number: str, place: int, *, key: str = "k2") -> booking.Booked:
    return booking.rebook(
        number=number, slot_id=make.slot(place).pk, reason="客户改时间", side="CUSTOMER", actor=make.actor("CALL_CLERK"),
        at=make.NOW, library=make.rules(), key=key,
    )  # fmt: skip
