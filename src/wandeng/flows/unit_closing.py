"""Closing a unit: what of every domain still belongs to it, and closing it when nothing does."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime, time, timedelta

from wandeng.domains.billing import queries as billing
from wandeng.domains.collections import queries as collections
from wandeng.domains.customers import queries as customers
from wandeng.domains.metering import queries as metering
from wandeng.domains.network import queries as network
from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitInUse
from wandeng.domains.payments.queries import reconciliation, suspense, tills
from wandeng.infra import counts
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

DONE_RUNS = ("PUBLISHED", "DISCARDED")
DONE_ORDERS = ("REFUSED", "WITHDRAWN", "FAILED", "SPARED", "RESTORED")


@dataclass(frozen=True, slots=True)
class Standing:
    """How much still belongs to a unit or lies below it: open units, active people, posts, open accounts, equipment
    (substations, feeders, transformers), reading routes, bill runs that are neither published nor discarded; and of its money:
    till sessions that are not closed, days of channels that wait for their detail or whose differences nobody decided, dunning
    cases that run, orders to cut that are not over and returns of supply that wait, money in suspense."""

    units: int
    people: int
    posts: int
    accounts: int
    equipment: int
    routes: int
    runs: int
    sessions: int
    days: int
    cases: int
    orders: int
    suspense: int

    @property
    def is_empty(self) -> bool:
        return not any(astuple(self))


def standing(scope: Scope, unit_code: str, *, on: date) -> Standing:
    """What is in the way of closing a unit on a day. Raises :class:`NotFound`, also outside the scope."""
    inside = scope.narrowed(organization.unit(scope, unit_code).path)
    held = organization.unit_held(inside, on=on)
    feeders, transformers = network.feeders_rows(inside), network.transformers_rows(inside, on=on)
    equipment = network.substations_rows(inside).values("code").union(
        feeders.values("code"), transformers.values("code"), all=True
    )  # fmt: skip
    cuts = collections.order_rows(inside).exclude(state__in=DONE_ORDERS)
    returns = collections.reconnection_rows(inside, now=datetime.combine(on, time(), BILLING_ZONE))
    found = counts.counted(
        accounts=customers.account_rows(inside).filter(closed_on__isnull=True),
        runs=billing.run_rows(inside).exclude(state__in=DONE_RUNS),
        sessions=tills.session_rows(inside).exclude(state="CLOSED"),
        days=reconciliation.day_rows(inside).filter(state="OPEN"),
        cases=collections.case_rows(inside).exclude(state="CLOSED"),
        cuts=cuts,
        returns=returns.filter(state="ORDERED"),
    )
    waiting = reconciliation.waiting_days(inside, since=date.min, before=on + timedelta(days=1))
    return Standing(
        units=held.units,
        people=held.people,
        posts=held.posts,
        accounts=found["accounts"],
        equipment=equipment.count(),
        routes=metering.routes_rows(inside, Month.of(on)).count(),
        runs=found["runs"],
        sessions=found["sessions"],
        days=len(waiting) + found["days"],
        cases=found["cases"],
        orders=found["cuts"] + found["returns"],
        suspense=suspense.open_suspense(inside)[0],
    )


def close(*, unit_code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Close a unit to which nothing belongs any more.

    Raises :class:`UnitInUse` while something does, and as :func:`organization.actions.close_unit`.
    """
    if not standing(Scope.of(actor), unit_code, on=on).is_empty:
        raise UnitInUse(f"unit {unit_code} is not empty yet")
    actions.close_unit(unit_code=unit_code, on=on, reason=reason, actor=actor, at=at)
