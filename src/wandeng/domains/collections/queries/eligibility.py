"""May an account be cut for arrears? Every clock recomputed from what was stored, with the chain of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from wandeng.calc import cut_clock
from wandeng.domains.collections import arrears, rules
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.types import Eligibility, Proof
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.notices import queries as notices
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NoRuleInForce, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
REMINDERS = ("SMS", "VOICE", "VISIT")


def may_be_cut(
    account: AccountId, at: datetime, *, for_dispatch: bool = True, library: RuleLibrary | None = None
) -> Eligibility:
    """Whether the account may be cut at ``at``, why not, and the dates that prove it.

    Without ``for_dispatch`` the second notice, the day and the hour are left out: what an approval asks. Steps whose
    message was sent are looked up in ``notices``; what reached nobody counts for nothing.

    Raises :class:`NotFound` for an account nobody knows, ``NoRuleInForce`` without a rule or a calendar for the day.
    """
    facts, library = _account(account), library or current.library()
    local = at.astimezone(BILLING_ZONE)
    on = local.date()
    terms, path = rules.cut_terms(library, on=on, territory=facts.territory, customer_class=facts.customer_class)
    left = arrears.overdue_of(facts.account_number, on=on)
    case = DunningCase.objects.filter(account_id=account).exclude(state="CLOSED").first()
    proofs = _proofs(case, at)
    told = _facts(left, case, proofs, account, on, is_important=bool(facts.importance))
    calendar = rules.calendar_around(library, on)
    reasons = cut_clock.objections(told, terms, calendar, local=local, for_dispatch=for_dispatch)
    return Eligibility(
        ok=not reasons,
        reasons=reasons,
        evidence=proofs,
        account_id=account,
        case_id=case.pk if case else None,
        open_fen=left.open_fen,
        oldest_due_on=left.oldest_due_on,
        overdue_days=cut_clock.overdue_days(left.oldest_due_on, on),
        earliest_on=_earliest(told, terms, library, on),
        rule_path=path,
    )


def _account(account: AccountId) -> AccountFacts:
    for found in customers.accounts_by_id(EVERYWHERE, [account]):
        return customers.account(EVERYWHERE, found.account_number)
    raise NotFound(f"there is no account {account}")


def _proofs(case: DunningCase | None, at: datetime) -> tuple[Proof, ...]:
    """The steps of the case that had reached somebody by ``at``, oldest first."""
    if case is None:
        return ()
    account, steps = AccountId(case.account_id), DunningStep.objects.filter(case=case).order_by("taken_at", "id")
    found = [proof for step in steps if (proof := _proof(step, account))]
    return tuple(one for one in found if one.reached_at is not None and one.reached_at <= at)


def _proof(step: DunningStep, account: AccountId) -> Proof | None:
    reached_at, channel = step.reached_at, step.channel
    if step.state == "PENDING" and step.by == "MESSAGE":
        for told in notices.reached(step.notice_key, account=account):
            reached_at, channel = (told.at, told.channel) if told.state == "DELIVERED" else (None, "")
    if reached_at is None or step.kind == "CUT":
        return None
    return Proof(
        step_id=step.pk, kind=step.kind, taken_at=step.taken_at, reached_at=reached_at, reached_whom=step.reached_whom,
        channel=channel, evidence=step.evidence, notice_key=step.notice_key,
        authority_reference=step.authority_reference,
    )  # fmt: skip


def _facts(
    left: arrears.Overdue, case: DunningCase | None, proofs: Sequence[Proof], account: AccountId, on: date, *,
    is_important: bool,
) -> cut_clock.CutFacts:  # fmt: skip
    """What the clocks need. Of several notices the newest counts; of reminders the first."""
    reminders = [one for one in proofs if one.kind in REMINDERS]
    notice = next((one for one in reversed(proofs) if one.kind == "NOTICE"), None)
    second = next((one for one in reversed(proofs) if one.kind == "SECOND_NOTICE"), None)
    protections = ProtectedCustomer.objects.filter(account_id=account, valid_from__lte=on, valid_to__gt=on)
    states = set(protections.values_list("state", flat=True))
    holding = PromiseToPay.objects.filter(case=case, state="HOLDING").first() if case else None
    return cut_clock.CutFacts(
        open_fen=left.open_fen,
        oldest_due_on=left.oldest_due_on,
        dunned_at=reminders[0].reached_at if reminders else None,
        notice_reached_at=notice.reached_at if notice else None,
        second_reached_at=second.reached_at if second else None,
        is_important=is_important,
        authority_told=bool(notice and notice.authority_reference),
        is_protected="APPROVED" in states,
        protection_pending="PROPOSED" in states,
        promise_until=holding.promised_on if holding else None,
        has_plan=arrears.has_plan(account),
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
