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
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

DONE_RUNS = ("PUBLISHED", "DISCARDED")
DONE_ORDERS = ("REFUSED", "WITHDRAWN", "FAILED", "SPARED", "RESTORED")


@dataclass(frozen=True, slots=True)
class Standing:
    """How much still belongs to a unit or lies below it: open units, active people, posts, open accounts, equipment
    (substations, feeders, transformers), reading routes, bill runs that are neither published nor discarded; and of its money:
    till sessions that are not closed, days of channels that are not reconciled or whose differences nobody decided, dunning
    cases that run, orders to cut or to give back supply that are not over, money in suspense."""

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
    return Standing(
        held.units,
        held.people,
        held.posts,
        customers.account_rows(inside).filter(closed_on__isnull=True).count(),
        equipment.count(),
        metering.routes_rows(inside, Month.of(on)).count(),
        billing.run_rows(inside).exclude(state__in=DONE_RUNS).count(),
        tills.session_rows(inside).exclude(state="CLOSED").count(),
        _channel_days(inside, on),
        collections.case_rows(inside).exclude(state="CLOSED").count(),
        _orders(inside, on),
        suspense.open_suspense(inside)[0],
    )


def _channel_days(inside: Scope, on: date) -> int:
    """Days up to and including ``on`` that wait for a channel's detail, and those with a difference that nobody decided."""
    waiting = reconciliation.waiting_days(inside, since=date.min, before=on + timedelta(days=1))
    return len(waiting) + reconciliation.day_rows(inside).filter(state="OPEN").count()


def _orders(inside: Scope, on: date) -> int:
    """Orders to cut that are not over, and returns of supply that wait: their account has no power."""
    cuts = collections.order_rows(inside).exclude(state__in=DONE_ORDERS).count()
    now = datetime.combine(on, time(), BILLING_ZONE)
    return int(cuts + collections.reconnection_rows(inside, now=now).filter(state="ORDERED").count())


def close(*, unit_code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Close a unit to which nothing belongs any more.

    Raises :class:`UnitInUse` while something does, and as :func:`organization.actions.close_unit`.
    """
    if not standing(Scope.of(actor), unit_code, on=on).is_empty:
        raise UnitInUse(f"unit {unit_code} is not empty yet")
    actions.close_unit(unit_code=unit_code, on=on, reason=reason, actor=actor, at=at)
