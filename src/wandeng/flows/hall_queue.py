"""Halls and appointments: whoever booked a time at a hall takes a number that goes first then, and keeps the appointment when served."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments.actions import outcome
from wandeng.domains.appointments.queries import one as appointments
from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE


def take(
    *, outlet_code: str, wanted: TicketWanted, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> int:
    """Take a number at the counter; with an appointment its account and its time are the ticket's. Returns its id.

    Raises as ``halls.actions.take``; :class:`NotFound` for an appointment, :class:`InvalidInput` for one that is not for this hall today.
    """
    if wanted.appointment:
        wanted = _booked(Scope.of(actor), outlet_code, wanted, at, library)
    return actions.take(outlet_code=outlet_code, wanted=wanted, actor=actor, at=at, library=library)


def take_at_kiosk(*, token: str, wanted: TicketWanted, at: datetime, library: RuleLibrary | None = None) -> int:
    """The same at a kiosk. An appointment that is not for this hall today, or of somebody else's guess, is refused in one sentence."""
    if wanted.appointment:
        found = queries.kiosk(token, on=at.astimezone(BILLING_ZONE).date())
        try:
            wanted = _booked(Scope.everywhere(), found.code, wanted, at, library)
        except NotFound:
            raise InvalidInput("this hall has no such appointment today") from None
    return actions.take_at_kiosk(token=token, wanted=wanted, at=at, library=library)


@transaction.atomic
def done(*, ticket: int, actor: Actor, at: datetime) -> None:
    """End serving, and keep the appointment that the ticket was taken for. Raises as ``halls.actions.done``."""
    actions.done(ticket=ticket, actor=actor, at=at)
    found = queries.ticket(Scope.of(actor), ticket, now=at)
    if found.appointment:
        booked = appointments.appointment(Scope.of(actor), found.appointment, library=current.library(), now=at)
        if booked.state == "BOOKED":
            outcome.keep(number=found.appointment, actor=actor, at=at)


def _booked(
    scope: Scope, outlet_code: str, wanted: TicketWanted, at: datetime, library: RuleLibrary | None
) -> TicketWanted:
    found = appointments.appointment(scope, wanted.appointment, library=library or current.library(), now=at)
    slot, today = found.slot, at.astimezone(BILLING_ZONE).date()
    is_here = slot.kind == "HALL" and slot.place == outlet_code and found.state == "BOOKED"
    if not is_here or slot.starts_at.astimezone(BILLING_ZONE).date() != today:
        raise InvalidInput("this hall has no such appointment today")
    if queries.has_ticket(found.number):
        raise InvalidInput("a number was taken for this appointment already")
    return replace(wanted, account_number=found.account_number or wanted.account_number, due_at=slot.starts_at)
