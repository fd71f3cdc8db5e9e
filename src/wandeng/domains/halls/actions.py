"""What is done in a hall: open a counter, take a ticket, call the next, call again, miss, serve, hand over, leave; renew a kiosk's key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from wandeng.domains.cases.queries import rows as cases
from wandeng.domains.customers.queries import accounts as customers
from wandeng.domains.halls import queries, rules
from wandeng.domains.halls.models import HallCounter, HallDay, HallWork, KioskKey, QueueTicket
from wandeng.domains.halls.states import TICKET
from wandeng.domains.halls.types import (
    PHONE_COLUMN,
    CounterBusy,
    CounterClosed,
    HallWorkKind,
    NextTicket,
    NobodyWaits,
    TicketPriority,
    TicketPurpose,
    TooManyTickets,
)
from wandeng.domains.organization import queries as organization
from wandeng.domains.outlets import queries as outlets
from wandeng.domains.outlets.types import OutletKind, OutletShown
from wandeng.domains.payments.queries import receipts
from wandeng.infra import audit, pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.tokens import digest
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

SERVERS = ("HALL_CLERK", "CELL_MANAGER", "COUNTY_MANAGER")
MOST_NUMBERS = 999
"""Of one purpose and day: three digits."""


@dataclass(frozen=True, slots=True)
class TicketWanted:
    """What somebody takes a number for: ``purpose`` one of :class:`TicketPurpose`, ``priority`` of :class:`TicketPriority` or empty."""

    purpose: str
    priority: str = ""
    account_number: str = ""
    phone: str = ""
    appointment: str = ""
    due_at: datetime | None = None


@transaction.atomic
def open_counter(*, outlet_code: str, counter: str, is_accessible: bool, actor: Actor, at: datetime) -> int:
    """Open a counter for oneself; one that the same person opened today stays as it is. Returns its id.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`CounterBusy` where somebody else sits.
    """
    found, named = _hall(outlet_code, _day(at), actor), _counter_name(counter)
    open_now = HallCounter.objects.filter(outlet__code=found.code, code=named, closed_at__isnull=True)
    row = open_now.select_for_update().first()
    if row is not None and _day(row.opened_at) < _day(at):  # whoever went home yesterday without closing it
        HallCounter.objects.filter(pk=row.pk).update(closed_at=at)
        row = None
    if row is not None:
        if row.clerk != actor.code:
            raise CounterBusy(f"counter {named} is open for {row.clerk}")
        return row.pk
    outlet_id, unit_id = _ids(found)
    made = HallCounter.objects.create(
        outlet_id=outlet_id, unit_id=unit_id, code=named, clerk=actor.code, is_accessible=is_accessible, opened_at=at
    )
    _log("hall.open", found, {"counter": named}, actor, at)
    return made.pk


@transaction.atomic
def close_counter(*, outlet_code: str, counter: str, actor: Actor, at: datetime) -> None:
    """Close a counter at which nobody stands. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`CounterBusy`."""
    found, named = _hall(outlet_code, _day(at), actor), _counter_name(counter)
    row = HallCounter.objects.filter(outlet__code=found.code, code=named, closed_at__isnull=True).first()
    if row is None:
        raise NotFound(f"counter {named} is not open")
    _require_free(found.code, named, _day(at))
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    _log("hall.close", found, {"counter": named}, actor, at)


def take(
    *, outlet_code: str, wanted: TicketWanted, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> int:
    """Take a number of a hall for the local day of ``at``, for somebody who stands at the counter. Returns its id.

    Raises :class:`NotFound` for the outlet or the account, :class:`NotAllowed`, :class:`InvalidInput` for an outlet that is no hall or out
    of service, an unknown purpose or priority, no telephone number; :class:`TooManyTickets`, ``NoRuleInForce``.
    """
    found = _hall(outlet_code, _day(at), actor)
    account = customers.account(Scope.of(actor), wanted.account_number).id if wanted.account_number else None
    return _taken(found, wanted, account, at, library)


def take_at_kiosk(*, token: str, wanted: TicketWanted, at: datetime, library: RuleLibrary | None = None) -> int:
    """The same at a hall's kiosk, by the key of its address. An account that is not there is passed over in silence, so that nobody
    learns which there are. Raises as :func:`take`, and :class:`KioskUnknown`."""
    found = _in_service(queries.kiosk(token, on=_day(at)), _day(at))
    account = None
    if wanted.account_number:
        try:
            account = customers.account(Scope.everywhere(), wanted.account_number).id
        except NotFound:
            account = None
    return _taken(found, wanted, account, at, library)


@transaction.atomic
def call_next(
    *, outlet_code: str, counter: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> NextTicket:
    """Call the next ticket to a counter and say why it was the next.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`CounterClosed` where no counter is open for this person, :class:`CounterBusy`
    while somebody stands there, :class:`NobodyWaits`, ``NoRuleInForce``.
    """
    found, named, on = _hall(outlet_code, _day(at), actor), _counter_name(counter), _day(at)
    _held_day(_ids(found)[0], on)
    mine = HallCounter.objects.filter(outlet__code=found.code, code=named, clerk=actor.code, closed_at__isnull=True)
    if not mine.exists():
        raise CounterClosed(f"counter {named} is not open for {actor.code}")
    _require_free(found.code, named, on)
    queue = queries.of_outlet(found, now=at, counter=named, library=library).queue
    if not queue:
        raise NobodyWaits(f"nobody waits at {outlet_code} for counter {named}")
    one = queue[0]
    row = QueueTicket.objects.get(pk=one.ticket.id)
    first: dict[str, Any] = (
        {} if row.called_at else {"called_at": at, "waited_s": one.ticket.waited_seconds, "called_why": one.why.value}
    )
    move(
        row, TICKET, "call", actor=actor, at=at, counter=named, clerk=actor.code, wanted_counter="", calls=row.calls + 1,
        last_called_at=at, **first,
    )  # fmt: skip
    return NextTicket(queries.ticket(Scope.of(actor), row.pk, now=at), one.why)


@transaction.atomic
def recall(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Call again who was called or missed. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`; :class:`CounterBusy`
    where somebody else stands at the counter by now."""
    row = _own(ticket, actor)
    if row.state == "NO_SHOW":
        _require_free(row.day.outlet.code, row.counter, row.day.on)
    move(row, TICKET, "recall", actor=actor, at=at, calls=row.calls + 1, last_called_at=at)


@transaction.atomic
def no_show(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Mark who did not come when called (过号). Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`."""
    move(_own(ticket, actor), TICKET, "no_show", actor=actor, at=at)


@transaction.atomic
def done(*, ticket: int, actor: Actor, at: datetime) -> None:
    """End serving; cases that the clerk opened or joined this customer to, and payments the clerk took since the call are kept with the ticket.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`.
    """
    row = _own(ticket, actor)
    move(row, TICKET, "done", actor=actor, at=at, ended_at=at)
    since, everywhere = row.last_called_at or at, Scope.everywhere()
    made = cases.case_rows(everywhere).filter(opened_by=row.clerk, opened_at__gte=since, opened_at__lte=at)
    paid = receipts.payment_rows(everywhere).filter(actor=row.clerk, received_at__gte=since, received_at__lte=at)
    numbers = dict.fromkeys([*(one["number"] for one in made), *cases.joined_by(row.clerk, since=since, until=at)])
    work = [HallWork(ticket=row, kind=HallWorkKind.CASE.value, number=number) for number in numbers]
    work += [HallWork(ticket=row, kind=HallWorkKind.PAYMENT.value, number=str(one["id"])) for one in paid]
    HallWork.objects.bulk_create(work)


@transaction.atomic
def transfer(*, ticket: int, counter: str, actor: Actor, at: datetime) -> None:
    """Hand who was called to another counter that is open: next there. Raises :class:`NotFound`, :class:`NotAllowed`,
    :class:`MoveRefused`, :class:`CounterClosed`, :class:`InvalidInput` for the counter where they stand."""
    row, named = _own(ticket, actor), _counter_name(counter)
    if named == row.counter:
        raise InvalidInput("a ticket is handed to another counter")
    if not HallCounter.objects.filter(outlet=row.day.outlet, code=named, closed_at__isnull=True).exists():
        raise CounterClosed(f"counter {named} is not open")
    move(row, TICKET, "transfer", actor=actor, at=at, wanted_counter=named)


@transaction.atomic
def leave(*, ticket: int, actor: Actor, at: datetime) -> None:
    """Take somebody who went home out of the queue. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MoveRefused`."""
    row = _own(ticket, actor)
    move(row, TICKET, "leave", actor=actor, at=at, ended_at=at, waited_s=queries.waited_s(row, at))


@transaction.atomic
def renew_kiosk(*, outlet_code: str, actor: Actor, at: datetime) -> str:
    """A new key for the kiosk and the screen of a hall; the one before ends. Returns it, the only time it is known.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`.
    """
    found = _hall(outlet_code, _day(at), actor)
    outlet_id, _unit = _ids(found)
    KioskKey.objects.filter(outlet_id=outlet_id, ended_at__isnull=True).update(ended_at=at)
    token = secrets.token_urlsafe(24)
    KioskKey.objects.create(outlet_id=outlet_id, token_hash=digest(token), made_at=at, made_by=actor.code)
    _log("hall.kiosk", found, {}, actor, at)
    return token


@transaction.atomic
def _taken(
    found: OutletShown, wanted: TicketWanted, account: int | None, at: datetime, library: RuleLibrary | None
) -> int:
    if wanted.purpose not in {str(one) for one in TicketPurpose}:
        raise InvalidInput(f"{wanted.purpose} is no purpose of a queue ticket")
    if wanted.priority and wanted.priority not in {str(one) for one in TicketPriority}:
        raise InvalidInput(f"{wanted.priority} is no priority of a queue ticket")
    phone = wanted.phone.strip()
    if phone and not (phone.isascii() and phone.isdigit() and 7 <= len(phone) <= 12):
        raise InvalidInput("a telephone number has 7 to 12 digits")
    (outlet_id, unit_id), on = _ids(found), _day(at)
    limit = rules.queue(on, library=library).waiting.minutes * 60
    day = _held_day(outlet_id, on)
    number = (day.tickets.filter(purpose=wanted.purpose).aggregate(last=Max("number"))["last"] or 0) + 1
    if number > MOST_NUMBERS:
        raise TooManyTickets(f"{found.code} has given {MOST_NUMBERS} numbers today")
    made = QueueTicket.objects.create(
        day=day, unit_id=unit_id, purpose=wanted.purpose, number=number, priority=wanted.priority, account_id=account,
        phone_sealed=pii.seal_many([phone], column=PHONE_COLUMN)[0] if phone else "", appointment=wanted.appointment,
        due_at=wanted.due_at, taken_at=at, limit_s=limit,
    )  # fmt: skip
    return made.pk


def _held_day(outlet_id: int, on: date) -> HallDay:
    """The day's row, held until the transaction ends."""
    made, _ = HallDay.objects.get_or_create(outlet_id=outlet_id, on=on)
    return HallDay.objects.select_for_update().get(pk=made.pk)


def _own(ticket: int, actor: Actor) -> QueueTicket:
    rows = QueueTicket.objects.select_related("unit", "day__outlet")
    row = Scope.of(actor).one(rows, "unit__path", "queue ticket", pk=ticket)
    require(actor, *SERVERS, unit_path=row.unit.path)
    return row


def _hall(outlet_code: str, on: date, actor: Actor) -> OutletShown:
    scope = Scope.of(actor)
    found = outlets.outlet(scope, outlet_code, on=on)
    require(actor, *SERVERS, unit_path=organization.unit(scope, found.unit_code).path)
    return _in_service(found, on)


def _in_service(found: OutletShown, on: date) -> OutletShown:
    if found.kind != OutletKind.HALL:
        raise InvalidInput(f"{found.code} is no hall: only halls have queues")
    if on < found.valid_from or (found.valid_to is not None and on >= found.valid_to):
        raise InvalidInput(f"{found.code} is out of service on {on}")
    return found


def _ids(found: OutletShown) -> tuple[int, int]:
    """The ids of an outlet and of its unit."""
    row = outlets.outlets_rows(Scope.everywhere()).get(code=found.code)
    return row["id"], row["unit_id"]


def _require_free(outlet_code: str, named: str, on: date) -> None:
    rows = QueueTicket.objects.filter(day__outlet__code=outlet_code, day__on=on, counter=named, state="CALLED")
    if rows.exists():
        raise CounterBusy(f"somebody was called to counter {named} and not served yet")


def _counter_name(text: str) -> str:
    named = text.strip()
    if not 1 <= len(named) <= 8:
        raise InvalidInput("say which counter: 1 to 8 signs")
    return named


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()


def _log(action: str, found: OutletShown, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(actor=actor, action=action, subject=("outlets.Outlet", found.code), facts=facts, at=at)
