"""Transfer of ownership (过户): the meter stays, the old account ends with a final bill, a new one begins at the same reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.metering import actions as metering
from wandeng.domains.network import actions as network
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.domains.tariffs import actions as tariffs
from wandeng.domains.tariffs.types import ContractTerms
from wandeng.flows.connections.connecting import sign
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.standing import end_agreements, refuse_debt, special_reading, the_load, the_terms


def transfer(deed: Deed) -> None:
    """The new customer's account takes over the supply on the day of the special reading: the same transformer, meter, route,
    capacity, voltage and price. The old account is closed that day: the month's bill run bills it up to the reading and the
    new one from it.

    Raises :class:`Conflict` while the old customer owes anything, for an account with several points, or when the meter was
    read later; :class:`InvalidInput` for a day to come, and what each of the actions refuses.
    """
    old = accounts.account(deed.scope, deed.done.account_number)
    if old.closed_on is not None:
        return  # carried out in an earlier round
    refuse_debt(old.id, old.account_number)
    on = deed.day("TRANSFER_ON")
    load = the_load(deed)
    number = customers.allot_number()
    customers.open_account(
        account_number=number, unit_code=old.unit_code, name=deed.text("NEW_NAME"), address=old.address,
        customer_class=old.customer_class, locality=old.locality, importance=old.importance, opened_on=on,
        customer_kind=old.customer_kind, actor=deed.actor, at=deed.at,
    )  # fmt: skip
    customers.add_contact(
        account_number=number, phone=deed.text("NEW_PHONE"), name=deed.text("NEW_NAME"), actor=deed.actor, at=deed.at
    )
    _move_supply(deed, load, number, on)
    end_agreements(deed, old.account_number, on)
    sign(deed, number, on)
    customers.close_account(
        account_number=old.account_number, on=on, actor=deed.actor, at=deed.at, reason=f"{deed.reason} → {number}"
    )


def _move_supply(deed: Deed, load: PointOfAccount, number: str, on: date) -> None:
    code = f"{number}-1"
    network.connect_point(
        code=code, account_number=number, transformer_code=load.transformer_code, voltage_code=load.voltage_code,
        metered_side=load.metered_side, contract_capacity_ckva=load.contract_capacity_ckva, connected_on=on,
        actor=deed.actor, at=deed.at,
    )  # fmt: skip
    terms = the_terms(deed, load.code, on)
    tariffs.assign_price(
        usage_point=code, terms=_of_the_supply(terms), from_on=on, library=deed.library, actor=deed.actor, at=deed.at,
        reason=deed.reason,
    )  # fmt: skip
    metering.hand_over_meter(
        usage_point=load.code, to_usage_point=code, reading=special_reading(deed, terms, on), on=on, actor=deed.actor,
        at=deed.at, reason=deed.reason,
    )  # fmt: skip
    network.disconnect_point(code=load.code, on=on, actor=deed.actor, at=deed.at, reason=deed.reason)


def _of_the_supply(terms: ContractTerms) -> ContractTerms:
    """What belongs to the supply goes over; what was granted to the household that leaves (一户多人口, 免费电量) does not."""
    return replace(terms, household_shift_ckwh=0, free_ckwh=0)
