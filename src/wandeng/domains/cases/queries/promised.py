"""What is promised for a case that is not open yet: every limit that would run, with every promise in force beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.cases.charter import Charter, limits_of
from wandeng.infra.effective.service_limits import LimitInForce
from wandeng.infra.processes.course import clocks_for
from wandeng.infra.processes.parts import ClockRule
from wandeng.kernel.errors import NoRuleInForce


@dataclass(frozen=True, slots=True)
class LimitPromised:
    """One promise: whose (empty: the process's own), so much of MINUTE, HOUR, DAY or WORKING_DAY, and which file says so."""

    commitment: str
    commitment_zh: str
    amount: int
    unit: str
    path: str


@dataclass(frozen=True, slots=True)
class ClockPromised:
    """A clock that would run, with its promises, the strictest first: that one it runs by. None: it depends on what is not
    known yet, or nothing is in force."""

    code: str
    name_zh: str
    name_en: str
    limits: tuple[LimitPromised, ...]


def promised(
    process: str, *, channel: str, classes: tuple[str, ...], territory: str, on: date, charter: Charter
) -> tuple[ClockPromised, ...]:
    """The clocks of a case that came by ``channel`` on a day; ``classes`` are what is known of its place and connection.

    Raises :class:`NotFound`, :class:`NoRuleInForce` for a process, ``TerritoryUnknown``.
    """
    version = charter.processes.version(process, on=on)
    return tuple(
        ClockPromised(rule.code, rule.name_zh, rule.name_en,
                      _limits(rule, version.path, classes, territory, on, charter))
        for rule in clocks_for(version.body, channel=channel, classes=classes)
    )  # fmt: skip


def _limits(
    rule: ClockRule, own_path: str, classes: tuple[str, ...], territory: str, on: date,
    charter: Charter,
) -> tuple[LimitPromised, ...]:  # fmt: skip
    if rule.own:
        return (LimitPromised("", "", rule.own.amount, rule.own.unit, own_path),)
    of = next((one for one in classes if one in rule.runs_for), "ALL")
    try:
        found = limits_of(rule.limit, charter=charter, of=of, on=on, territory=territory)
    except NoRuleInForce:
        return ()
    return tuple(_limit(one) for one in found.all)


def _limit(one: LimitInForce) -> LimitPromised:
    return LimitPromised(one.commitment, one.commitment_zh, one.amount, one.unit, one.path)
