"""Transfer of ownership (过户): the meters stay, the old account ends with a final bill, a new one begins at the same readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from wandeng.domains.customers import actions as customers
from wandeng.domains.customers import queries as accounts
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.types import Registers
from wandeng.domains.network import actions as network
from wandeng.domains.network.queries.sites import PointOfAccount
from wandeng.domains.tariffs import actions as tariffs
from wandeng.domains.tariffs.types import ContractTerms
from wandeng.flows import final_bill
from wandeng.flows.connections.connecting import sign
from wandeng.flows.connections.deed import Deed
from wandeng.flows.connections.reading import readings
from wandeng.flows.connections.standing import end_agreements, held_terms, require_settled, the_loads


def transfer(deed: Deed) -> None:
    """The new customer's account takes over the supply on the day of the special reading: every usage point with the same
    transformer, meter, route, capacity, voltage and price. The old account is closed that day with its final bill; the
    month's run bills the new one from the reading on.

    Raises ``AccountOwes``, ``AccountHasCredit``, ``FinalBillMissing``, ``FinalBillNotOut``; :class:`Conflict` when a meter was read later;
    :class:`InvalidInput` for a day to come, and what each of the actions refuses.
    """
    old = accounts.account(deed.scope, deed.done.account_number)
    if old.closed_on is not None:
        return  # carried out in an earlier round
    on = deed.day("TRANSFER_ON")
    require_settled(deed)
    final_bill.published(old, on)
    number = customers.allot_number()
    customers.open_account(
        account_number=number, unit_code=old.unit_code, name=deed.text("NEW_NAME"), address=old.address,
        customer_class=old.customer_class, locality=old.locality, importance=old.importance, opened_on=on,
        customer_kind=old.customer_kind, actor=deed.actor, at=deed.at,
    )  # fmt: skip
    customers.add_contact(
        account_number=number, phone=deed.text("NEW_PHONE"), name=deed.text("NEW_NAME"), actor=deed.actor, at=deed.at
    )
    loads = the_loads(deed)
    move_points(deed, loads, readings(deed, loads, on), number, on)
    end_agreements(deed, old.account_number, on)
    sign(deed, number, on)
    customers.close_account(
        account_number=old.account_number, on=on, actor=deed.actor, at=deed.at, reason=f"{deed.reason} → {number}"
    )


def move_points(
    deed: Deed, loads: Sequence[PointOfAccount], shown: Mapping[str, Registers], number: str, on: date
) -> None:
    """Hand usage points over to another account as they stand, with their special readings ``shown`` by code; sub-meters after
    the meters they are deducted from."""
    moved: dict[str, str] = {}
    for place, load in enumerate(sorted(loads, key=lambda one: (bool(one.deducts_from), one.code)), start=1):
        code = f"{number}-{place}"
        network.connect_point(
            code=code, account_number=number, transformer_code=load.transformer_code, voltage_code=load.voltage_code,
            metered_side=load.metered_side, contract_capacity_ckva=load.contract_capacity_ckva, connected_on=on,
            kind=load.kind, deducts_from=moved.get(load.deducts_from, load.deducts_from), actor=deed.actor, at=deed.at,
        )  # fmt: skip
        terms = held_terms(deed, load.code, on)
        if terms is not None:
            tariffs.assign_price(
                usage_point=code, terms=of_the_supply(terms), from_on=on, library=deed.library, actor=deed.actor,
                at=deed.at, reason=deed.reason,
            )  # fmt: skip
        metering.hand_over_meter(
            usage_point=load.code, to_usage_point=code, reading=shown[load.code], on=on, actor=deed.actor, at=deed.at,
            reason=deed.reason,
        )  # fmt: skip
        network.disconnect_point(code=load.code, on=on, actor=deed.actor, at=deed.at, reason=deed.reason)
        moved[load.code] = code


def of_the_supply(terms: ContractTerms, *, running_ckva: int | None = None) -> ContractTerms:
    """What belongs to the supply goes over; what was granted to the household that leaves (一户多人口, 免费电量) does not."""
    running = terms.running_capacity_ckva if running_ckva is None else running_ckva
    return replace(terms, household_shift_ckwh=0, free_ckwh=0, running_capacity_ckva=running)
