"""The final bill (末次电费) of an account that is handed over, joined or closed: a small run of its own, made at once from the
last reading, approved by a second person and posted like any other. The month's run then finds the account billed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frozen, standing
from wandeng.domains.billing.actions.runs import OVER, discard, keep_rule_texts
from wandeng.domains.billing.models import Bill, BillRun, BillShard
from wandeng.domains.billing.rules import payment_terms
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

MONTHS_BACK, MONTHS_AHEAD = 13, 3
"""Where bills are looked for: routes are read once a year at the least."""
DECIDED = ("APPROVED", "POSTED", "PUBLISHED")


class BilledBeyond(Conflict):
    """Bills stand for days after the account's end, or are missing before its last period."""

    code = "BILLED_BEYOND_FINAL"


class MonthRunUnderWay(Conflict):
    """The month's run has the account under way: it cannot be billed beside it."""

    code = "MONTH_RUN_UNDER_WAY"


@dataclass(frozen=True, slots=True)
class FinalPeriod:
    """What the final bill covers: ``month`` is the bill month, ``from_on`` ≤ day < ``ends_on``."""

    month: Month
    from_on: date
    ends_on: date


@transaction.atomic
def open_final(
    *, account: AccountFacts, period: FinalPeriod, book: Book, library: RuleLibrary, rules_root: Path,
    reason: str, actor: Actor, at: datetime,
) -> RunId:  # fmt: skip
    """Open the run of an account's final bill with its one shard and its price book frozen. One that was approved for the same
    day and month is answered with; a draft is thrown away and made anew, because a reading may have changed since.

    Raises :class:`BilledBeyond`, :class:`MonthRunUnderWay`, ``NotAllowed``.
    """
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=account.unit_path)
    for shard in BillShard.objects.select_related("run").filter(takes="FINAL", account_from=account.id):
        if shard.run.state in DECIDED and (shard.ends_on, shard.month_index) == (period.ends_on, period.month.index):
            return RunId(shard.run_id)
        if shard.run.state not in (*DECIDED, *OVER):
            discard(run=RunId(shard.run_id), reason=reason, actor=actor, at=at)
    _refuse_billed(account, period)
    _refuse_under_way(account, period.month)
    month = period.month
    unit_id = organization.unit_id(account.unit_code)
    same = BillRun.objects.filter(unit_id=unit_id, month=str(month), kind="FINAL")
    run = BillRun.objects.create(
        id=ids.reserve(BillRun, 1), unit_id=unit_id, month=str(month), kind="FINAL", territory=account.territory,
        sequence=(same.aggregate(last=Max("sequence"))["last"] or 0) + 1, created_by=actor.code, created_at=at,
    )  # fmt: skip
    terms = payment_terms(library, on=month.first, territory=account.territory)
    BillRun.objects.filter(pk=run.pk).update(book_hash=frozen.write_book(run.pk, book, terms))
    keep_rule_texts(book, terms, rules_root, at)
    BillShard.objects.create(
        id=ids.reserve(BillShard, 1), run=run, number=1, takes="FINAL", month_index=month.index, account_from=account.id,
        account_to=account.id + 1, ends_on=period.ends_on,
    )  # fmt: skip
    facts = {"account": account.account_number, "month": str(month), "on": period.ends_on}
    audit.record(
        actor=actor, action="bill.final", subject=run, facts=facts, at=at, reason=reason, unit_path=account.unit_path
    )
    return RunId(run.pk)


def _refuse_billed(account: AccountFacts, period: FinalPeriod) -> None:
    index = period.month.index
    near = list(range(index - MONTHS_BACK, index + MONTHS_AHEAD))
    bills = list(Bill.objects.filter(month_index__in=near, account_id=account.id))
    if any(one.month_index >= index for one in bills):
        raise BilledBeyond(
            f"account {account.account_number} is billed for {period.month} already: cancel that bill or choose a later day"
        )
    newest = max((one.period_to for one in standing.standing(bills)), default=None)
    if bills and (newest is None or newest < period.from_on):
        raise BilledBeyond(
            f"account {account.account_number} has no bill yet for the days before {period.from_on}: bill them first"
        )


def _refuse_under_way(account: AccountFacts, month: Month) -> None:
    open_runs = BillRun.objects.filter(kind="ORDINARY", month=str(month)).exclude(state__in=OVER)
    for run in open_runs.select_related("unit"):
        if account.unit_path.startswith(run.unit.path):
            raise MonthRunUnderWay(
                f"bill run {run.pk} of {run.unit.code} is under way for {month}: publish or discard it first"
            )
