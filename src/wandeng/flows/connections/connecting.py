"""Connecting (装表接电): with the last step of a new connection there is an account that is billed, and nothing was typed twice."""

from __future__ import annotations

from datetime import date

from wandeng.domains.connections.actions import projects
from wandeng.domains.connections.types import CUSTOMER_CLASSES, Plan, PlannedSource
from wandeng.domains.customers import actions as customers
from wandeng.domains.metering import actions as metering
from wandeng.domains.metering import queries as meters
from wandeng.domains.metering.actions.meters import Hanging
from wandeng.domains.network import actions as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.tariffs import actions as tariffs
from wandeng.domains.tariffs import queries as prices
from wandeng.domains.tariffs.types import ContractTerms, InstalledTransformer, StructureFacts
from wandeng.flows.connections.deed import Deed
from wandeng.kernel.ids import UsagePointId

YEARS = "agreement.years"


def connect(deed: Deed) -> None:
    """Make what the project lays down: customer, account and contact, a usage point for each source (at high voltage behind the
    customer's own transformer), the signed agreement, the price, and the meters with their first readings on the routes of
    the neighbours. A case that was opened again has its account already: nothing is made twice.

    Raises ``SchemeMissing``, ``FormIncomplete``, and what each of the actions refuses.
    """
    plan = projects.plan(deed.done.case_id)
    if plan.account_number:
        return
    on = deed.day("ENERGISED")
    number = customers.allot_number()
    is_home = plan.connection_class == "RESIDENTIAL"
    account = customers.open_account(
        account_number=number, unit_code=deed.done.unit_code, name=deed.text("NAME"), address=deed.text("ADDRESS"),
        customer_class=CUSTOMER_CLASSES[plan.connection_class], locality=deed.done.locality or "URBAN", opened_on=on,
        customer_kind="PERSON" if is_home else "ORGANIZATION", actor=deed.actor, at=deed.at,
    )  # fmt: skip
    customers.add_contact(
        account_number=number, phone=deed.text("PHONE"), name=deed.text("NAME"), actor=deed.actor, at=deed.at
    )
    sign(deed, number, on)
    facts = prices.structure_facts(deed.library, plan.terms.price_code, on)
    running = _running(plan, facts)
    points = {one.place: _supply(deed, plan, one, number, on, running.get(one.place, 0), facts) for one in plan.sources}
    projects.made(case_id=deed.done.case_id, account=account, points=points, on=on, actor=deed.actor)


def sign(deed: Deed, account_number: str, on: date) -> None:
    """Draft and sign the agreement of an account from a day on, for as long as the utility's parameter says."""
    years = organization.parameter_int(YEARS, on)
    number = f"{account_number}-{on:%Y%m%d}"
    # 29 February ends on 1 March of a year that has none.
    is_leap = (on.month, on.day) == (2, 29)
    until = date(on.year + years, 3, 1) if is_leap else on.replace(year=on.year + years)
    customers.draft_agreement(
        number=number, account_number=account_number, valid_from=on, valid_to=until, library=deed.library,
        actor=deed.actor, at=deed.at,
    )  # fmt: skip
    customers.sign_agreement(number=number, signed_on=on, actor=deed.actor, at=deed.at, reason=deed.reason)


def _running(plan: Plan, facts: StructureFacts) -> dict[int, int]:
    """Running capacity of each source for the basic charge: of sources that are interlocked the largest counts, and it counts at
    the main one (1996 art. 85); a source that runs beside it counts for itself."""
    if not facts.two_part:
        return {}
    beside = {one.place: one.capacity_ckva for one in plan.sources if one.place > 1 and not one.is_interlocked}
    locked = any(one.is_interlocked for one in plan.sources)
    main = tariffs.running_capacity(
        [
            InstalledTransformer(one.capacity_ckva, interlock="A" if locked else "", branch=str(one.place))
            for one in plan.sources
            if one.place == 1 or one.is_interlocked
        ]
    )
    return {1: main} | beside


def _supply(
    deed: Deed, plan: Plan, source: PlannedSource, number: str, on: date, running_ckva: int, facts: StructureFacts
) -> UsagePointId:  # fmt: skip
    """One source: its transformer where it is the customer's own, the usage point, the price, the meter."""
    code = f"{number}-{source.place}"
    behind = source.transformer_code or _own_transformer(deed, source, code)
    point = network.connect_point(
        code=code, account_number=number, transformer_code=behind, voltage_code=source.voltage_code,
        metered_side=source.metered_side, contract_capacity_ckva=source.capacity_ckva, connected_on=on,
        actor=deed.actor, at=deed.at,
    )  # fmt: skip
    is_main = source.place == 1
    terms = ContractTerms(
        price_code=plan.terms.price_code, running_capacity_ckva=running_ckva, pf_standard=plan.terms.pf_standard,
        basic_method=plan.terms.basic_method if running_ckva or is_main else 0,
        contract_demand_ckw=plan.terms.contract_demand_ckw if is_main else 0,
    )  # fmt: skip
    tariffs.assign_price(
        usage_point=code, terms=terms, from_on=on, library=deed.library, actor=deed.actor, at=deed.at, reason=deed.reason
    )  # fmt: skip
    _hang(deed, plan, source, code, behind, on, facts)
    return point


def _own_transformer(deed: Deed, source: PlannedSource, code: str) -> str:
    network.build_transformer(
        code=f"ZB{code}", name=f"{deed.text('NAME')}专变{source.place}", feeder_code=source.feeder_code,
        capacity_ckva=source.capacity_ckva, ownership="CUSTOMER", actor=deed.actor, at=deed.at,
    )  # fmt: skip
    return f"ZB{code}"


def _hang(
    deed: Deed, plan: Plan, source: PlannedSource, code: str, behind: str, on: date, facts: StructureFacts
) -> None:  # fmt: skip
    """The meter of a source with its first reading: from stock, taken into stock where it is new to the product."""
    end = "" if source.place == 1 else f"_{source.place}"
    asset = deed.text(f"METER{end}")
    route = plan.terms.route_code or meters.route_behind(behind)
    if not route and deed.done.transformer_code:
        route = meters.route_behind(deed.done.transformer_code)
    # At high voltage the multiplier of the instrument transformers is never taken for granted.
    is_high = source.metered_side == "HIGH"
    given = deed.text(f"MULTIPLIER{end}") if is_high else deed.done.answers.get(f"MULTIPLIER{end}", "")
    if not meters.state_of_meter(asset):
        metering.stock_meter(asset_number=asset, actor=deed.actor, at=deed.at)
    first = deed.registers(f"START_READING{end}", with_periods=facts.needs_period_registers)
    metering.install_meter(
        usage_point=code, asset_number=asset, start_reading=first, on=on,
        hanging=Hanging(int(given or 1), route_code=route), actor=deed.actor, at=deed.at,
    )  # fmt: skip
