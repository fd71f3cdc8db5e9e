"""A till session from the float to the day-end: opened, counted, confirmed by a second person where it differs, closed.

The count is held against the books by tender. Cash that is over or short is booked to OVER_SHORT when somebody else has
confirmed it; all cash but the float is deposited. A closed session never changes, which the database keeps too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import OVER_SHORT, Posting, cash, clearing
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import till_books
from wandeng.domains.payments.models import DenominationCount, TenderCount, Till, TillSession
from wandeng.domains.payments.models.tills import UNDONE
from wandeng.domains.payments.states import TILL_SESSION
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed
from wandeng.kernel.ids import UnitId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import BILLING_ZONE

CASH = "CASH"
DEPOSIT_CHANNEL = "CASH_DEPOSIT"
"""Cash on its way to the bank, until the bank's statement shows it."""
FACES_FEN = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 2, 1)
"""Face values of the currency's notes and coins in use."""
CASHIERS = (Role.HALL_CLERK,)
CONFIRMERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)
KEEPERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)
UNIT = "till__unit__path"


class OneSessionOnly(Conflict):
    """The till, or the person, has a session that is not closed."""

    code = "TILL_SESSION_OPEN"


class SessionNotOpen(Conflict):
    """The session is counted or closed, or belongs to another day."""

    code = "TILL_SESSION_NOT_OPEN"


class ControlDiffers(Conflict):
    """A control total does not hold: the session cannot be counted."""

    code = "TILL_CONTROL_DIFFERS"


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many notes or coins of a face value."""

    face_fen: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Desk:
    """An open session through which money comes in: its till's kind and unit, whose cash it is."""

    session_id: int
    number: str
    till_kind: str
    unit_code: str


@dataclass(frozen=True, slots=True)
class Slips:
    """What the slips or the terminal's own total say came in by a tender that is not cash."""

    tender: str
    amount_fen: int


@transaction.atomic
def add_till(*, code: str, name: str, unit_code: str, kind: str, actor: Actor, at: datetime) -> str:
    """Set up a till (收费台) of a unit. ``kind``: COUNTER, VEHICLE or VILLAGE. Returns its code.

    Raises :class:`NotFound` for the unit, :class:`NotAllowed`, :class:`Conflict` for a code in use,
    :class:`InvalidInput` for an unknown kind or an empty name.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    if kind not in ("COUNTER", "VEHICLE", "VILLAGE"):
        raise InvalidInput(f"a till is a COUNTER, a VEHICLE or a VILLAGE pay point, not '{kind}'")
    if not code.strip() or not name.strip():
        raise InvalidInput("a till has a code and a name")
    if Till.objects.filter(code=code).exists():
        raise Conflict(f"there is a till {code} already")
    row = Till.objects.create(id=ids.reserve(Till, 1), code=code, name=name.strip(), unit_id=unit.unit_id, kind=kind)
    audit.record(actor=actor, action="till.add", subject=row, facts={"code": code, "kind": kind}, at=at,
                 unit_path=unit.path)  # fmt: skip
    return code


@transaction.atomic
def set_active(*, code: str, is_active: bool, reason: str, actor: Actor, at: datetime) -> None:
    """Take a till out of use, or bring it back.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` while a session is open, :class:`InvalidInput`
    without a reason.
    """
    row = _till(code, actor)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why: the reason stays on record")
    if not is_active and TillSession.objects.filter(till=row, state__in=UNDONE).exists():
        raise OneSessionOnly(f"till {code} has a session that is not closed", till=code)
    Till.objects.filter(pk=row.pk).update(is_active=is_active)
    audit.record(actor=actor, action="till.use", subject=row, facts={"code": code, "active": int(is_active)}, at=at,
                 reason=reason, unit_path=row.unit.path)  # fmt: skip


@transaction.atomic
def open_session(*, till_code: str, float_fen: int, actor: Actor, at: datetime) -> str:
    """Open a till with a float (备用金); returns the session's number.

    Raises :class:`NotFound`, :class:`NotAllowed` without the role, :class:`OneSessionOnly` while the till or the person
    has another session that is not closed, :class:`InvalidInput` for a negative float.
    """
    till = _till(till_code, actor)
    require(actor, *CASHIERS, unit_path=till.unit.path)
    if float_fen < 0:
        raise InvalidInput("a float is not negative")
    if not till.is_active:
        raise Conflict(f"till {till_code} is out of use")
    undone = TillSession.objects.filter(state__in=UNDONE, is_offline=False)
    if (other := undone.filter(till=till).first()) is not None:
        raise OneSessionOnly(f"till {till_code} is open: session {other.number} of {other.cashier} is not closed")
    if (own := undone.filter(cashier=actor.code).first()) is not None:
        raise OneSessionOnly(f"{actor.code} has session {own.number} that is not closed")
    on = at.astimezone(BILLING_ZONE).date()
    day = TillSession.objects.filter(till=till, business_on=on, is_offline=False).count()
    try:
        with transaction.atomic():
            row = TillSession.objects.create(
                id=ids.reserve(TillSession, 1), number=f"{till.code}-{on:%Y%m%d}-{day + 1}", till=till,
                cashier=actor.code, business_on=on, opened_at=at, float_fen=float_fen,
            )  # fmt: skip
    except IntegrityError:
        raise OneSessionOnly(f"somebody opened till {till_code} at the same moment") from None
    facts = {"session": row.number, "float_fen": float_fen}
    audit.record(actor=actor, action="till.open", subject=row, facts=facts, at=at, unit_path=till.unit.path)
    return row.number


@transaction.atomic
def count_session(
    *, session_number: str, drawer: Sequence[Pieces], deposit_fen: int, actor: Actor, at: datetime,
    slips: Sequence[Slips] = (), deposit_number: str = "", reason: str = "",
) -> str:  # fmt: skip
    """Count the drawer at the day's end (日结). Without a difference the session is closed at once; with one it waits for
    :func:`confirm_session` by somebody else. Returns the state: CLOSED or COUNTED.

    ``drawer`` is all cash in the drawer, float included; ``slips`` are the totals of the other tenders; ``deposit_fen`` is
    what the paying-in slip (缴款单) says: all cash but the float.

    Raises :class:`NotFound`, :class:`NotAllowed` for another's session, :class:`SessionNotOpen`,
    :class:`ControlDiffers` where a device's total or the deposit does not hold, :class:`InvalidInput` for a face value
    that is none, or a difference without a reason.
    """
    session = _counting(session_number, actor)
    counted = _counted(drawer)
    if deposit_fen != counted - session.float_fen:
        raise ControlDiffers(
            f"counted {format_yuan(counted)} less the float of {format_yuan(session.float_fen)} is to be deposited, "
            f"the slip says {format_yuan(deposit_fen)}"
        )
    if deposit_fen and not deposit_number.strip():
        raise InvalidInput("the number of the paying-in slip is missing")
    tenders = _tenders(session, counted, slips)
    differs = any(one.counted_fen != one.expected_fen for one in tenders)
    if differs and not reason.strip():
        raise InvalidInput("the count differs from the books: say why")
    expected = next(one.expected_fen for one in tenders if one.tender == CASH)
    TenderCount.objects.bulk_create(tenders)
    DenominationCount.objects.bulk_create(
        DenominationCount(session=session, face_fen=one.face_fen, pieces=one.pieces) for one in drawer if one.pieces
    )
    move(
        session, TILL_SESSION, "count", actor=actor, at=at, reason=reason, expected_fen=expected, counted_fen=counted,
        deposit_fen=deposit_fen, deposit_number=deposit_number.strip(), counted_by=actor.code, counted_at=at,
        difference_reason=reason if differs else "",
    )  # fmt: skip
    facts = {"session": session.number, "expected_fen": expected, "counted_fen": counted, "deposit_fen": deposit_fen}
    audit.record(actor=actor, action="till.count", subject=session, facts=facts, at=at, reason=reason,
                 unit_path=session.till.unit.path)  # fmt: skip
    if not differs:
        _close(session, actor=actor, at=at)
    return session.state


@transaction.atomic
def confirm_session(*, session_number: str, reason: str, actor: Actor, at: datetime) -> None:
    """A second person confirms a count that differs; what is over or short is booked, and the session is closed.

    Raises :class:`NotFound`, :class:`NotAllowed` for whoever counted or held the till, :class:`SessionNotOpen`,
    :class:`InvalidInput` without a reason.
    """
    session = _second(session_number, reason, actor)
    _close(session, actor=actor, at=at, reason=reason, confirmed_by=actor.code)
    facts = {"session": session.number, "over_short_fen": session.counted_fen - session.expected_fen}
    audit.record(actor=actor, action="till.confirm", subject=session, facts=facts, at=at, reason=reason,
                 unit_path=session.till.unit.path)  # fmt: skip


@transaction.atomic
def send_back(*, session_number: str, reason: str, actor: Actor, at: datetime) -> None:
    """A second person sends a count back: the drawer is counted again. Raises as :func:`confirm_session`."""
    session = _second(session_number, reason, actor)
    TenderCount.objects.filter(session=session).delete()
    DenominationCount.objects.filter(session=session).delete()
    move(session, TILL_SESSION, "recount", actor=actor, at=at, reason=reason, counted_by="", deposit_number="",
         difference_reason="")  # fmt: skip
    audit.record(actor=actor, action="till.recount", subject=session, facts={"session": session.number}, at=at,
                 reason=reason, unit_path=session.till.unit.path)  # fmt: skip


def locked(number: str, actor: Actor) -> TillSession:
    """The session, locked in the caller's transaction: what comes in and the count of it take turns.

    Raises :class:`NotFound`, also outside the actor's scope.
    """
    rows = TillSession.objects.select_related("till__unit").select_for_update(of=("self",))
    return Scope.of(actor).one(rows, UNIT, "till session", number=number)


def desk(*, session_number: str, actor: Actor, at: datetime) -> Desk:
    """The actor's open session of the day, locked in the caller's transaction until the money is in.

    Raises :class:`NotFound`, :class:`NotAllowed` for another's session, :class:`SessionNotOpen`.
    """
    session = locked(session_number, actor)
    require_taking(session, actor, at)
    return Desk(session.pk, session.number, session.till.kind, session.till.unit.code)


def require_taking(session: TillSession, actor: Actor, at: datetime) -> None:
    """Money comes in, and goes back, only through the open session of the day and by who opened it.

    Raises :class:`NotAllowed`, :class:`SessionNotOpen`.
    """
    if session.cashier != actor.code:
        raise NotAllowed(f"session {session.number} is {session.cashier}'s: open a till of your own")
    if session.state != "OPEN":
        raise SessionNotOpen(f"session {session.number} is closed or counted: nothing comes in any more")
    if session.business_on != at.astimezone(BILLING_ZONE).date():
        raise SessionNotOpen(f"session {session.number} is of {session.business_on}: count it, then open a new one")


def _counting(number: str, actor: Actor) -> TillSession:
    session = locked(number, actor)
    if session.is_offline:
        require(actor, *CASHIERS, Role.ACCOUNTANT, unit_path=session.till.unit.path)
    elif session.cashier != actor.code:
        raise NotAllowed(f"session {number} is {session.cashier}'s: who held the till counts it")
    if session.state != "OPEN":
        raise SessionNotOpen(f"session {number} is counted already")
    if waiting := till_books.undecided(session):
        raise ControlDiffers(f"{waiting} void(s) of session {number} wait for a second person")
    if session.control_fen is not None:
        posted = sum(one.taken_fen for one in till_books.by_tender(session))
        if posted != session.control_fen:
            raise ControlDiffers(
                f"the device of session {number} says {format_yuan(session.control_fen)}, "
                f"{format_yuan(posted)} is posted: settle the parked rows first"
            )
    return session


def _second(number: str, reason: str, actor: Actor) -> TillSession:
    session = locked(number, actor)
    require(actor, *CONFIRMERS, unit_path=session.till.unit.path)
    if actor.code in (session.counted_by, session.cashier):
        raise NotAllowed(f"{actor.code} counted session {number}: somebody else confirms it")
    if session.state != "COUNTED":
        raise SessionNotOpen(f"session {number} does not wait for a second person")
    if not reason.strip():
        raise InvalidInput("say why: the reason stays on record")
    return session


def _counted(drawer: Sequence[Pieces]) -> int:
    faces = [one.face_fen for one in drawer]
    if len(set(faces)) != len(faces):
        raise InvalidInput("a face value is counted once")
    for one in drawer:
        if one.face_fen not in FACES_FEN or one.pieces < 0:
            raise InvalidInput(f"{one.pieces} pieces of {format_yuan(one.face_fen)} cannot be counted")
    return sum(one.face_fen * one.pieces for one in drawer)


def _tenders(session: TillSession, counted: int, slips: Sequence[Slips]) -> list[TenderCount]:
    """One row a tender: the drawer for cash, the slips for the others."""
    told = {one.tender: one.amount_fen for one in slips}
    if len(told) != len(slips) or CASH in told:
        raise InvalidInput("each tender but cash has one total of slips")
    books = {one.tender: one for one in till_books.by_tender(session)}
    rows = []
    for tender in [CASH, *sorted((books.keys() | told.keys()) - {CASH})]:
        of_tender = books.get(tender, till_books.Booked(tender, 0, 0, 0))
        held = session.float_fen if tender == CASH else 0
        rows.append(
            TenderCount(
                session=session, tender=tender, receipts=of_tender.receipts,
                expected_fen=held + of_tender.taken_fen - of_tender.paid_out_fen,
                counted_fen=counted if tender == CASH else told.get(tender, 0),
            )
        )  # fmt: skip
    return rows


def _close(session: TillSession, *, actor: Actor, at: datetime, reason: str = "", confirmed_by: str = "") -> None:
    """Book the deposit and what is over or short, then close. The session's cash account is zero afterwards."""
    difference = session.counted_fen - session.expected_fen
    taken = session.expected_fen - session.float_fen
    lines = [
        Posting(clearing(DEPOSIT_CHANNEL), session.deposit_fen, source=session.pk),
        Posting(cash(session.till.unit.code), -taken, source=session.pk),
        Posting(OVER_SHORT, -difference, source=session.pk),
    ]
    lines = [line for line in lines if line.amount_fen]
    if lines:
        ledger.post(
            biz_key=f"till:{session.number}:close", kind="TILL_CLOSE", unit=UnitId(session.till.unit_id),
            month=f"{session.business_on:%Y-%m}", lines=lines, at=at, actor=actor,
        )  # fmt: skip
    move(session, TILL_SESSION, "close", actor=actor, at=at, reason=reason, closed_at=at, confirmed_by=confirmed_by)


def _till(code: str, actor: Actor) -> Till:
    rows = Till.objects.select_related("unit").select_for_update(of=("self",))
    return Scope.of(actor).one(rows, "unit__path", "till", code=code)
