"""What stands before a change of supply: the loads of an account, its terms, its agreements, and that nothing is owed."""

from __future__ import annotations

from datetime import date

from wandeng.domains.collections import queries as collections
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.metering.types import Registers
from wandeng.domains.network import queries as network
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.domains.payments import queries as payments
from wandeng.domains.tariffs import queries as tariffs
from wandeng.domains.tariffs.types import ContractTerms, StructureFacts
from wandeng.flows.connections import bounds
from wandeng.flows.connections.deed import Deed
from wandeng.kernel.errors import Conflict, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import yuan


class AccountOwes(Conflict):
    """An account with debts is neither transferred nor closed."""

    code = "ACCOUNT_OWES"


POINT = "USAGE_POINT"
"""The field that names one of several usage points."""


class SeveralPoints(Conflict):
    """The change is of one usage point, and the account has several: the form must name it; ``facts['codes']``."""

    code = "ACCOUNT_HAS_SEVERAL_POINTS"


class AccountHasCredit(Conflict):
    """An account that ends has money left with the utility."""

    code = "ACCOUNT_HAS_CREDIT"


def refuse_debt(account: AccountId, number: str) -> None:
    """Raises :class:`AccountOwes` while published bills of the account are open."""
    owed = ledger.receivable_fen(account=account)
    if owed > 0:
        raise AccountOwes(f"account {number} still owes {yuan(owed)} yuan", owed_fen=owed)


def nothing_owed(deed: Deed) -> None:
    """:func:`refuse_debt` of the case's account."""
    account = accounts.account(deed.scope, deed.done.account_number)
    refuse_debt(account.id, account.account_number)


def require_settled(deed: Deed) -> None:
    """What an account that ends must have settled: its bills are paid, or what they come to is promised where the rule takes
    a promise; its credit is paid back or moved.

    Raises :class:`AccountOwes`, :class:`AccountHasCredit`.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    found = payments.standing(deed.scope, account.account_number, on=deed.today, library=deed.library)
    if found.owed_fen:
        agreed = 0
        if bounds.settlement(deed.library, deed.today).by_promise:
            agreed = collections.promised_fen(account.id, on=deed.today)
        if agreed < found.owed_fen:
            raise AccountOwes(
                f"account {account.account_number} still owes {yuan(found.owed_fen)} yuan", owed_fen=found.owed_fen
            )
    held = found.credit_fen + found.deposit_fen
    if held:
        raise AccountHasCredit(
            f"account {account.account_number} has {yuan(held)} yuan of credit or deposit: pay it back or move it first",
            credit_fen=found.credit_fen, deposit_fen=found.deposit_fen,
        )  # fmt: skip


def the_loads(deed: Deed) -> tuple[PointOfAccount, ...]:
    """The connected usage points of the case's account, by code. Raises :class:`NotFound` where there are none."""
    here = [one for one in network.points_of(deed.scope, deed.done.account_number) if one.disconnected_on is None]
    if not here:
        raise NotFound(f"account {deed.done.account_number} has no connected usage point")
    return tuple(sorted(here, key=lambda one: one.code))


def the_load(deed: Deed) -> PointOfAccount:
    """The connected usage point that the case is about: the one the form names, or the only one.

    Raises :class:`SeveralPoints` where the form names none of several, :class:`NotFound`.
    """
    here, named = the_loads(deed), deed.done.answers.get(POINT, "")
    if named:
        found = next((one for one in here if one.code == named), None)
        if found is None:
            raise NotFound(f"account {deed.done.account_number} has no connected usage point {named}")
        return found
    if len(here) > 1:
        codes = ", ".join(one.code for one in here)
        raise SeveralPoints(
            f"account {deed.done.account_number} has {len(here)} usage points: name one of {codes}",
            codes=[one.code for one in here],
        )
    return here[0]


def held_terms(deed: Deed, usage_point: str, on: date) -> ContractTerms | None:
    """The terms of a usage point on a day; none for a sub-meter that only reduces another."""
    of_account = tariffs.account_terms(deed.scope, deed.done.account_number)
    held = next((one.on(on) for one in of_account if one.usage_point == usage_point), None)
    return held.terms if held else None


def the_terms(deed: Deed, usage_point: str, on: date) -> ContractTerms:
    """The terms of a usage point on a day. Raises :class:`NotFound`."""
    held = held_terms(deed, usage_point, on)
    if held is None:
        raise NotFound(f"no terms hold at {usage_point} on {on}")
    return held


def structure(deed: Deed, price_code: str, on: date) -> StructureFacts:
    """What a price code is like on a day. Raises as ``tariffs.queries.structure_facts``."""
    return tariffs.structure_facts(deed.library, price_code, on)


def special_reading(deed: Deed, terms: ContractTerms, on: date) -> Registers:
    """The special reading (特抄) of the form, with the registers that the price counts."""
    return deed.registers("READING", with_periods=structure(deed, terms.price_code, on).needs_period_registers)


def end_agreements(deed: Deed, account_number: str, on: date) -> None:
    """Terminate what is signed on a day, and give up drafts."""
    for one in accounts.agreements_of(deed.scope, account_number):
        if one.state == "SIGNED" and one.valid_from < on <= one.valid_to:
            customers.terminate_agreement(
                number=one.number, on=on, actor=deed.actor, at=deed.at, reason=deed.reason
            )  # fmt: skip
        elif one.state == "DRAFT":
            customers.withdraw_agreement(number=one.number, actor=deed.actor, at=deed.at, reason=deed.reason)
