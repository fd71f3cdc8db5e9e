"""Voltage: shares in range, points, the work list and what is done about it."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.voltage import actions, queries
from wandeng.domains.voltage.types import Defect, PointShown, Qualification, VoltageCause
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

_P = "console:voltage-"


def month_shares(scope: Scope, unit_code: str, month: Month, *, library: RuleLibrary | None = None) -> Qualification:
    """电压合格率 of a unit and month."""
    return queries.qualification(scope, unit_code=unit_code, period=month.period, library=library)


def month_of_point(scope: Scope, code: str, month: Month) -> PointShown:
    """A point with the days of a month."""
    return queries.point(scope, code, month=month)


def assign(*, remedy: int, handler: str, due_on: date, actor: Actor, at: datetime) -> None:
    """Hand a remedy to a person."""
    actions.assign(remedy=remedy, handler=handler, due_on=due_on, actor=actor, at=at)


def finish(*, remedy: int, cause: VoltageCause, measure: str, done_on: date, actor: Actor, at: datetime) -> None:
    """Say why voltage was bad and what was done."""
    actions.finish(remedy=remedy, cause=cause, measure=measure, done_on=done_on, actor=actor, at=at)


def drop(*, remedy: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a remedy without work."""
    actions.drop(remedy=remedy, reason=reason, actor=actor, at=at)


def open_remedy(*, code: str, defect: Defect, actor: Actor, at: datetime) -> int:
    """Open a remedy by hand. Answers its id."""
    return actions.open_remedy(code=code, defect=defect, actor=actor, at=at)


read(
    "/units/{unit_code}/voltage/months/{month}", month_shares, name="voltage-month", like=f"{_P}analysis", tag="voltage",
    about="月电压合格率 share of voltage in range of a month",
)  # fmt: skip
read(
    "/voltage-points/{path:code}/months/{month}", month_of_point, name="voltage-point", like=f"{_P}point", tag="voltage",
    about="电压监测点 a point with the days of a month",
)  # fmt: skip
write(
    "/voltage-points/{path:code}/open-remedy", open_remedy, name="voltage-open", like=f"{_P}open", tag="voltage",
    about="电压治理立单 open a remedy",
)  # fmt: skip
write(
    "/voltage-remedies/{int:remedy}/assign", assign, name="voltage-assign", like=f"{_P}act", tag="voltage",
    about="治理派工 hand a remedy to a person",
)  # fmt: skip
write(
    "/voltage-remedies/{int:remedy}/finish", finish, name="voltage-finish", like=f"{_P}act", tag="voltage",
    about="治理完成 why voltage was bad, what was done",
)  # fmt: skip
write(
    "/voltage-remedies/{int:remedy}/drop", drop, name="voltage-drop", like=f"{_P}act", tag="voltage",
    about="不治理 end a remedy without work",
)  # fmt: skip
