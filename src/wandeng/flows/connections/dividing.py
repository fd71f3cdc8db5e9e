"""Accounts that divide, join or move: split (分户), joining (并户), move of the place of supply (迁址).

Each keeps to one point of supply, the transformer, and to the capacity there is; more is a new connection. What is owed is
settled first. Bills follow by themselves: capacity is charged by days before and after, each meter is billed where it hangs.
"""

from __future__ import annotations

from datetime import date

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering import queries as meters
from wandeng.domains.metering.actions.meters import Hanging
from wandeng.domains.network import actions as network
from wandeng.domains.network import queries as points
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.domains.tariffs import actions as tariffs
from wandeng.domains.tariffs.types import ContractTerms
from wandeng.flows import final_bill
from wandeng.flows.connections import bounds
from wandeng.flows.connections.connecting import sign
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.reading import readings
from wandeng.flows.connections.standing import (
    SeveralPoints,
    end_agreements,
    refuse_debt,
    require_settled,
    structure,
    the_load,
    the_loads,
    the_terms,
)
from wandeng.flows.connections.transferring import move_points, of_the_supply
from wandeng.kernel.errors import Conflict, InvalidInput


class BeyondTheSupply(Conflict):
    """The change would need another point of supply or more capacity than there is: that is a new connection."""

    code = "BEYOND_THE_SUPPLY"


def split(deed: Deed) -> None:
    """分户: a second account begins, either with usage points of the first as they hang (``POINTS``), or with a new point and
    meter behind the same transformer that takes part of the capacity of one (``NEW_CAPACITY``). The first goes on.

    Raises ``AccountOwes``, :class:`BeyondTheSupply`, ``SeveralPoints``, :class:`InvalidInput`, and what the actions refuse.
    """
    old = accounts.account(deed.scope, deed.done.account_number)
    if deed.done.round > 1:
        return  # carried out in an earlier round
    refuse_debt(old.id, old.account_number)
    on = deed.day("SPLIT_ON")
    number = _open_like(deed, old, name=deed.text("NEW_NAME"), phone=deed.text("NEW_PHONE"), address=old.address, on=on)
    named = deed.done.answers.get("POINTS", "").split()
    if named:
        _split_points(deed, named, number, on)
    else:
        _split_capacity(deed, the_load(deed), number, on)
    sign(deed, number, on)


def _split_points(deed: Deed, named: list[str], number: str, on: date) -> None:
    loads = the_loads(deed)
    strangers = sorted(set(named) - {one.code for one in loads})
    if strangers:
        raise InvalidInput(f"{', '.join(strangers)} are no connected usage points of the account")
    going = [one for one in loads if one.code in named]
    if len(going) == len(loads):
        raise InvalidInput("a split leaves something to the first account: hand all of it over by a transfer")
    parted = [one.code for one in loads if one.deducts_from and (one.code in named) != (one.deducts_from in named)]
    if parted:
        raise InvalidInput(f"{', '.join(parted)} are deducted from a meter on the other side: they go together")
    move_points(deed, going, readings(deed, going, on), number, on)


def _split_capacity(deed: Deed, load: PointOfAccount, number: str, on: date) -> None:
    wanted = deed.hundredths("NEW_CAPACITY")
    left = load.contract_capacity_ckva - wanted
    if wanted <= 0 or left <= 0:
        raise BeyondTheSupply(
            f"usage point {load.code} has {load.contract_capacity_ckva} (0.01 kVA) to divide: more is a new connection"
        )
    terms = the_terms(deed, load.code, on)
    if structure(deed, terms.price_code, on).two_part:
        least = bounds.two_part_from(deed.library, terms.price_code, on) * 100
        if min(wanted, left) < least:
            raise BeyondTheSupply(
                f"a part below {least // 100} kVA is not billed by a two-part price: change the price first"
            )
    network.change_point(
        code=load.code, contract_capacity_ckva=left, actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip
    new = of_the_supply(terms)
    if terms.running_capacity_ckva:
        running = max(terms.running_capacity_ckva - wanted, 0)
        tariffs.change_terms(
            usage_point=load.code, running_capacity_ckva=running, from_on=on, library=deed.library, actor=deed.actor,
            at=deed.at, reason=deed.reason,
        )  # fmt: skip
        new = of_the_supply(terms, running_ckva=wanted)
    _connect(deed, load, f"{number}-1", number, wanted, new, on)


def join(deed: Deed) -> None:
    """并户: the account of the case ends with its final bill; its capacity goes to a neighbour's usage point behind the same
    transformer, whose meter counts for both from then on.

    Raises ``AccountOwes``, ``AccountHasCredit``, ``FinalBillMissing``, ``FinalBillNotOut``, :class:`BeyondTheSupply`, ``SeveralPoints``.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    if account.closed_on is not None:
        return  # carried out in an earlier round
    on, loads = deed.day("JOIN_ON"), the_loads(deed)
    into = accounts.account(deed.scope, deed.text("INTO_ACCOUNT"))
    if into.id == account.id or into.closed_on is not None:
        raise InvalidInput(f"account {into.account_number} is no neighbour that goes on")
    require_settled(deed)
    refuse_debt(into.id, into.account_number)
    final_bill.published(account, on)
    onto = _onto(deed, into, loads)
    added = sum(one.contract_capacity_ckva for one in loads)
    running = sum(the_terms(deed, one.code, on).running_capacity_ckva for one in loads)
    end_supply(deed, account, on)
    if added:
        network.change_point(
            code=onto.code, contract_capacity_ckva=onto.contract_capacity_ckva + added, actor=deed.actor, at=deed.at,
            reason=deed.reason,
        )  # fmt: skip
    held = _terms_of(deed, into, onto, on)
    if held.running_capacity_ckva and running:
        tariffs.change_terms(
            usage_point=onto.code, running_capacity_ckva=held.running_capacity_ckva + running, from_on=on,
            library=deed.library, actor=deed.actor, at=deed.at, reason=deed.reason,
        )  # fmt: skip


def _onto(deed: Deed, into: AccountFacts, loads: tuple[PointOfAccount, ...]) -> PointOfAccount:
    """The neighbour's usage point that goes on. Raises ``SeveralPoints``, :class:`BeyondTheSupply` for another transformer."""
    here = [one for one in points.points_of(deed.scope, into.account_number) if one.disconnected_on is None]
    named = deed.done.answers.get("INTO_POINT", "")
    chosen = [one for one in here if not named or one.code == named]
    if len(chosen) != 1:
        codes = [one.code for one in here]
        raise SeveralPoints(
            f"account {into.account_number} has {len(here)} usage points: name one of {', '.join(codes)}", codes=codes
        )
    if {one.transformer_code for one in loads} != {chosen[0].transformer_code}:
        raise BeyondTheSupply(
            f"accounts join at one point of supply: {chosen[0].code} hangs on {chosen[0].transformer_code}"
        )
    return chosen[0]


def _terms_of(deed: Deed, into: AccountFacts, onto: PointOfAccount, on: date) -> ContractTerms:
    neighbour = Deed(deed.done_for(into.account_number), deed.actor, deed.at, deed.charter)
    return the_terms(neighbour, onto.code, on)


def relocate(deed: Deed) -> None:
    """迁址: supply at the old place ends with its final bill, and the same customer has a new account at the new place, behind
    the same transformer, with at most the same capacity, at the same price, from the same day on.

    Raises ``AccountOwes``, ``AccountHasCredit``, ``FinalBillMissing``, ``FinalBillNotOut``, ``SeveralPoints``, :class:`BeyondTheSupply`.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    if account.closed_on is not None:
        return  # carried out in an earlier round
    on, load = deed.day("MOVE_ON"), the_load(deed)
    if deed.text("NEW_TRANSFORMER") != load.transformer_code:
        raise BeyondTheSupply(
            f"the new place hangs on another point of supply than {load.transformer_code}: connect it anew"
        )
    capacity = load.contract_capacity_ckva
    if deed.done.answers.get("NEW_CAPACITY"):
        capacity = deed.hundredths("NEW_CAPACITY")
    if capacity > load.contract_capacity_ckva:
        raise BeyondTheSupply(
            f"usage point {load.code} has {load.contract_capacity_ckva} (0.01 kVA): more at the new place is a new connection"
        )
    require_settled(deed)
    final_bill.published(account, on)
    terms = the_terms(deed, load.code, on)
    end_supply(deed, account, on)
    number = _open_like(
        deed, account, name=account.name, phone=deed.text("PHONE"), address=deed.text("NEW_ADDRESS"), on=on
    )
    running = min(terms.running_capacity_ckva, capacity)
    _connect(deed, load, f"{number}-1", number, capacity, of_the_supply(terms, running_ckva=running), on)
    sign(deed, number, on)


def end_supply(deed: Deed, account: AccountFacts, on: date) -> None:
    """Take every meter of an account down with its special reading, disconnect its points, end its agreements, close it."""
    loads = the_loads(deed)
    shown = readings(deed, loads, on)
    for load in loads:
        metering.remove_meter(
            usage_point=load.code, removed_reading=shown[load.code], on=on, actor=deed.actor, at=deed.at,
            reason=deed.reason,
        )  # fmt: skip
        network.disconnect_point(code=load.code, on=on, actor=deed.actor, at=deed.at, reason=deed.reason)
    end_agreements(deed, account.account_number, on)
    customers.close_account(
        account_number=account.account_number, on=on, actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip


def _open_like(deed: Deed, old: AccountFacts, *, name: str, phone: str, address: str, on: date) -> str:
    number = customers.allot_number()
    customers.open_account(
        account_number=number, unit_code=old.unit_code, name=name, address=address, customer_class=old.customer_class,
        locality=old.locality, importance=old.importance, opened_on=on, customer_kind=old.customer_kind, actor=deed.actor,
        at=deed.at,
    )  # fmt: skip
    customers.add_contact(account_number=number, phone=phone, name=name, actor=deed.actor, at=deed.at)
    return number


def _connect(
    deed: Deed, like: PointOfAccount, code: str, number: str, capacity_ckva: int, terms: ContractTerms, on: date
) -> None:
    """A usage point like another, with its price and a meter from stock on the route of the neighbours."""
    network.connect_point(
        code=code, account_number=number, transformer_code=like.transformer_code, voltage_code=like.voltage_code,
        metered_side=like.metered_side, contract_capacity_ckva=capacity_ckva, connected_on=on, actor=deed.actor,
        at=deed.at,
    )  # fmt: skip
    tariffs.assign_price(
        usage_point=code, terms=terms, from_on=on, library=deed.library, actor=deed.actor, at=deed.at,
        reason=deed.reason,
    )  # fmt: skip
    asset = deed.text("METER")
    if not meters.state_of_meter(asset):
        metering.stock_meter(asset_number=asset, actor=deed.actor, at=deed.at)
    first = deed.registers("START_READING", with_periods=structure(deed, terms.price_code, on).needs_period_registers)
    metering.install_meter(
        usage_point=code, asset_number=asset, start_reading=first, on=on,
        hanging=Hanging(
            int(deed.done.answers.get("MULTIPLIER") or 1), route_code=meters.route_behind(like.transformer_code)
        ),
        actor=deed.actor, at=deed.at,
    )  # fmt: skip
