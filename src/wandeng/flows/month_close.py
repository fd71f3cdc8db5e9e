"""Closing a month of the books (月结): what must be done before, and then nothing is posted into it any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.billing import queries as billing
from wandeng.domains.ledger import actions as ledger_actions
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.payments.queries import tills
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE, Month

OVER, RUNS, BALANCED, TILLS, SUSPENSE = "MONTH_OVER", "RUNS_PUBLISHED", "BALANCED", "TILLS_CLOSED", "SUSPENSE_CLEARED"
DONE_WITH = ("PUBLISHED", "DISCARDED")


class NotReady(Conflict):
    """Something must be done before the month can be closed."""

    code = "MONTH_NOT_READY"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at before a month is closed: how many are open still; ``blocks`` when it must be none."""

    code: str
    open: int
    blocks: bool

    @property
    def is_ok(self) -> bool:
        return not self.open


@dataclass(frozen=True, slots=True)
class Readiness:
    """What stands in the way of closing a unit's month, and whether it is closed already."""

    unit: UnitNode
    month: Month
    is_closed: bool
    checks: tuple[Check, ...]

    @property
    def may_close(self) -> bool:
        return not self.is_closed and all(check.is_ok for check in self.checks if check.blocks)


def readiness(scope: Scope, *, unit_code: str, month: Month, at: datetime) -> Readiness:
    """Look at a unit and all below it. Raises :class:`NotFound` for a unit outside the scope."""
    unit = organization.unit(scope, unit_code)
    here = scope.narrowed(unit.path)
    today = at.astimezone(BILLING_ZONE).date()
    runs = [run for run in billing.runs(here, month=month) if run.state not in DONE_WITH]
    balances = ledger.balances(scope, unit_path=unit.path, month=str(month))
    sessions = tills.session_rows(here).filter(business_on__lt=month.next().first).exclude(state="CLOSED")
    checks = (
        Check(OVER, int(today < month.next().first), blocks=True),
        Check(RUNS, len(runs), blocks=True),
        Check(BALANCED, abs(sum(one.closing_fen for one in balances)), blocks=True),
        Check(TILLS, sessions.count(), blocks=True),
        Check(
            SUSPENSE, abs(sum(one.closing_fen for one in balances if one.ledger_account == "SUSPENSE")), blocks=False
        ),
    )
    return Readiness(unit, month, ledger.is_closed(unit=unit.unit_id, month=str(month)), checks)


@transaction.atomic
def close(*, unit_code: str, month: Month, actor: Actor, at: datetime) -> int:
    """Close the month of a unit and of all below it; returns how many units' books were closed now.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`NotReady` naming what is open, :class:`EarlierMonthOpen`.
    """
    scope = Scope.of(actor)
    unit = organization.unit(scope, unit_code)
    require(actor, "ACCOUNTANT", unit_path=unit.path)
    ready = readiness(scope, unit_code=unit_code, month=month, at=at)
    if ready.is_closed:
        return 0
    if not ready.may_close:
        waiting = ", ".join(check.code for check in ready.checks if check.blocks and not check.is_ok)
        raise NotReady(f"{month} of {unit_code} cannot be closed yet: {waiting}", month=str(month), checks=waiting)
    below = organization.unit_tree(scope.narrowed(unit.path))
    closed = sum(ledger_actions.close_month(unit=one.unit_id, month=str(month), at=at, actor=actor) for one in below)
    facts = {"month": str(month), "units": closed}
    audit.record(
        actor=actor, action="ledger.close", subject=("ledger.Month", f"{unit_code}:{month}"), facts=facts, at=at,
        unit_path=unit.path,
    )  # fmt: skip
    return closed
