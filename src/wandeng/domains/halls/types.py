"""Values that the doors get from halls, and the refusals of their actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict, NotAllowed

PHONE_COLUMN = "halls_queueticket.phone"
"""The name that ``infra.pii`` derives keys from."""


class TicketPriority(StrEnum):
    """Why somebody is called before others (优先服务)."""

    ELDERLY = "ELDERLY"
    DISABLED = "DISABLED"
    PREGNANT = "PREGNANT"
    SOLDIER = "SOLDIER"


class TicketPurpose(StrEnum):
    """What somebody comes for (业务类型): each has its letter and its own numbers. Every counter serves all of them."""

    PAY = "PAY"
    BUSINESS = "BUSINESS"
    ADVICE = "ADVICE"
    COMPLAINT = "COMPLAINT"

    @property
    def letter(self) -> str:
        """What its numbers begin with."""
        return {"PAY": "A", "BUSINESS": "B", "ADVICE": "C", "COMPLAINT": "D"}[self.value]


class WhyNext(StrEnum):
    """Why a ticket has its place: handed to this counter, booked for this time, priority, its turn after several who went first,
    beyond the limit, or as they came."""

    TRANSFERRED = "TRANSFERRED"
    APPOINTMENT = "APPOINTMENT"
    PRIORITY = "PRIORITY"
    TURN = "TURN"
    OVER_LIMIT = "OVER_LIMIT"
    FIRST_COME = "FIRST_COME"


class HallWorkKind(StrEnum):
    """What was done for a ticket."""

    CASE = "CASE"
    PAYMENT = "PAYMENT"


class NobodyWaits(Conflict):
    """No ticket waits in the hall for this counter."""

    code = "NOBODY_WAITS"


class CounterBusy(Conflict):
    """The counter has called somebody who was not served yet, or somebody else sits at it."""

    code = "COUNTER_BUSY"


class CounterClosed(Conflict):
    """No counter of this name is open for the person who calls."""

    code = "COUNTER_CLOSED"


class TooManyTickets(Conflict):
    """The hall has given as many numbers as a day has."""

    code = "TOO_MANY_TICKETS"


class KioskUnknown(NotAllowed):
    """The address of the kiosk is not, or no longer, that of a hall."""

    code = "KIOSK_UNKNOWN"


@dataclass(frozen=True, slots=True)
class WorkDone:
    """A case (its number) or a payment (its id) that was made while a ticket was served."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class TicketGlance:
    """A ticket in a list of contacts: its number as it was called, the hall, its purpose, the cases made or asked about while it was
    served; ``is_inside`` the reader's scope."""

    id: int
    number: str
    hall: str
    purpose: str
    at: datetime
    case_numbers: tuple[str, ...]
    is_inside: bool


@dataclass(frozen=True, slots=True)
class TicketShown:
    """A ticket; ``waited_seconds`` until the first call, until it left uncalled, or until now; ``phone`` is masked."""

    id: int
    label: str
    outlet_code: str
    on: date
    purpose: str
    number: int
    priority: str
    state: str
    counter: str
    clerk: str
    wanted_counter: str
    calls: int
    called_why: str
    account_number: str
    account_name: str
    phone: str
    appointment: str
    due_at: datetime | None
    taken_at: datetime
    called_at: datetime | None
    last_called_at: datetime | None
    ended_at: datetime | None
    waited_seconds: int
    limit_seconds: int
    work: tuple[WorkDone, ...] = ()


@dataclass(frozen=True, slots=True)
class NextTicket:
    """Who is next and why."""

    ticket: TicketShown
    why: WhyNext


@dataclass(frozen=True, slots=True)
class CounterShown:
    """A counter that is open, and the ticket that stands at it."""

    id: int
    code: str
    clerk: str
    is_accessible: bool
    opened_at: datetime
    ticket: TicketShown | None


@dataclass(frozen=True, slots=True)
class HallShown:
    """A hall now: its counters, who waits in the order of calling, who did not come."""

    code: str
    name: str
    unit_code: str
    on: date
    limit_seconds: int
    counters: tuple[CounterShown, ...]
    queue: tuple[NextTicket, ...]
    missed: tuple[TicketShown, ...]
    served: int
    left: int


@dataclass(frozen=True, slots=True)
class WaitingFigures:
    """Waiting in a hall of those who came in an hour (``hour`` none: all together): tickets taken, called, gone before a call; of
    the called those within the limit, P50, P90 and the longest, in seconds; none where nobody was called."""

    outlet_code: str
    outlet_name: str
    hour: int | None
    taken: int
    called: int
    left_uncalled: int
    within: int
    p50_seconds: int | None
    p90_seconds: int | None
    longest_seconds: int | None
