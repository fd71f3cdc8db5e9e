"""Showing the telephone number that somebody without an account left: for a stated reason, logged, so many an hour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments import keeping
from wandeng.domains.appointments.roles import SERVERS
from wandeng.domains.appointments.types import PHONE_COLUMN
from wandeng.domains.customers.actions import contacts
from wandeng.domains.organization import queries as organization
from wandeng.infra import operations, pii
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

REVEAL = "appointment.reveal"
_ELSEWHERE = "case.reveal"


@transaction.atomic
def reveal(*, number: str, reason: str, actor: Actor, at: datetime) -> str:
    """The number in the clear; what a person saw of contacts and cases counts with it.

    Raises :class:`InvalidInput` without a reason, :class:`NotFound` where none was left, ``TooManyReveals`` beyond the
    parameter ``reveal.per_hour``.
    """
    if not reason.strip():
        raise InvalidInput("a personal field is shown only for a stated reason")
    row = keeping.locked(actor, number)
    require(actor, *SERVERS, unit_path=row.unit.path)
    if not row.phone_sealed:
        raise NotFound(f"appointment {number} has no number of its own")
    most = organization.parameter_int(contacts.REVEALS_AN_HOUR, at.astimezone(BILLING_ZONE).date())
    seen = sum(
        operations.count_since(actor_code=actor.code, action=action, since=at - contacts.HOUR, most=most)
        for action in (REVEAL, _ELSEWHERE, contacts.REVEAL)
    )
    if seen >= most:
        raise contacts.TooManyReveals(f"{actor.code} has seen {most} personal values within an hour: no more for now")
    keeping.record(REVEAL, row, {}, actor, at, reason)
    return pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN)
