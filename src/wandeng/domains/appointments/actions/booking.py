"""Booking (预约), booking again (改约) and cancelling."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments import keeping, rules, seats, telling
from wandeng.domains.appointments.events import AppointmentBooked
from wandeng.domains.appointments.models import Appointment, ServiceSlot
from wandeng.domains.appointments.models.booked import SIDES
from wandeng.domains.appointments.roles import BOOKERS
from wandeng.domains.appointments.types import PHONE_COLUMN, AlreadyBooked, Booked, Wanted
from wandeng.domains.cases.queries import rows as cases
from wandeng.domains.customers import queries as customers
from wandeng.infra import events, ids, pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.appointments import Appointments
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

_PHONE = re.compile(r"^\+?[0-9][0-9 -]{4,18}[0-9]$")
_MAY_FOLLOW = ("CANCELLED", "MISSED_BY_CUSTOMER", "MISSED_BY_US")


@transaction.atomic
def book(
    *, slot_id: int, wanted: Wanted, actor: Actor, at: datetime, library: RuleLibrary, key: str
) -> Booked:  # fmt: skip
    """Book a place in a slot. The same key books once and answers with the first; the customer is told by a notice, the
    case's timeline says so, and reminders are written down.

    Raises :class:`NotFound` for a slot, account or case outside, :class:`InvalidInput` for a service there is not or nobody
    named, :class:`SlotFull`, :class:`SlotClosed`, :class:`AlreadyBooked`.
    """
    slot = seats.slot(actor, slot_id)
    require(actor, *BOOKERS, unit_path=slot.unit.path)
    known = _known(key)
    if known is not None:
        return keeping.booked(known, is_new=False)
    return _book(slot, wanted, None, actor=actor, at=at, library=library, key=key)


@transaction.atomic
def rebook(
    *, number: str, slot_id: int, reason: str, side: str, actor: Actor, at: datetime, library: RuleLibrary, key: str
) -> Booked:  # fmt: skip
    """Book another slot in the place of an appointment (改约): one that lies ahead gives its place back, one that was
    cancelled or missed is followed by the new one. ``side``: at whose wish, CUSTOMER or US.

    Raises as :func:`book`, :class:`MoveRefused` for one that was kept, :class:`Conflict` for one that was followed already.
    """
    known = _known(key)
    slot = seats.slot(actor, slot_id)
    row = keeping.locked(actor, number, slot.pk)
    require(actor, *BOOKERS, unit_path=row.unit.path)
    if known is not None:
        return keeping.booked(known, is_new=False)
    why = keeping.a_reason(reason)
    _known_side(side)
    if slot.pk == row.slot_id and row.state == "BOOKED":
        raise AlreadyBooked(f"appointment {number} is in slot {slot_id} already", number=number)
    if Appointment.objects.filter(follows=row).exists():
        raise Conflict(f"appointment {number} was booked again already", number=number)
    if row.state == "BOOKED":
        keeping.end(row, "rebook", actor=actor, at=at, reason=why, side=side, words="改约")
    elif row.state not in _MAY_FOLLOW:
        raise MoveRefused(f"appointment {number} is {row.state}: it is not booked again", state=row.state)
    wanted = Wanted(
        row.service, row.account.account_number if row.account else "", row.visitor,
        pii.open_sealed(row.phone_sealed, column=PHONE_COLUMN), row.case.number if row.case else "", row.remark,
    )  # fmt: skip
    return _book(slot, wanted, row, actor=actor, at=at, library=library, key=key)


@transaction.atomic
def cancel(*, number: str, reason: str, side: str, actor: Actor, at: datetime, library: RuleLibrary) -> Booked:
    """Cancel an appointment, at the customer's wish or because we cannot keep it; the customer is told.

    Raises :class:`NotFound`, :class:`InvalidInput` without a reason, :class:`MoveRefused` for one that has ended.
    """
    row = keeping.locked(actor, number)
    require(actor, *BOOKERS, unit_path=row.unit.path)
    _known_side(side)
    call_off(row, reason=keeping.a_reason(reason), side=side, actor=actor, at=at, library=library)
    return keeping.booked(row)


def call_off(row: Appointment, *, reason: str, side: str, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    """Cancel a locked appointment and tell the customer."""
    keeping.end(row, "cancel", actor=actor, at=at, reason=reason, side=side, words="取消预约")
    telling.tell_now(row, telling.CANCELLED, library=library, actor=actor, at=at, reason=reason)


def _book(
    slot: ServiceSlot, wanted: Wanted, follows: Appointment | None, *, actor: Actor, at: datetime,
    library: RuleLibrary, key: str,
) -> Booked:  # fmt: skip
    rule = rules.rule(library, on=at.astimezone(BILLING_ZONE).date(), territory=slot.unit.territory)
    if wanted.service not in {one.code for one in rule.services.values}:
        raise InvalidInput(f"there is no service {wanted.service}", service=wanted.service)
    if not key or len(key) > 64:
        raise InvalidInput("a booking has a key of at most 64 signs")
    row = _row(slot, wanted, follows, actor, at, key)
    seats.take(slot, at=at, minutes_before=rule.booking.minutes_before)
    # The slot's row is ours from here on: whoever booked in it before us has been committed.
    known = _known(key)
    if known is not None:
        seats.give_back(slot.pk)
        return keeping.booked(known, is_new=False)
    _refuse_hoarding(row, rule, at)
    row.id = ids.reserve(Appointment, 1)
    row.number = f"Y{at.astimezone(BILLING_ZONE):%y%m%d}{row.id:08d}"
    row.save(force_insert=True)
    telling.plan(row, rule, at=at)
    if row.account_id is not None:
        telling.tell_now(row, telling.BOOKED, library=library, actor=actor, at=at)
    keeping.tell_case(row, "已预约", actor, at)
    facts = {"slot": slot.pk, "service": row.service, "follows": follows.number if follows else ""}
    keeping.record("appointment.book", row, facts, actor, at)
    case = row.case.number if row.case and not row.case.is_confidential else ""
    events.publish(AppointmentBooked(row.number, case, row.unit.path), at=at)
    return keeping.booked(row)


def _row(
    slot: ServiceSlot, wanted: Wanted, follows: Appointment | None, actor: Actor, at: datetime, key: str
) -> Appointment:  # fmt: skip
    """The appointment not stored yet: whose it is, found within the actor's scope."""
    scope, number, case_id = Scope.of(actor), wanted.account_number.strip(), None
    if follows is not None:
        case_id, account_id = follows.case_id, follows.account_id
    else:
        if wanted.case:
            case = cases.case_rows(scope).filter(number=wanted.case).first()
            if case is None:
                raise NotFound(f"there is no case {wanted.case}")
            if case["state"] not in ("OPEN", "FINISHED"):
                raise Conflict(f"case {wanted.case} has ended: nothing is booked for it", case=wanted.case)
            case_id, number = case["id"], number or case["account_number"]
        account_id = customers.account(scope, number).id if number else None
    visitor, phone = wanted.visitor.strip(), _phone(wanted.phone)
    if account_id is None and not (visitor and phone):
        raise InvalidInput("an appointment has an account, or a name and a telephone number")
    if len(visitor) > 64 or len(wanted.remark) > 200:
        raise InvalidInput("a name has at most 64 signs, a remark 200")
    return Appointment(
        slot=slot, unit=slot.unit, account_id=account_id, case_id=case_id, visitor=visitor,
        phone_sealed=pii.seal_many([phone], column=PHONE_COLUMN)[0],
        phone_index=pii.index_many([phone], column=PHONE_COLUMN)[0], service=wanted.service,
        remark=wanted.remark.strip(), key=key, booked_at=at, booked_by=actor.code, follows=follows,
    )  # fmt: skip


def _refuse_hoarding(row: Appointment, rule: Appointments, at: datetime) -> None:
    """One customer holds one place of a slot, and not more appointments ahead than the rule allows."""
    theirs = Appointment.objects.filter(state="BOOKED")
    theirs = theirs.filter(account_id=row.account_id) if row.account_id else theirs.filter(phone_index=row.phone_index)
    if theirs.filter(slot_id=row.slot_id).exists():
        raise AlreadyBooked("this customer has an appointment in this slot already", slot=row.slot_id)
    if theirs.filter(slot__starts_at__gt=at).count() >= rule.booking.most_open:
        raise AlreadyBooked(
            f"this customer has {rule.booking.most_open} appointments ahead already", most=rule.booking.most_open
        )


def _known(key: str) -> Appointment | None:
    related = ("unit", "slot__unit", "slot__place", "slot__stop__run__vehicle")
    return Appointment.objects.select_related(*related).filter(key=key).first()


def _known_side(side: str) -> None:
    if side not in SIDES:
        raise InvalidInput(f"it is at the wish of one of {', '.join(SIDES)}", side=side)


def _phone(text: str) -> str:
    """A telephone number in one form; empty for none. Raises :class:`InvalidInput`."""
    typed = text.strip()
    if typed and not _PHONE.match(typed):
        raise InvalidInput("this is no telephone number")
    return re.sub(r"[ -]", "", typed)
