"""Changes of supply (变更用电) but transfer: each carries out what its rule says of contract, meter and bill.

Bills follow by themselves: the bill run cuts energy and basic charge at the day of the change, and a closed account's last
period ends there. Months that were billed before a change that reaches back are corrected by ``wandeng bill rebill``.
"""

from __future__ import annotations

from datetime import date

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering import queries as meters
from wandeng.domains.metering.actions.meters import Hanging
from wandeng.domains.network import actions as network
from wandeng.domains.network import queries as points
from wandeng.domains.tariffs import actions as tariffs
from wandeng.domains.tariffs import queries as prices
from wandeng.domains.tariffs.types import ContractTerms, TermsChange
from wandeng.flows import final_bill
from wandeng.flows.connections import bounds
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.dividing import end_supply
from wandeng.flows.connections.standing import (
    refuse_debt,
    require_settled,
    special_reading,
    structure,
    the_load,
    the_terms,
)
from wandeng.kernel.errors import Conflict, InvalidInput

CAPACITY = 1
"""``calc.rating.frames.BasicMethod.CAPACITY``: how a supply that becomes two-part is charged until it chooses otherwise."""


def rename(deed: Deed) -> None:
    """更名: the same customer under another name; contract, price and meter stay."""
    customers.rename_account(
        account_number=deed.done.account_number, name=deed.text("NEW_NAME"), actor=deed.actor, at=deed.at,
        reason=deed.reason,
    )  # fmt: skip


def close_account(deed: Deed) -> None:
    """销户: the meters come down with their last readings, the points are disconnected, the agreement ends, the account is
    closed; its final bill reaches to that day.

    Raises ``AccountOwes``, ``AccountHasCredit``, ``FinalBillMissing``, ``FinalBillNotOut``, and what each of the actions refuses.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    if account.closed_on is not None:
        return  # carried out in an earlier round
    on = deed.day("CLOSE_ON")
    require_settled(deed)
    final_bill.published(account, on)
    end_supply(deed, account, on)


def suspend(deed: Deed) -> None:
    """暂停: the basic charge is less by what rests, from day to day; the capacity comes back by itself.

    Raises ``SuspensionTooShort``, ``AppliedTooLate``, ``ChangeTooLong`` beyond the days of a calendar year, :class:`Conflict`.
    """
    load = the_load(deed)
    from_on, to_on = deed.day("FROM_ON"), deed.day("TO_ON")
    bounds.require_notice(deed.library, deed.asked_on, from_on)
    tariffs.suspend_capacity(
        usage_point=load.code, suspended_ckva=deed.hundredths("SUSPENDED"), from_on=from_on, to_on=to_on,
        library=deed.library, actor=deed.actor, at=deed.at, reason=deed.reason,
    )  # fmt: skip
    held = prices.account_terms(deed.scope, deed.done.account_number)
    pieces = [piece for one in held if one.usage_point == load.code for piece in one.pieces]
    bounds.require_suspension(deed.library, pieces, load.contract_capacity_ckva, from_on, to_on)


def resume(deed: Deed) -> None:
    """暂停恢复: the capacity runs again before its last day of rest; too short a rest counts for nothing where the rule says so."""
    tariffs.resume_capacity(
        usage_point=the_load(deed).code, on=deed.day("ON"), library=deed.library, actor=deed.actor, at=deed.at,
        reason=deed.reason,
    )  # fmt: skip


def reduce(deed: Deed) -> None:
    """减容: less capacity by contract and for the basic charge; below the bound of two-part prices the supply goes over to a
    single-rate price, which the form names.

    Raises :class:`InvalidInput` for more than there is, or where a price must be named.
    """
    load, on = the_load(deed), deed.day("FROM_ON")
    wanted = deed.hundredths("NEW_CAPACITY")
    if not 0 < wanted < load.contract_capacity_ckva:
        raise InvalidInput("a reduction leaves less than was contracted; more is a new connection")
    terms = the_terms(deed, load.code, on)
    network.change_point(
        code=load.code, contract_capacity_ckva=wanted, actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip
    changes: TermsChange = {}
    if terms.running_capacity_ckva:
        changes["running_capacity_ckva"] = min(terms.running_capacity_ckva, wanted)
    least = bounds.two_part_from(deed.library, terms.price_code, on)
    if structure(deed, terms.price_code, on).two_part and wanted < least * 100:
        changes |= _by_price(deed, terms, deed.text("NEW_PRICE"), wanted, on)
        if changes.get("basic_method"):
            raise InvalidInput(f"below {least} kVA a supply is not billed by a two-part price")
    _change(deed, load.code, on, terms, changes)


def larger_for_a_time(deed: Deed) -> None:
    """暂换: a larger transformer for a time; the basic charge counts it from its first day and the old one from the last.

    Raises ``ChangeTooLong``, :class:`InvalidInput` for no larger one, :class:`Conflict` when terms change in between.
    """
    load = the_load(deed)
    from_on, to_on = deed.day("FROM_ON"), deed.day("TO_ON")
    before, wanted = the_terms(deed, load.code, from_on), deed.hundredths("NEW_CAPACITY")
    if wanted <= load.contract_capacity_ckva or from_on >= to_on:
        raise InvalidInput("name a larger transformer, and days on which it stays")
    bounds.require_replacement(deed.library, load.voltage_code, from_on, to_on)
    if the_terms(deed, load.code, to_on) != before:
        raise Conflict(f"the terms of {load.code} change between {from_on} and {to_on}")
    if not before.running_capacity_ckva:
        return  # a single-rate price does not charge capacity: nothing changes on the bill
    _change(deed, load.code, from_on, before, {"running_capacity_ckva": wanted})
    _change(deed, load.code, to_on, None, {"running_capacity_ckva": before.running_capacity_ckva})


def change_class(deed: Deed) -> None:
    """改类: another price from a day on; energy of the month is cut there by days. The class of the customer goes with it."""
    load, on = the_load(deed), deed.day("FROM_ON")
    terms = the_terms(deed, load.code, on)
    code = deed.text("NEW_PRICE")
    _change(deed, load.code, on, terms, _by_price(deed, terms, code, load.contract_capacity_ckva, on))
    account = accounts.account(deed.scope, deed.done.account_number)
    if account.customer_class != "HIGH_VOLTAGE":
        is_home = structure(deed, code, on).customer_class == "residential"
        customers.reclassify_account(
            account_number=account.account_number, customer_class="RESIDENTIAL" if is_home else "LOW_VOLTAGE",
            actor=deed.actor, at=deed.at, reason=deed.reason,
        )  # fmt: skip


def change_voltage(deed: Deed) -> None:
    """改压: another voltage at the same place, and the price of that voltage from the same day on."""
    load, on = the_load(deed), deed.day("FROM_ON")
    terms = the_terms(deed, load.code, on)
    network.change_point(
        code=load.code, voltage_code=deed.text("NEW_VOLTAGE"), actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip
    changes = _by_price(deed, terms, deed.text("NEW_PRICE"), load.contract_capacity_ckva, on)
    _change(deed, load.code, on, terms, changes)


def take_down(deed: Deed) -> None:
    """暂拆: meter and supply come down for a time; account and agreement stay. Nothing is billed from that day on.

    Raises ``AccountOwes``, ``SeveralPoints``.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    refuse_debt(account.id, account.account_number)
    on, load = deed.day("DOWN_ON"), the_load(deed)
    _take_meter(deed, load.code, on)
    network.disconnect_point(code=load.code, on=on, actor=deed.actor, at=deed.at, reason=deed.reason)


def put_back(deed: Deed) -> None:
    """复装接电: supply that was taken down comes back as it was, with a meter from stock, while it is kept.

    Raises ``ChangeTooLong``, :class:`Conflict` where nothing was taken down.
    """
    account = accounts.account(deed.scope, deed.done.account_number)
    every = points.points_of(deed.scope, account.account_number)
    last = max(every, key=lambda one: one.disconnected_on or date.max, default=None)
    if last is None or last.disconnected_on is None or account.closed_on is not None:
        raise Conflict(f"account {account.account_number} has nothing that was taken down")
    on = deed.day("BACK_ON")
    bounds.require_kept(deed.library, last.disconnected_on, on)
    terms = the_terms(deed, last.code, on)
    code = f"{account.account_number}-{len(every) + 1}"
    network.connect_point(
        code=code, account_number=account.account_number, transformer_code=last.transformer_code,
        voltage_code=last.voltage_code, metered_side=last.metered_side,
        contract_capacity_ckva=last.contract_capacity_ckva, connected_on=on, actor=deed.actor, at=deed.at,
    )  # fmt: skip
    tariffs.assign_price(
        usage_point=code, terms=terms, from_on=on, library=deed.library, actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip
    _put_meter(deed, code, last.transformer_code, terms, on)


def _take_meter(deed: Deed, usage_point: str, on: date) -> None:
    terms = the_terms(deed, usage_point, on)
    metering.remove_meter(
        usage_point=usage_point, removed_reading=special_reading(deed, terms, on), on=on, actor=deed.actor, at=deed.at,
        reason=deed.reason,
    )  # fmt: skip


def _put_meter(deed: Deed, code: str, transformer_code: str, terms: ContractTerms, on: date) -> None:
    asset = deed.text("METER")
    if not meters.state_of_meter(asset):
        metering.stock_meter(asset_number=asset, actor=deed.actor, at=deed.at)
    multiplier = int(deed.done.answers.get("MULTIPLIER", "1"))
    metering.install_meter(
        usage_point=code, asset_number=asset, start_reading=special_reading(deed, terms, on), on=on,
        hanging=Hanging(multiplier, route_code=meters.route_behind(transformer_code)), actor=deed.actor, at=deed.at,
    )  # fmt: skip


def _by_price(deed: Deed, terms: ContractTerms, code: str, contract_ckva: int, on: date) -> TermsChange:
    """What another price brings with it: the basic charge of a two-part price, none of a single-rate one; a standard of the
    power factor only where the price has one."""
    facts = structure(deed, code, on)
    changes: TermsChange = {"price_code": code}
    if facts.two_part and not terms.basic_method:
        changes |= {"basic_method": CAPACITY, "running_capacity_ckva": terms.running_capacity_ckva or contract_ckva}
    if not facts.two_part:
        changes |= {"basic_method": 0, "running_capacity_ckva": 0, "contract_demand_ckw": 0}
    if not facts.may_adjust_power_factor:
        changes["pf_standard"] = 0
    if not facts.tiered:
        changes |= {"household_shift_ckwh": 0, "free_ckwh": 0}
    return changes


def _change(deed: Deed, usage_point: str, on: date, before: ContractTerms | None, changes: TermsChange) -> None:
    """Change terms unless everything is as wanted already: a single-rate supply has no capacity on its bill."""
    if before is not None and all(getattr(before, name) == value for name, value in changes.items()):
        return
    tariffs.change_terms(
        usage_point=usage_point, from_on=on, library=deed.library, actor=deed.actor, at=deed.at, reason=deed.reason,
        **changes,
    )  # fmt: skip
