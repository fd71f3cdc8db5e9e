"""What stands before a change of supply: the one load of an account, its terms, its agreements, and that nothing is owed."""

from __future__ import annotations

from datetime import date

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.metering.types import Registers
from wandeng.domains.network import queries as network
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.domains.tariffs import queries as tariffs
from wandeng.domains.tariffs.types import ContractTerms, StructureFacts
from wandeng.flows.connections.deed import Deed
from wandeng.kernel.errors import Conflict, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import yuan


class AccountOwes(Conflict):
    """An account with debts is neither transferred nor closed."""

    code = "ACCOUNT_OWES"


class SeveralPoints(Conflict):
    """An account with several usage points is changed point by point, by people."""

    code = "ACCOUNT_HAS_SEVERAL_POINTS"


def refuse_debt(account: AccountId, number: str) -> None:
    """Raises :class:`AccountOwes` while published bills of the account are open."""
    owed = ledger.receivable_fen(account=account)
    if owed > 0:
        raise AccountOwes(f"account {number} still owes {yuan(owed)} yuan", owed_fen=owed)


def the_load(deed: Deed) -> PointOfAccount:
    """The one connected usage point of the case's account. Raises :class:`SeveralPoints`, :class:`NotFound` where none is."""
    here = [one for one in network.points_of(deed.scope, deed.done.account_number) if one.disconnected_on is None]
    if not here:
        raise NotFound(f"account {deed.done.account_number} has no connected usage point")
    if len(here) > 1:
        raise SeveralPoints(f"account {deed.done.account_number} has {len(here)} usage points")
    return here[0]


def the_terms(deed: Deed, usage_point: str, on: date) -> ContractTerms:
    """The terms of a usage point on a day. Raises :class:`NotFound`."""
    of_account = tariffs.account_terms(deed.scope, deed.done.account_number)
    held = next((one.on(on) for one in of_account if one.usage_point == usage_point), None)
    if held is None:
        raise NotFound(f"no terms hold at {usage_point} on {on}")
    return held.terms


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
