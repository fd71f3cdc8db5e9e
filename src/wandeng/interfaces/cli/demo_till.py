"""Tills of the demonstration: yesterday's sessions closed, one short and one that waits for a second person, today's open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import transaction

from wandeng.domains.billing import queries as billing
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.actions.tills import FACES_FEN, Pieces, Slips
from wandeng.domains.payments.queries import tills as queries
from wandeng.flows import cash_desk
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed, NotFound
from wandeng.kernel.periods import BILLING_ZONE

FLOAT_FEN = 500_00
SHORT_FEN = 10_00
TENDERS = ("CASH", "QR")
YESTERDAY, TODAY = 2, 1
"""Payments of a session."""
CONFIRMED, WAITING = 1, 2
"""Which offices, in their order, had a wrong count: one that was confirmed, one that waits."""
SECOND = "account2"


@transaction.atomic
def leave_tills(now: datetime) -> int:
    """A till in every office with a session of yesterday and one of today. Twice is once; returns the sessions."""
    if queries.tills(Scope.everywhere()):
        return 0
    made = 0
    for place, unit in enumerate(one for one in organization.unit_tree(Scope.everywhere()) if one.kind != "COUNTY"):
        try:
            clerk = organization.actor_for(f"hall-{unit.code[3:]}", now.astimezone(BILLING_ZONE).date())
        except (NotFound, NotAllowed):
            continue
        code = f"{unit.code}-T1"
        tills.add_till(code=code, name=f"{unit.name}一号台", unit_code=unit.code, kind="COUNTER", actor=SYSTEM, at=now)
        accounts = _billed(unit)
        before = _morning(now - timedelta(days=1))
        _take(code, clerk, accounts, YESTERDAY, before)
        made += 1
        if not _close(clerk, place, before + timedelta(hours=8)):
            continue
        _take(code, clerk, accounts, TODAY, now)
        made += 1
    return made


def _morning(at: datetime) -> datetime:
    """Nine o'clock of a day."""
    return datetime.combine(at.astimezone(BILLING_ZONE).date(), time(9), tzinfo=BILLING_ZONE)


def _billed(unit: UnitNode) -> Iterator[str]:
    """Accounts of the unit, those of the newest bills first."""
    rows = billing.bill_rows(Scope.of(SYSTEM).narrowed(unit.path)).values_list("account_number", flat=True)
    return iter(dict.fromkeys(rows[: 4 * (YESTERDAY + TODAY)]))


def _take(till: str, clerk: Actor, accounts: Iterator[str], count: int, at: datetime) -> None:
    """Open the till, and let the next so many accounts that owe something pay."""
    session = tills.open_session(till_code=till, float_fen=FLOAT_FEN, actor=clerk, at=at)
    on, taken = at.astimezone(BILLING_ZONE).date(), 0
    for number in accounts:
        owed = cash_desk.standing(Scope.of(clerk), number, on=on).to_pay_fen
        if owed:
            cash_desk.take(
                session_number=session, client_key=f"demo-{taken}", account_number=number, amount_fen=owed,
                tender=TENDERS[taken % len(TENDERS)], purpose="FULL", actor=clerk, at=at + timedelta(seconds=taken),
            )  # fmt: skip
            taken += 1
        if taken == count:
            return


def _close(clerk: Actor, place: int, at: datetime) -> bool:
    """Count yesterday's drawer; whether the session is closed."""
    found = queries.open_session_of(clerk.code)
    assert found is not None
    shown = queries.session(Scope.of(clerk), found.number)
    cash, *others = shown.tenders
    short = SHORT_FEN if place in (CONFIRMED, WAITING) else 0
    counted = cash.expected_fen - short
    state = tills.count_session(
        session_number=found.number, drawer=_pieces(counted), deposit_fen=counted - found.float_fen,
        slips=[Slips(one.tender, one.expected_fen) for one in others], deposit_number=f"JK{at:%m%d}{place:02d}",
        reason="找零时多给一张十元" if short else "", actor=clerk, at=at,
    )  # fmt: skip
    if state == "COUNTED" and place == CONFIRMED:
        second = organization.actor_for(SECOND, at.astimezone(BILLING_ZONE).date())
        tills.confirm_session(session_number=found.number, reason="监控复核属实", actor=second, at=at)
        return True
    return state == "CLOSED"


def _pieces(amount_fen: int) -> list[Pieces]:
    """An amount in the fewest notes and coins."""
    found, left = [], amount_fen
    for face in FACES_FEN:
        pieces, left = divmod(left, face)
        if pieces:
            found.append(Pieces(face, pieces))
    return found
