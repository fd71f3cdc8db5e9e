"""Whether an account may be cut by its prepay balance, and what a changed balance does to its episode; in the caller's
transaction, with the account locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.calc import prepay as calc
from wandeng.domains.collections import arrears, balances, rules, rules_prepay
from wandeng.domains.collections.models import DisconnectionOrder, PrepayAgreement, PrepayEpisode
from wandeng.domains.collections.queries import cases, prepay
from wandeng.domains.collections.states_prepay import PREPAY_EPISODE
from wandeng.domains.collections.types import Eligibility, Proof
from wandeng.domains.collections.types_prepay import BalanceNow, PrepayBalanceEvidence, PrepayTerms
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
BEFORE_LEAVING = ("PROPOSED", "SECOND_WANTED", "APPROVED")


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether an account may be cut by its balance, with the balance it was judged by (``None``: it has none)."""

    eligibility: Eligibility
    balance: PrepayBalanceEvidence | None


def judge(account: AccountId, at: datetime, *, for_dispatch: bool = True, library: RuleLibrary | None = None) -> Judged:
    """Every reason against a cut by balance at ``at``, recomputed from what is stored and from the ledger as it is.

    Without ``for_dispatch`` the day and the hour are left out: what an approval asks. Raises :class:`NotFound`,
    ``NoRuleInForce``.
    """
    rulebook = library or current.library()
    local = at.astimezone(BILLING_ZONE)
    facts = _account(account)
    rule = rules_prepay.prepay_rule(facts.territory, local.date(), rulebook)
    terms = rule.of_class(facts.customer_class)
    guard = rules_prepay.guard_terms(
        rule, rulebook, on=local.date(), territory=facts.territory, customer_class=facts.customer_class
    )
    agreement = PrepayAgreement.objects.filter(account_id=account, state="ACTIVE").first()
    episode = open_episode(account)
    balance = balances.now_of(account, facts.account_number, on=local.date(), library=rulebook)
    proofs = _proofs(agreement, episode)
    told = _facts(facts, episode, balance, {one.kind: one for one in proofs}, local.date())
    clock = calc.BalanceTerms(terms.cut_below_fen, terms.grace_hours, terms.fresh_days, guard)
    calendar = rules.calendar_around(rulebook, local.date())
    reasons = calc.objections(told, clock, calendar, local=local, for_dispatch=for_dispatch)
    lacking = max(0, terms.restore_from_fen - (balance.balance_fen or 0))
    found = Eligibility(
        ok=not reasons, reasons=reasons, evidence=proofs, account_id=account, case_id=None, open_fen=lacking,
        oldest_due_on=None, overdue_days=0, earliest_on=None, rule_path=terms.path,
    )  # fmt: skip
    return Judged(found, _evidence(agreement, balance, terms))


def open_episode(account: AccountId) -> PrepayEpisode | None:
    """The episode of low balance that an account is in."""
    rows = PrepayEpisode.objects.filter(account_id=account).exclude(state="CLOSED")
    return rows.select_related("agreement", "account__unit").first()


def is_enough(row: DisconnectionOrder, at: datetime, library: RuleLibrary | None) -> bool:
    """Whether the balance ends a prepay order: one that has not left is void when the balance is no longer overdrawn,
    one that is out from the balance on at which supply is due again."""
    rulebook = library or current.library()
    on = at.astimezone(BILLING_ZONE).date()
    facts = _account(AccountId(row.account_id))
    terms = rules_prepay.prepay_rule(facts.territory, on, rulebook).of_class(facts.customer_class)
    found = balances.now_of(facts.id, facts.account_number, on=on, library=rulebook)
    balance = found.ledger_fen if found.balance_fen is None else found.balance_fen
    return balance >= (terms.cut_below_fen if row.state in BEFORE_LEAVING else terms.restore_from_fen)


def settle(account: AccountId, *, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """What a changed balance does to the open episode: above the warning threshold it is over, no longer overdrawn it is a
    warning again. Nothing for an account without one."""
    episode = open_episode(account)
    if episode is None:
        return
    rulebook = library or current.library()
    owner, on = episode.account, at.astimezone(BILLING_ZONE).date()
    found = balances.now_of(account, owner.account_number, on=on, library=rulebook)
    if found.balance_fen is None:
        return
    lowest = min(episode.lowest_fen, found.balance_fen)
    PrepayEpisode.objects.filter(pk=episode.pk).update(balance_fen=found.balance_fen, lowest_fen=lowest)
    terms = rules_prepay.prepay_rule(owner.unit.territory, on, rulebook).of_class(owner.customer_class)
    if found.balance_fen >= warn_fen_of(episode.agreement, terms):
        move(episode, PREPAY_EPISODE, "close", actor=actor, at=at, closed_at=at, closed_as="TOPPED_UP")
    elif episode.state == "OVERDRAWN" and found.balance_fen >= terms.cut_below_fen:
        move(episode, PREPAY_EPISODE, "recover", actor=actor, at=at)


def warn_fen_of(agreement: PrepayAgreement, terms: PrepayTerms) -> int:
    """The threshold of the newest run; what was agreed, or the least of the class, before the first."""
    least = terms.warn_least_fen if agreement.agreed_warn_fen is None else agreement.agreed_warn_fen
    return least if agreement.warn_fen is None else agreement.warn_fen


def _account(account: AccountId) -> AccountFacts:
    found = customers.accounts_by_id(EVERYWHERE, [account])
    return customers.account(EVERYWHERE, found[0].account_number if found else f"#{account}")


def _proofs(agreement: PrepayAgreement | None, episode: PrepayEpisode | None) -> tuple[Proof, ...]:
    """The chain: the agreement that was signed, the warning and the notice of the overdraft where they reached somebody."""
    found = []
    if agreement is not None:
        paper = agreement.document or f"#{agreement.pk}"
        found.append(_proof(agreement.pk, "AGREEMENT", agreement.enrolled_at, agreement.enrolled_at, paper, ""))
    if episode is not None:
        account = AccountId(episode.account_id)
        steps = [("WARNING", episode.opened_at, episode.warned_key)]
        if episode.state == "OVERDRAWN" and episode.overdrawn_at is not None:
            steps.append(("OVERDRAFT", episode.overdrawn_at, episode.overdrawn_key))
        for kind, taken_at, key in steps:
            reached = prepay.reached_at(key, account)
            if reached is not None:
                found.append(_proof(episode.pk, kind, taken_at, reached, "", key))
    return tuple(found)


def _proof(step_id: int, kind: str, taken_at: datetime, reached_at: datetime, evidence: str, key: str) -> Proof:
    return Proof(
        step_id=step_id, kind=kind, taken_at=taken_at, reached_at=reached_at, reached_whom="CUSTOMER", channel="",
        evidence=evidence, notice_key=key, authority_reference="",
    )  # fmt: skip


def _facts(
    facts: AccountFacts, episode: PrepayEpisode | None, balance: BalanceNow, proofs: dict[str, Proof], on: date
) -> calc.BalanceFacts:
    protections = cases.protections_of(facts.id)
    states = {one.state for one in protections if one.valid_from <= on < one.valid_to}
    case = cases.case_of_account(EVERYWHERE, facts.id)
    holding = next((one for one in case.promises if one.state == "HOLDING"), None) if case else None
    warned, told = proofs.get("WARNING"), proofs.get("OVERDRAFT")
    return calc.BalanceFacts(
        is_overdrawn=episode is not None and episode.state == "OVERDRAWN",
        balance_fen=balance.balance_fen,
        day=balance.day,
        is_doubtful=bool(balance.doubt),
        warned_at=warned.reached_at if warned else None,
        overdraft_told_at=told.reached_at if told else None,
        is_important=bool(facts.importance),
        is_protected="APPROVED" in states,
        protection_pending="PROPOSED" in states,
        promise_until=holding.promised_on if holding else None,
        has_plan=arrears.has_plan(facts.id),
    )


def _evidence(
    agreement: PrepayAgreement | None, balance: BalanceNow, terms: PrepayTerms
) -> PrepayBalanceEvidence | None:
    if agreement is None or balance.day is None or balance.balance_fen is None:
        return None
    return PrepayBalanceEvidence(
        day=balance.day, estimate_fen=balance.estimate_fen, ledger_fen=balance.ledger_fen,
        balance_fen=balance.balance_fen, cut_below_fen=terms.cut_below_fen, restore_from_fen=terms.restore_from_fen,
        agreement_id=int(agreement.pk), document=agreement.document,
    )  # fmt: skip
