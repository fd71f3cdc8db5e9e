"""A project is begun with the first thing done to it; who surveys and who leads it; by which price it will be billed; made."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from wandeng.domains.cases.queries import one as cases
from wandeng.domains.cases.types import CaseShown, Charter
from wandeng.domains.connections.models import ConnectionProject, SupplySource
from wandeng.domains.connections.types import (
    CLASSES,
    PROCESSES,
    SOURCES_WANTED,
    AlreadyConnected,
    NoConnection,
    Plan,
    PlannedSource,
    SchemeMissing,
    SupplyTerms,
)
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.tariffs import queries as tariffs
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

AT_WORK = (Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER)
"""Whose work a connection is."""
CKVA_PER_KVA = 100
SURVEYORS: Mapping[str, Role] = {
    "low_voltage_connection": Role.CELL_MANAGER,
    "high_voltage_connection": Role.ACCOUNT_MANAGER,
}
"""Who surveys, by process."""


@transaction.atomic
def appoint(
    *, case_number: str, actor: Actor, at: datetime, charter: Charter, surveyor: str = "", manager: str = ""
) -> None:  # fmt: skip
    """Put in who surveys, as the customer chose (客户选择勘查员), and who leads the project (项目经理); empty: as it is.

    Raises :class:`NotFound`, :class:`InvalidInput` for a surveyor who does not hold the role there or when nobody is named,
    :class:`AlreadyConnected`.
    """
    row, shown = begun(case_number, actor, at, charter)
    on = at.astimezone(BILLING_ZONE).date()
    may = organization.holders(shown.unit_path, SURVEYORS[shown.glance.process], on)
    if surveyor and surveyor not in may:
        raise InvalidInput(f"{surveyor} does not survey for {shown.unit_code}: {', '.join(may) or 'nobody does'}")
    if not surveyor and not manager:
        raise InvalidInput("name who surveys or who leads the project")
    if manager:
        organization.person_card(manager)
    changes = {name: code for name, code in (("surveyor", surveyor), ("manager", manager)) if code}
    ConnectionProject.objects.filter(pk=row.pk).update(**changes)
    record("connection.appoint", row, shown, changes, actor, at)


@transaction.atomic
def set_terms(*, case_number: str, terms: SupplyTerms, actor: Actor, at: datetime, charter: Charter) -> None:
    """Lay down by which price and terms the connection will be billed.

    Raises :class:`NotFound`, ``PriceCodeUnknown``, :class:`NoRuleInForce` for a code that is not offered, :class:`InvalidInput`
    for one of another territory or for terms that are none of it, :class:`AlreadyConnected`.
    """
    row, shown = begun(case_number, actor, at, charter)
    on = at.astimezone(BILLING_ZONE).date()
    territory = organization.unit(Scope.everywhere(), shown.unit_code).territory
    facts = tariffs.structure_facts(charter.rules, terms.price_code, on)
    if terms.price_code not in {one.code for one in tariffs.price_codes(charter.rules, territory, on)}:
        raise InvalidInput(f"price code {terms.price_code} is not offered in {territory}")
    if (row.connection_class == "RESIDENTIAL") != (facts.customer_class == "residential"):
        raise InvalidInput(f"price code {terms.price_code} is not for connections of the class {row.connection_class}")
    if facts.two_part != (terms.basic_method != 0):
        raise InvalidInput(f"{terms.price_code}: a two-part price needs a method of the basic charge, another has none")
    if terms.pf_standard and not facts.may_adjust_power_factor:
        raise InvalidInput(f"{terms.price_code} is not adjusted by the power factor")
    changes = {
        "price_code": terms.price_code, "basic_method": terms.basic_method, "route_code": terms.route_code,
        "contract_demand_ckw": terms.contract_demand_ckw, "pf_standard": terms.pf_standard,
    }  # fmt: skip
    ConnectionProject.objects.filter(pk=row.pk).update(**changes)
    record("connection.set_terms", row, shown, changes, actor, at)


def plan(case_id: int) -> Plan:
    """What the project of a case lays down, under its lock: for the flow that connects.

    Raises :class:`SchemeMissing` while the sources or the price are not decided.
    """
    row = locked().filter(case_id=case_id).select_related("account").first()
    if row is None:
        raise SchemeMissing("the connection has no scheme yet: draft one and choose")
    rows = row.sources.select_related("transformer", "feeder").order_by("place")
    sources = tuple(
        PlannedSource(
            one.place, one.transformer.code if one.transformer else "", one.feeder.code if one.feeder else "",
            one.capacity_ckva, one.voltage_code, one.metered_side, one.is_interlocked,
        )
        for one in rows
    )  # fmt: skip
    wanted = SOURCES_WANTED.get(row.connection_class, 1)
    if len(sources) != wanted:
        raise SchemeMissing(f"the connection has {len(sources)} of {wanted} sources: choose where it is supplied from")
    if not row.price_code:
        raise SchemeMissing("the price of the connection is not laid down yet")
    return Plan(
        row.connection_class,
        row.capacity_ckva,
        terms_of(row),
        sources,
        row.account.account_number if row.account else "",
    )


def made(*, case_id: int, account: AccountId, points: Mapping[int, int], on: date, actor: Actor) -> None:
    """Write down what a connection became: its account, and the usage point of each source by its place. In the caller's
    transaction."""
    row = locked().get(case_id=case_id)
    ConnectionProject.objects.filter(pk=row.pk).update(account_id=account, connected_on=on, connected_by=actor.code)
    for place, point in points.items():
        SupplySource.objects.filter(project=row, place=place).update(usage_point_id=point)


def terms_of(row: ConnectionProject) -> SupplyTerms:
    """The terms a project lays down."""
    return SupplyTerms(
        row.price_code, row.basic_method, row.contract_demand_ckw, row.pf_standard, row.route_code
    )  # fmt: skip


def begun(
    case_number: str, actor: Actor, at: datetime, charter: Charter
) -> tuple[ConnectionProject, CaseShown]:  # fmt: skip
    """The project of an open case under its lock, begun if this is the first thing done to it, and the case.

    Raises :class:`NotFound`, :class:`NoConnection`, ``NotAllowed``, :class:`AlreadyConnected`.
    """
    shown = cases.case(Scope.of(actor), case_number, charter=charter, now=at)
    if shown.glance.process not in PROCESSES:
        raise NoConnection(f"case {case_number} is no new connection")
    require(actor, *AT_WORK, unit_path=shown.unit_path)
    if shown.glance.state != "OPEN":
        raise AlreadyConnected(f"case {case_number} is {shown.glance.state}: its scheme stands")
    fields = {one.code: one.value for one in shown.fields}
    # Two who come at once: the second finds the row of the first.
    ConnectionProject.objects.get_or_create(
        case_id=shown.id,
        defaults={
            "id": ids.reserve(ConnectionProject, 1), "connection_class": _class(fields),
            "capacity_ckva": ckva(fields["CAPACITY"]),
        },
    )  # fmt: skip
    row = locked().get(case_id=shown.id)
    if row.account_id is not None:
        raise AlreadyConnected(f"the connection of case {case_number} is made")
    return row, shown


def _class(fields: Mapping[str, str]) -> str:
    if fields["CLASS"] not in CLASSES:
        raise NotFound(f"there is no class of connection {fields['CLASS']}")
    return fields["CLASS"]


def ckva(text: str) -> int:
    """A capacity as the form has it, in kW or kVA, as 0.01 kVA.

    >>> ckva("12.5")
    1250
    """
    whole = Decimal(text) * CKVA_PER_KVA
    if whole <= 0 or whole != whole.to_integral():
        raise InvalidInput("a capacity is above zero and has at most two decimals")
    return int(whole)


def locked() -> QuerySet[ConnectionProject]:
    """Projects, locked where the database can."""
    rows = ConnectionProject.objects.all()
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows


def record(
    action: str, row: ConnectionProject, shown: CaseShown, facts: Mapping[str, object], actor: Actor, at: datetime
) -> None:  # fmt: skip
    """One line of the operation log about a project."""
    where = {"case": shown.glance.number, **facts}
    audit.record(actor=actor, action=action, subject=row, facts=where, at=at, unit_path=shown.unit_path)
