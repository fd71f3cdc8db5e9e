"""May an account be cut for arrears? Every clock recomputed from what was stored, with the chain of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wandeng.calc import cut_clock
from wandeng.domains.collections import arrears, rules
from wandeng.domains.collections.queries import cases
from wandeng.domains.collections.types import CaseShown, Eligibility, Proof, StepShown
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.notices import queries as notices
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
REMINDERS = ("SMS", "VOICE", "VISIT")


@dataclass(frozen=True, slots=True)
class _Whose:
    """The account it is about, as far as the clocks go by it."""

    account: AccountId
    account_number: str
    territory: str
    customer_class: str
    importance: str


@dataclass(frozen=True, slots=True)
class _Owed:
    """What is overdue, and whether a plan to pay it in parts is running."""

    open_fen: int
    oldest_due_on: date | None
    has_plan: bool


def may_be_cut(
    account: AccountId, at: datetime, *, for_dispatch: bool = True, library: RuleLibrary | None = None
) -> Eligibility:
    """Whether the account may be cut at ``at``, why not, and the dates that prove it.

    Without ``for_dispatch`` the second notice, the day and the hour are left out: what an approval asks. Steps whose
    message was sent are looked up in ``notices``; what reached nobody counts for nothing.

    Raises :class:`NotFound` for an account nobody knows, ``NoRuleInForce`` without a rule or a calendar for the day.
    """
    facts = _account(account)
    whose = _Whose(account, facts.account_number, facts.territory, facts.customer_class, facts.importance)
    case = cases.case_of_account(EVERYWHERE, account)
    left = arrears.overdue_of(whose.account_number, on=at.astimezone(BILLING_ZONE).date())
    owed = _Owed(left.open_fen, left.oldest_due_on, arrears.has_plan(account))
    return _judge(whose, owed, case, at, for_dispatch, library or current.library())


def chain_of(case: CaseShown, at: datetime, *, library: RuleLibrary | None = None) -> Eligibility:
    """The same for an approval, of a case that was read already and by the amounts noted on it: for showing. Raises
    ``NoRuleInForce``."""
    whose = _Whose(case.account_id, case.account_number, case.territory, case.customer_class, case.importance)
    owed = _Owed(case.open_fen, case.oldest_due_on if case.open_fen else None, False)
    return _judge(whose, owed, case, at, False, library or current.library())


def _judge(
    whose: _Whose, left: _Owed, case: CaseShown | None, at: datetime, for_dispatch: bool, library: RuleLibrary
) -> Eligibility:
    local = at.astimezone(BILLING_ZONE)
    on = local.date()
    open_case = case if case and case.state != "CLOSED" else None
    terms, path = rules.cut_terms(library, on=on, territory=whose.territory, customer_class=whose.customer_class)
    proofs = _proofs(open_case, at)
    told = _facts(whose, left, open_case, proofs, on)
    calendar = rules.calendar_around(library, on)
    reasons = cut_clock.objections(told, terms, calendar, local=local, for_dispatch=for_dispatch)
    return Eligibility(
        ok=not reasons,
        reasons=reasons,
        evidence=proofs,
        account_id=whose.account,
        case_id=open_case.id if open_case else None,
        open_fen=left.open_fen,
        oldest_due_on=left.oldest_due_on,
        overdue_days=cut_clock.overdue_days(left.oldest_due_on, on),
        earliest_on=_earliest(told, terms, library, on),
        rule_path=path,
    )


def _account(account: AccountId) -> AccountFacts:
    found = customers.accounts_by_id(EVERYWHERE, [account])
    return customers.account(EVERYWHERE, found[0].account_number if found else f"#{account}")


def _proofs(case: CaseShown | None, at: datetime) -> tuple[Proof, ...]:
    """The steps of the case that had reached somebody by ``at``, oldest first."""
    if case is None:
        return ()
    found = [proof for step in case.steps if (proof := _proof(step, case.account_id))]
    return tuple(one for one in found if one.reached_at is not None and one.reached_at <= at)


def _proof(step: StepShown, account: AccountId) -> Proof | None:
    reached_at, channel = step.reached_at, step.channel
    if step.state == "PENDING" and step.by == "MESSAGE":
        for told in notices.reached(step.notice_key, account=account):
            reached_at, channel = (told.at, told.channel) if told.state == "DELIVERED" else (None, "")
    if reached_at is None or step.kind == "CUT":
        return None
    return Proof(
        step_id=step.id,
        kind=step.kind,
        taken_at=step.taken_at,
        reached_at=reached_at,
        reached_whom=step.reached_whom,
        channel=channel,
        evidence=step.evidence,
        notice_key=step.notice_key,
        authority_reference=step.authority_reference,
    )


def _facts(whose: _Whose, left: _Owed, case: CaseShown | None, proofs: Sequence[Proof], on: date) -> cut_clock.CutFacts:
    """What the clocks need. Of several notices the newest counts; of reminders the first."""
    reminders = [one for one in proofs if one.kind in REMINDERS]
    notice = next((one for one in reversed(proofs) if one.kind == "NOTICE"), None)
    second = next((one for one in reversed(proofs) if one.kind == "SECOND_NOTICE"), None)
    protections = case.protections if case else cases.protections_of(whose.account)
    states = {one.state for one in protections if one.valid_from <= on < one.valid_to}
    holding = next((one for one in case.promises if one.state == "HOLDING"), None) if case else None
    return cut_clock.CutFacts(
        open_fen=left.open_fen,
        oldest_due_on=left.oldest_due_on,
        dunned_at=reminders[0].reached_at if reminders else None,
        notice_reached_at=notice.reached_at if notice else None,
        second_reached_at=second.reached_at if second else None,
        is_important=bool(whose.importance),
        authority_told=bool(notice and notice.authority_reference),
        is_protected="APPROVED" in states,
        protection_pending="PROPOSED" in states,
        promise_until=holding.promised_on if holding else None,
        has_plan=left.has_plan,
    )


def _earliest(told: cut_clock.CutFacts, terms: cut_clock.CutTerms, library: RuleLibrary, on: date) -> date | None:
    """The first day on which debt and notice would be old enough and cutting is allowed."""
    if told.oldest_due_on is None or told.notice_reached_at is None:
        return None
    noticed = told.notice_reached_at.astimezone(BILLING_ZONE).date() + timedelta(days=terms.notice_days)
    first = max(told.oldest_due_on + timedelta(days=terms.cut_after_days + 1), noticed, on)
    if told.promise_until is not None:
        first = max(first, told.promise_until + timedelta(days=1))
    try:
        return cut_clock.next_open_day(first, terms, rules.calendar_around(library, on))
    except NoRuleInForce:
        return None
