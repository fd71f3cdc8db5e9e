"""Outlets and payment circles: one outlet, its exceptions and its end; a circle, and computing one."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.outlets import actions, queries
from wandeng.domains.outlets.types import CircleShown, OutletShown
from wandeng.flows import payment_circle
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor


def one_outlet(scope: Scope, code: str, on: date) -> OutletShown:
    """An outlet with its exceptions from a day on."""
    return queries.outlet(scope, code, on=on)


def set_exception(*, code: str, from_on: date, to_on: date, hours: str, reason: str, actor: Actor, at: datetime) -> int:
    """Say that an outlet has other hours on days (half-open), or is closed (empty). Answers its id."""
    return actions.set_exception(
        code=code, from_on=from_on, to_on=to_on, hours_text=hours, reason=reason, actor=actor, at=at
    )


def lift_exception(*, exception: int, actor: Actor, at: datetime) -> None:
    """Take an exception back."""
    actions.lift_exception(exception=exception, actor=actor, at=at)


def close_outlet(*, code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Take an outlet out of service from a day on."""
    actions.close(code=code, on=on, reason=reason, actor=actor, at=at)


def one_circle(scope: Scope, circle_id: int) -> CircleShown:
    """A payment circle with its proposals."""
    return queries.circle(scope, circle_id)


def compute_circle(
    *,
    unit_code: str,
    name: str,
    added: tuple[str, ...],
    closed: tuple[str, ...],
    actor: Actor,
    at: datetime,
    library: RuleLibrary | None = None,
) -> int:
    """Compute the circle of a unit today; a scenario has a name, settlements that get a point, outlets that close. Answers its id."""
    return payment_circle.compute(
        unit_code=unit_code, name=name, added=added, closed=closed, actor=actor, at=at, library=library
    )


read("/outlets/{code}/on/{on}", one_outlet, name="outlet", like="console:outlet", tag="outlets", about="网点 an outlet")
read(
    "/payment-circles/{int:circle_id}", one_circle, name="circle", like="console:circle", tag="outlets",
    about="缴费圈测算 a payment circle",
)  # fmt: skip
write(
    "/payment-circles/compute", compute_circle, name="circle-compute", like="console:circle-compute", tag="outlets",
    about="测算缴费圈 compute a payment circle or a scenario",
)  # fmt: skip
write(
    "/outlets/{code}/except", set_exception, name="outlet-except", like="console:outlet-act", tag="outlets",
    about="营业时间例外 other hours on some days",
)  # fmt: skip
write(
    "/outlet-exceptions/{int:exception}/lift", lift_exception, name="outlet-lift", like="console:outlet-act", tag="outlets",
    about="取消营业时间例外 take an exception back",
)  # fmt: skip
write(
    "/outlets/{code}/close", close_outlet, name="outlet-close", like="console:outlet-act", tag="outlets",
    about="停用网点 take an outlet out of service",
)  # fmt: skip
