"""A customer takes back a case that may have billed already: what is left to do is told at once, to whoever withdraws it.

A final bill ends in the middle of its month, and the month's run passes by an account that is billed. Where the account goes on
after all, nobody else would bill the rest of the month.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.billing.queries.finals_standing import standing_finals
from wandeng.domains.cases.actions import steering
from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import CaseShown, Charter, Done
from wandeng.domains.customers import queries as customers
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

FINAL_BILL = "FINAL_BILL"
"""The effect of the step that draws up a final bill."""


@dataclass(frozen=True, slots=True)
class BillLeft:
    """A final bill of an account that goes on: a draft is thrown away, one that is in the books is priced again (重算) for the
    whole month, from ``from_on`` on, the first day after it."""

    account_number: str
    run_id: int
    bill_id: int
    month: str
    ends_on: date
    from_on: date
    is_draft: bool

    @property
    def command(self) -> str:
        """The next step on the command line."""
        if self.is_draft:
            return f"wandeng bill discard {self.run_id} --reason …"
        return f"wandeng bill rebill {self.account_number} {self.month} --reason …"


@dataclass(frozen=True, slots=True)
class Withdrawn(Done):
    """Where the case stands, and what is left to do about its bills."""

    left: tuple[BillLeft, ...] = ()


def withdraw(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Withdrawn:
    """As ``cases.actions.steering.withdraw``, with what is left to do."""
    scope = Scope.of(actor)
    # Before it: a case that was lent by another office may be out of reach afterwards.
    left = left_by(scope, cases.case(scope, number, charter=charter, now=at), charter)
    done = steering.withdraw(number=number, reason=reason, actor=actor, at=at, charter=charter)
    return Withdrawn(done.number, done.state, done.step, done.handler, done.due_at, done.is_new, left)


def left_by(scope: Scope, seen: CaseShown, charter: Charter) -> tuple[BillLeft, ...]:
    """The final bills that a case which ends an account has brought about and that stand although the account goes on: what is
    left to do when it is withdrawn. Nothing for kinds of cases without a final bill, and outside the scope."""
    glance = seen.glance
    body = charter.processes.version(glance.process, on=glance.opened_at.astimezone(BILLING_ZONE).date()).body
    if not glance.account_number or all(step.effect != FINAL_BILL for step in body.steps):
        return ()
    try:
        account = customers.account(scope, glance.account_number)
    except NotFound:
        return ()
    if account.closed_on is not None:
        return ()
    return tuple(
        BillLeft(
            glance.account_number,
            one.run_id,
            one.bill_id,
            str(one.month),
            one.ends_on,
            one.month.next().first,
            one.is_draft,
        )
        for one in standing_finals(AccountId(account.id))
    )
