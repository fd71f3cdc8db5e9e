"""Halls and appointments: who booked goes first at the time, and being served keeps the appointment; what was made is kept with it."""

from __future__ import annotations

import pytest
from tests.kits import bill_world as world

from wandeng.domains.appointments.tests import make as booked
from wandeng.domains.cases.actions import intake
from wandeng.domains.cases.tests import make as cases
from wandeng.domains.cases.types import Charter, Request
from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.domains.halls.types import NextTicket
from wandeng.domains.organization.models import Unit
from wandeng.domains.outlets.tests import make as outlets
from wandeng.flows import hall_queue
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db
CLERK = Actor("hall_clerk", unit_path=f"{world.UNIT}/", roles=frozenset({"HALL_CLERK"}))
EVERYWHERE = Scope.everywhere()


@pytest.fixture(autouse=True)
def hall() -> None:
    cases.county()
    booked.hall()
    unit = Unit.objects.get(code="c01")
    for code in ("H1", "H2"):
        outlets.outlet(code, unit, 0, "PAY,BUSINESS", kind="HALL")
    actions.open_counter(outlet_code="H1", counter="1", is_accessible=False, actor=CLERK, at=booked.NOW)


def take(appointment: str = "", *, hall: str = "H1", after: int = 0) -> int:
    wanted = TicketWanted("BUSINESS", appointment=appointment)
    return hall_queue.take(outlet_code=hall, wanted=wanted, actor=CLERK, at=booked.after(after))


def call(after: int) -> NextTicket:
    return actions.call_next(outlet_code="H1", counter="1", actor=CLERK, at=booked.after(after))


def test_who_booked_goes_first_at_the_time_and_keeps_the_appointment() -> None:
    number = booked.book(booked.slot()).number  # 09:00, an hour after NOW
    take(after=50)
    mine = take(number, after=51)
    shown = queries.ticket(EVERYWHERE, mine, now=booked.after(51))
    assert (shown.account_number, shown.due_at) == (booked.ACCOUNT, booked.slot().starts_at)
    with pytest.raises(InvalidInput, match="already"):
        take(number, after=52)
    found = call(56)
    assert (found.ticket.id, found.why.value) == (mine, "APPOINTMENT")
    asked = Request("fault_repair", "PHONE_95598", cases.FAULT, account_number=booked.ACCOUNT)
    case = intake.open_case(request=asked, actor=CLERK, at=booked.after(58), charter=Charter.current()).number
    hall_queue.done(ticket=mine, actor=CLERK, at=booked.after(60))
    assert booked.row(number).state == "KEPT"
    work = queries.ticket(EVERYWHERE, mine, now=booked.after(60)).work
    assert [(one.kind, one.number) for one in work] == [("CASE", case)]
    other = call(61).ticket.id
    hall_queue.done(ticket=other, actor=CLERK, at=booked.after(62))
    assert queries.ticket(EVERYWHERE, other, now=booked.after(62)).work == ()


def test_an_appointment_elsewhere_or_of_another_day_gives_no_number() -> None:
    number = booked.book(booked.slot()).number
    with pytest.raises(InvalidInput, match="no such appointment"):
        take(number, hall="H2")
    with pytest.raises(InvalidInput, match="no such appointment"):
        take(number, after=24 * 60)
    with pytest.raises(NotFound):
        take("YY-none")
    token = actions.renew_kiosk(outlet_code="H1", actor=CLERK, at=booked.NOW)
    with pytest.raises(InvalidInput, match="no such appointment"):
        hall_queue.take_at_kiosk(token=token, wanted=TicketWanted("PAY", appointment="YY-none"), at=booked.NOW)
    made = hall_queue.take_at_kiosk(token=token, wanted=TicketWanted("PAY", appointment=number), at=booked.NOW)
    assert queries.ticket(EVERYWHERE, made, now=booked.NOW).due_at == booked.slot().starts_at
