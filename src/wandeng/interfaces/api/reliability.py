"""Reliability: indices by named standards, who stands out, what a customer met, interruptions and their correction."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.customers import queries as customers
from wandeng.domains.reliability import actions, queries
from wandeng.domains.reliability.types import Analysis, By, Cause, Facts, InterruptionKind, Voltage
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

_P = "console:reliability-"


def month_indices(
    scope: Scope, unit_code: str, month: Month, *, standard: str = "DLT836_MV", by: By = By.UNIT, now: datetime,
    library: RuleLibrary,
) -> Analysis:  # fmt: skip
    """The indices of a month by a named standard, taken apart."""
    return queries.analysis(
        scope, unit_code=unit_code, period=month.period, standard_code=standard, by=by, now=now, library=library
    )


def year_indices(
    scope: Scope, unit_code: str, year: int, *, standard: str = "DLT836_MV", by: By = By.UNIT, now: datetime,
    library: RuleLibrary,
) -> Analysis:  # fmt: skip
    """The same of a calendar year."""
    period = queries.calendar_year(year)
    return queries.analysis(
        scope, unit_code=unit_code, period=period, standard_code=standard, by=by, now=now, library=library
    )


def record(
    *, number: str, unit_code: str, kind: InterruptionKind, cause: Cause, steps: tuple[str, ...],
    voltage: Voltage = Voltage.MEDIUM, is_external: bool = False, feeder_code: str = "", device: str = "",
    note: str = "", actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Record an interruption; a step is written ``CODE, off, on``."""
    facts = Facts(kind, cause, unit_code, voltage, is_external, feeder_code, device, "", note)
    return actions.record(number=number, facts=facts, steps=queries.steps_written(steps), actor=actor, at=at)


def correct(
    *, number: str, kind: InterruptionKind, cause: Cause, steps: tuple[str, ...], reason: str,
    is_external: bool = False, device: str = "", note: str = "", actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Write a new revision with all its steps in the place of what stands."""
    was = queries.interruption(Scope.of(actor), number)
    facts = Facts(
        kind, cause, was.unit_code, was.voltage, is_external, was.feeder_code, device, was.belongs_to, note
    )  # fmt: skip
    return actions.correct(
        number=number, facts=facts, steps=queries.steps_written(steps), reason=reason, actor=actor, at=at
    )


def restore(*, number: str, on_at: datetime, transformers: tuple[str, ...] = (), actor: Actor, at: datetime) -> int:
    """Supply is back to the areas of these codes, or to all that are still off. Answers how many steps stay open."""
    chosen = queries.still_off(Scope.of(actor), number, transformers)
    return actions.restore(number=number, on_at=on_at, transformers=chosen, actor=actor, at=at)


read(
    "/units/{unit_code}/reliability/months/{month}", month_indices, name="reliability-month", like=f"{_P}analysis",
    tag="reliability", about="月可靠性指标 indices of a month",
)  # fmt: skip
read(
    "/units/{unit_code}/reliability/years/{int:year}", year_indices, name="reliability-year", like=f"{_P}analysis",
    tag="reliability", about="年可靠性指标 indices of a year",
)  # fmt: skip
read(
    "/units/{unit_code}/reliability/standouts/{int:year}", queries.standouts, name="reliability-standouts",
    like=f"{_P}standouts", tag="reliability", about="长时间、频繁、重复停电 who stands out in a year",
)  # fmt: skip
read(
    "/accounts/{account_number}/interruptions/{int:year}", queries.account_history, name="account-interruptions",
    like=f"{_P}interruptions", tag="reliability", about="停电履历 what a customer met in a year", of=customers.account,
)  # fmt: skip
write(
    "/interruptions/record", record, name="interruption-record", like=f"{_P}record", tag="reliability",
    about="登记停电事件 record an interruption",
)  # fmt: skip
read(
    "/interruptions/{path:number}", queries.interruption, name="interruption", like=f"{_P}interruption", tag="reliability",
    about="停电事件 an interruption with its steps",
)  # fmt: skip
write(
    "/interruptions/{path:number}/correct", correct, name="interruption-correct", like=f"{_P}correct", tag="reliability",
    about="更正停电事件 correct an interruption",
)  # fmt: skip
write(
    "/interruptions/{path:number}/restore", restore, name="interruption-restore", like=f"{_P}restore", tag="reliability",
    about="登记复电 supply is back",
)  # fmt: skip
