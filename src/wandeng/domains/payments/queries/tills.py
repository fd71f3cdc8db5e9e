"""Tills, their sessions and receipts as people see them. Who was where: limited by the till's unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import till_books
from wandeng.domains.payments.models import DenominationCount, TenderCount, Till, TillReceipt, TillSession
from wandeng.domains.payments.models.tills import UNDONE
from wandeng.infra.models import StateChange
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]

TILL_COLUMNS = ("code", "name", "kind", "unit_code", "unit_name", "is_active", "session_number", "cashier")
SESSION_COLUMNS = (
    "number", "till_code", "till_name", "till_kind", "unit_code", "unit_name", "cashier", "business_on", "is_offline",
    "state", "opened_at", "closed_at", "cash_expected_fen", "cash_counted_fen", "difference_fen", "deposited_fen", "deposit_number",
    "counted_by", "confirmed_by",
)  # fmt: skip
RECEIPT_COLUMNS = (
    "number", "session_number", "cashier", "unit_code", "unit_name", "account_number", "account_name", "amount_fen",
    "tender", "payment_state", "issued_at", "business_on", "slip",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TillFacts:
    """A till, and the session that is open at it, if any."""

    code: str
    name: str
    kind: str
    unit_code: str
    unit_name: str
    is_active: bool
    session_number: str
    cashier: str


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A session. Amounts in fen; ``expected_fen`` and ``counted_fen`` are cash with the float, 0 until it is counted."""

    session_id: int
    number: str
    till_code: str
    till_name: str
    till_kind: str
    unit_code: str
    unit_name: str
    cashier: str
    business_on: date
    is_offline: bool
    state: str
    opened_at: datetime
    float_fen: int
    control_fen: int | None
    expected_fen: int
    counted_fen: int
    deposit_fen: int
    deposit_number: str
    counted_by: str
    counted_at: datetime | None
    difference_reason: str
    confirmed_by: str
    closed_at: datetime | None

    @property
    def difference_fen(self) -> int:
        """Over (长款) above zero, short (短款) below."""
        return self.counted_fen - self.expected_fen


@dataclass(frozen=True, slots=True)
class TenderShown:
    """A tender of a session: ``expected_fen`` by the books (cash with the float), ``counted_fen`` ``None`` until counted."""

    tender: str
    receipts: int
    expected_fen: int
    counted_fen: int | None


@dataclass(frozen=True, slots=True)
class SessionMove:
    """A step of a session."""

    move: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session with its balance by tender, the notes and coins counted, and its steps, newest first. ``undecided``: voids
    that wait for a second person."""

    facts: SessionFacts
    tenders: tuple[TenderShown, ...]
    denominations: tuple[tuple[int, int], ...]
    undecided: int
    moves: tuple[SessionMove, ...]

    @property
    def receipts(self) -> int:
        return sum(one.receipts for one in self.tenders)

    @property
    def taken_fen(self) -> int:
        """What came in and stands, all tenders, without the float."""
        return sum(one.expected_fen for one in self.tenders) - self.facts.float_fen


def tills(scope: Scope) -> tuple[TillFacts, ...]:
    """The tills of the scope by code."""
    return tuple(TillFacts(**row) for row in till_rows(scope).order_by("code"))


def till_rows(scope: Scope) -> Rows:
    """Lazy rows: TILL_COLUMNS."""
    undone = TillSession.objects.filter(till=OuterRef("pk"), state__in=UNDONE, is_offline=False)
    rows = _within(Till.objects.all(), scope, "unit_id").annotate(
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
        session_number=Coalesce(Subquery(undone.values("number")[:1]), Value("")),
        cashier=Coalesce(Subquery(undone.values("cashier")[:1]), Value("")),
    )
    named: Rows = rows.values(*TILL_COLUMNS)
    return named


def open_session_of(code: str) -> SessionFacts | None:
    """The session of a person at a desk that is not closed, if any."""
    row = _sessions().filter(cashier=code, is_offline=False, state__in=UNDONE).first()
    return None if row is None else _facts(row)


def session_facts(scope: Scope, number: str) -> SessionFacts:
    """Raises :class:`NotFound`, also outside the scope."""
    return _facts(_session(scope, number))


def session(scope: Scope, number: str) -> SessionShown:
    """A session as its page shows it. Raises :class:`NotFound`, also outside the scope."""
    row = _session(scope, number)
    moves = StateChange.objects.filter(subject_type=row._meta.label, subject_id=row.pk).order_by("-id")
    faces = DenominationCount.objects.filter(session=row).order_by("-face_fen").values_list("face_fen", "pieces")
    return SessionShown(
        facts=_facts(row),
        tenders=_tenders(row),
        denominations=tuple((int(face), int(pieces)) for face, pieces in faces),
        undecided=till_books.undecided(row) if row.state == "OPEN" else 0,
        moves=tuple(SessionMove(one.move, one.actor, one.at, one.reason) for one in moves),
    )


def _tenders(row: TillSession) -> tuple[TenderShown, ...]:
    if row.state != "OPEN":
        counts = TenderCount.objects.filter(session=row).order_by("pk")
        return tuple(TenderShown(one.tender, one.receipts, one.expected_fen, one.counted_fen) for one in counts)
    books = {one.tender: one for one in till_books.by_tender(row)}
    cash = books.pop("CASH", till_books.Booked("CASH", 0, 0, 0))
    found = [TenderShown("CASH", cash.receipts, row.float_fen + cash.taken_fen - cash.paid_out_fen, None)]
    return (*found, *(TenderShown(one.tender, one.receipts, one.taken_fen, None) for one in books.values()))


def session_rows(scope: Scope) -> Rows:
    """Lazy rows, newest first: SESSION_COLUMNS. Amounts of cash are null until the drawer is counted."""
    rows = _within(TillSession.objects.all(), scope, "till__unit_id").annotate(
        till_code=F("till__code"),
        till_name=F("till__name"),
        till_kind=F("till__kind"),
        unit_code=F("till__unit__code"),
        unit_name=F("till__unit__name"),
        cash_expected_fen=_once_counted(F("expected_fen")),
        cash_counted_fen=_once_counted(F("counted_fen")),
        difference_fen=_once_counted(F("counted_fen") - F("expected_fen")),
        deposited_fen=_once_counted(F("deposit_fen")),
    )
    named: Rows = rows.order_by("-business_on", "number").values(*SESSION_COLUMNS)
    return named


def receipt_rows(scope: Scope) -> Rows:
    """Lazy rows, newest first: RECEIPT_COLUMNS. ``payment_state`` REVERSED: the receipt is void."""
    rows = _within(TillReceipt.objects.all(), scope, "unit_id").annotate(
        session_number=F("session__number"),
        cashier=F("session__cashier"),
        business_on=F("session__business_on"),
        unit_code=F("unit__code"),
        unit_name=F("unit__name"),
        account_number=F("payment__account__account_number"),
        account_name=F("payment__account__name"),
        amount_fen=F("payment__amount_fen"),
        tender=F("payment__tender"),
        payment_state=F("payment__state"),
    )
    named: Rows = rows.order_by("-id").values(*RECEIPT_COLUMNS)
    return named


def waiting_sessions(scope: Scope) -> int:
    """Sessions that wait for a second person."""
    return _within(TillSession.objects.filter(state="COUNTED"), scope, "till__unit_id").count()


def confirmed_by_pair(scope: Scope, since: datetime) -> dict[tuple[str, str], int]:
    """(cashier, who confirmed) → sessions confirmed since an instant."""
    rows = _within(TillSession.objects.filter(closed_at__gte=since).exclude(confirmed_by=""), scope, "till__unit_id")
    counted = rows.values_list("cashier", "confirmed_by").annotate(n=Count("id")).order_by()
    return {(cashier, checker): n for cashier, checker, n in counted}


def _once_counted(amount: Any) -> Case:
    """An amount that means something when the drawer was counted; nothing before."""
    return Case(When(state="OPEN", then=None), default=amount, output_field=BigIntegerField())


def _within(rows: QuerySet[Any], scope: Scope, unit: str) -> QuerySet[Any]:
    if not scope.prefix:
        return rows
    return rows.filter(**{f"{unit}__in": [node.unit_id for node in organization.unit_tree(scope)]})


def _sessions() -> QuerySet[TillSession]:
    return TillSession.objects.select_related("till__unit")


def _session(scope: Scope, number: str) -> TillSession:
    return scope.one(_sessions(), "till__unit__path", "till session", number=number)


def _facts(row: TillSession) -> SessionFacts:
    return SessionFacts(
        session_id=row.pk,
        number=row.number,
        till_code=row.till.code,
        till_name=row.till.name,
        till_kind=row.till.kind,
        unit_code=row.till.unit.code,
        unit_name=row.till.unit.name,
        cashier=row.cashier,
        business_on=row.business_on,
        is_offline=row.is_offline,
        state=row.state,
        opened_at=row.opened_at,
        float_fen=row.float_fen,
        control_fen=row.control_fen,
        expected_fen=row.expected_fen,
        counted_fen=row.counted_fen,
        deposit_fen=row.deposit_fen,
        deposit_number=row.deposit_number,
        counted_by=row.counted_by,
        counted_at=row.counted_at,
        difference_reason=row.difference_reason,
        confirmed_by=row.confirmed_by,
        closed_at=row.closed_at,
    )
