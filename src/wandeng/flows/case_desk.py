"""What whoever takes a call sees at once: who calls, how their supply and money stand, and what is open already."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import CaseGlance, Charter
from wandeng.domains.collections import queries as collections
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts, AccountFound
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.network.queries import supply
from wandeng.domains.network.queries.supply import Supplied
from wandeng.flows import search
from wandeng.infra.scope import Scope

MOST_HITS = 8


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller: the account they speak of, if it is known, what it owes (a credit is negative), whether it is cut off by an
    order, its connected points, its cases, and those in which the number they call from is named."""

    account: AccountFacts | None
    balance_fen: int
    is_cut: bool
    points: tuple[Supplied, ...]
    cases: tuple[CaseGlance, ...]
    by_phone: tuple[CaseGlance, ...]


def found(scope: Scope, asked: str, *, limit: int = MOST_HITS) -> tuple[AccountFound, ...]:
    """The accounts that fit a number, a name, an address or a telephone number, best first."""
    if not asked.strip():
        return ()
    numbers = search.account_numbers(scope, asked.strip(), limit=limit)
    place = {number: at for at, number in enumerate(numbers)}
    return tuple(
        sorted(customers.accounts_named(scope, numbers), key=lambda one: place[one.account_number]) if numbers else ()
    )


def caller(scope: Scope, *, account_number: str, phone: str, charter: Charter) -> Caller:
    """Everything about a caller. Raises ``NotFound`` for an account, also outside the scope."""
    account = customers.account(scope, account_number) if account_number else None
    return about(scope, account, phone=phone, charter=charter)


def about(scope: Scope, account: AccountFacts | None, *, phone: str, charter: Charter) -> Caller:
    """The same for an account that was looked up within the scope already."""
    by_phone = known.cases_by_phone(scope, phone, charter=charter) if phone else ()
    if account is None:
        return Caller(None, 0, False, (), (), by_phone)
    cases = known.cases_of(scope, account.account_number, charter=charter)
    theirs = {one.number for one in cases}
    return Caller(
        account=account,
        balance_fen=ledger.receivable_fen(account=account.id),
        is_cut=collections.is_off(account.id),
        points=tuple(one for one in supply.supply_of(scope, account.account_number) if one.disconnected_on is None),
        cases=cases,
        by_phone=tuple(one for one in by_phone if one.number not in theirs),
    )
