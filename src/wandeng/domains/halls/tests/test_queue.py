"""The queue of a hall: numbers, who is next and why, the walk of a ticket, waiting against the limit, and who may do what."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connections

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.halls.models import HallDay, HallWork, KioskKey, QueueTicket
from wandeng.domains.halls.tests.make import CALLS, CLERK, EAST, HALL, NINE, SECOND, called, minute, opened, taken
from wandeng.domains.halls.types import (
    CounterBusy,
    CounterClosed,
    KioskUnknown,
    NobodyWaits,
    TooManyTickets,
    WaitingFigures,
)
from wandeng.domains.network.tests import make as drawing
from wandeng.domains.outlets.tests import make
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
EVERYWHERE = Scope.everywhere()


@pytest.fixture(autouse=True)
def county() -> None:
    drawing.offices()
    make.county()


def test_numbers_run_by_purpose_and_local_day() -> None:
    made = [taken(0), taken(1, purpose="BUSINESS"), taken(2), taken(16 * 60)]
    shown = [queries.ticket(EVERYWHERE, one, now=minute(16 * 60)) for one in made]
    assert [one.label for one in shown] == ["A001", "B001", "A002", "A001"]
    assert shown[3].on == date(2026, 3, 3)
    QueueTicket.objects.filter(pk=made[3]).update(number=actions.MOST_NUMBERS)
    with pytest.raises(TooManyTickets):
        taken(16 * 60 + 1)


def test_who_has_priority_goes_first_but_not_forever() -> None:
    opened()
    for after, priority in ((0, ""), (1, ""), (2, "ELDERLY"), (3, "PREGNANT"), (4, "SOLDIER"), (5, "ELDERLY")):
        taken(after, priority)
    told = [(one.ticket.label, one.why.value) for one in queries.hall(EVERYWHERE, HALL, now=minute(6)).queue]
    assert told == [
        ("A003", "PRIORITY"), ("A004", "PRIORITY"), ("A005", "PRIORITY"), ("A001", "TURN"), ("A006", "PRIORITY"),
        ("A002", "FIRST_COME"),
    ]  # fmt: skip
    # What was told is what happens, call by call.
    assert [called(6 + place) for place in range(6)] == told
    with pytest.raises(NobodyWaits):
        called(20)


def test_beyond_the_limit_is_said() -> None:
    opened()
    taken(0)
    taken(1)
    # Twenty minutes are within the limit, a minute more is beyond it.
    assert called(20) == ("A001", "FIRST_COME")
    assert called(22) == ("A002", "OVER_LIMIT")


def test_an_appointment_goes_first_at_its_time_only() -> None:
    opened()
    taken(0)
    taken(1, "ELDERLY")
    taken(2, due=30)
    assert [one.ticket.label for one in queries.hall(EVERYWHERE, HALL, now=minute(24)).queue] == [
        "A002",
        "A001",
        "A003",
    ]
    taken(46, due=30)
    now = queries.hall(EVERYWHERE, HALL, now=minute(46)).queue
    # Sixteen minutes late is as they come.
    assert [(one.ticket.label, one.why.value) for one in now] == [
        ("A003", "APPOINTMENT"), ("A002", "PRIORITY"), ("A001", "OVER_LIMIT"), ("A004", "FIRST_COME"),
    ]  # fmt: skip


def test_who_needs_the_accessible_counter_waits_for_it_while_it_is_open() -> None:
    opened("3")
    taken(0, "DISABLED")
    taken(1)
    opened("1", SECOND, accessible=True)
    assert called(2) == ("A002", "FIRST_COME")
    with pytest.raises(NobodyWaits):
        called(3)
    actions.close_counter(outlet_code=HALL, counter="1", actor=SECOND, at=minute(3))
    assert called(4) == ("A001", "PRIORITY")


def test_a_ticket_walks_its_states() -> None:
    one = taken(0)
    with pytest.raises(CounterClosed):
        actions.call_next(outlet_code=HALL, counter="3", actor=CLERK, at=minute(1))
    with pytest.raises(MoveRefused):
        actions.done(ticket=one, actor=CLERK, at=minute(1))
    opened()
    opened("4", SECOND)
    actions.call_next(outlet_code=HALL, counter="3", actor=CLERK, at=minute(2))
    taken(3)
    with pytest.raises(CounterBusy):
        actions.call_next(outlet_code=HALL, counter="3", actor=CLERK, at=minute(3))
    actions.no_show(ticket=one, actor=CLERK, at=minute(4))
    assert [row.id for row in queries.hall(EVERYWHERE, HALL, now=minute(4)).missed] == [one]
    actions.recall(ticket=one, actor=CLERK, at=minute(5))
    at_counter = queries.hall(EVERYWHERE, HALL, now=minute(6)).counters[0].ticket
    assert at_counter is not None
    assert (at_counter.label, at_counter.calls, at_counter.waited_seconds) == ("A001", 2, 120)
    with pytest.raises(InvalidInput, match="another counter"):
        actions.transfer(ticket=one, counter="3", actor=CLERK, at=minute(6))
    with pytest.raises(CounterClosed):
        actions.transfer(ticket=one, counter="9", actor=CLERK, at=minute(6))
    actions.transfer(ticket=one, counter="4", actor=CLERK, at=minute(6))
    assert called(7) == ("A002", "FIRST_COME")  # who was handed on is not called back
    assert called(8, "4", SECOND) == ("A001", "TRANSFERRED")
    with pytest.raises(MoveRefused):
        actions.leave(ticket=one, actor=CLERK, at=minute(10))
    found = queries.ticket(EVERYWHERE, one, now=minute(60))
    assert (found.state, found.clerk, found.calls, found.waited_seconds) == ("SERVED", "hall-2", 3, 120)


def test_a_counter_is_one_persons_until_it_is_closed_or_the_day_is_over() -> None:
    opened()
    opened()
    with pytest.raises(CounterBusy):
        opened("3", SECOND)
    taken(0)
    actions.call_next(outlet_code=HALL, counter="3", actor=CLERK, at=minute(1))
    with pytest.raises(CounterBusy):
        actions.close_counter(outlet_code=HALL, counter="3", actor=CLERK, at=minute(2))
    tomorrow = minute(24 * 60)
    actions.open_counter(outlet_code=HALL, counter="3", is_accessible=False, actor=SECOND, at=tomorrow)
    found = queries.hall(EVERYWHERE, HALL, now=tomorrow)
    assert [(one.code, one.clerk, one.ticket) for one in found.counters] == [("3", "hall-2", None)]
    with pytest.raises(NotFound):
        actions.close_counter(outlet_code=HALL, counter="8", actor=CLERK, at=tomorrow)


def test_waiting_is_told_by_hour_against_the_limit() -> None:
    opened()
    for after in (0, 0, 1, 2):
        taken(after)
    gone = taken(3)
    taken(61)
    for after in (5, 10, 20, 42):
        called(after)
    actions.leave(ticket=gone, actor=CLERK, at=minute(43))
    whole, nine, ten = queries.figures(EVERYWHERE, from_on=date(2026, 3, 2), to_on=date(2026, 3, 3))
    assert nine == WaitingFigures("P0", "网点P0", 9, 5, 4, 1, 3, 19 * 60, 40 * 60, 40 * 60)
    assert ten == WaitingFigures("P0", "网点P0", 10, 1, 0, 0, 0, None, None, None)
    assert (whole.hour, whole.taken, whole.within, whole.p50_seconds) == (None, 6, 3, 19 * 60)
    assert queries.figures(EVERYWHERE, from_on=date(2026, 3, 3), to_on=date(2026, 3, 4)) == ()
    assert queries.figures(Scope.of(EAST), from_on=date(2026, 3, 2), to_on=date(2026, 3, 3)) == ()


def test_a_kiosk_takes_numbers_by_its_key_until_it_is_renewed() -> None:
    first = actions.renew_kiosk(outlet_code=HALL, actor=CLERK, at=NINE)
    made = actions.take_at_kiosk(
        token=first, wanted=TicketWanted("PAY", "ELDERLY", "no-such", "13800001234"), at=minute(1)
    )
    found = queries.ticket(EVERYWHERE, made, now=minute(2))
    assert (found.label, found.phone, found.account_number) == ("A001", "138****1234", "")
    assert "13800001234" not in QueueTicket.objects.get(pk=made).phone_sealed
    assert first not in KioskKey.objects.get().token_hash
    actions.renew_kiosk(outlet_code=HALL, actor=CLERK, at=minute(3))
    for token in (first, "", "x"):
        with pytest.raises(KioskUnknown):
            actions.take_at_kiosk(token=token, wanted=TicketWanted("PAY"), at=minute(4))


def test_only_halls_and_only_their_own_clerks() -> None:
    one = taken(0)
    with pytest.raises(NotFound):
        actions.take(outlet_code=HALL, wanted=TicketWanted("PAY"), actor=EAST, at=NINE)
    for act in (actions.leave, actions.recall, actions.no_show, actions.done):
        with pytest.raises(NotFound):
            act(ticket=one, actor=EAST, at=NINE)
    with pytest.raises(NotFound):
        queries.hall(Scope.of(EAST), HALL, now=NINE)
    with pytest.raises(NotFound):
        actions.renew_kiosk(outlet_code=HALL, actor=EAST, at=NINE)
    assert list(queries.halls_rows(Scope.of(EAST), on=NINE.date())) == []
    assert [(row["code"], row["waiting"]) for row in queries.halls_rows(EVERYWHERE, on=NINE.date())] == [("P0", 1)]
    with pytest.raises(NotAllowed):
        actions.open_counter(outlet_code=HALL, counter="1", is_accessible=False, actor=CALLS, at=NINE)
    with pytest.raises(InvalidInput, match="no hall"):
        actions.take(outlet_code="P1", wanted=TicketWanted("PAY"), actor=CLERK, at=NINE)
    for wanted in (TicketWanted("PAY", "FRIEND"), TicketWanted("TEA"), TicketWanted("PAY", phone="12ab")):
        with pytest.raises(InvalidInput):
            actions.take(outlet_code=HALL, wanted=wanted, actor=CLERK, at=NINE)
    with pytest.raises(NotFound):
        taken(0, account="no-such")
    with pytest.raises(InvalidInput, match="which counter"):
        actions.call_next(outlet_code=HALL, counter=" ", actor=CLERK, at=NINE)
    assert not CustomerAccount.objects.exists()
    assert not HallWork.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_clerks_who_call_at_once_never_get_the_same_ticket() -> None:
    waiting = [taken(0) for _one in range(6)]
    clerks = [CLERK, SECOND] * 3
    for place, clerk in enumerate(clerks):
        opened(str(place), clerk)
    gate, got = threading.Barrier(len(clerks), timeout=10), list[int]()

    def call(place: int) -> None:
        try:
            gate.wait()
            found = actions.call_next(outlet_code=HALL, counter=str(place), actor=clerks[place], at=minute(1))
            got.append(found.ticket.id)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call, args=(place,)) for place in range(len(clerks))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(got) == waiting
    assert HallDay.objects.count() == 1
