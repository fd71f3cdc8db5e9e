"""Whether every time limit a process names is in force for a territory on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.service_limits import service_limits
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.kernel.errors import NoRuleInForce


def without_limit(processes: ProcessLibrary, rules: RuleLibrary, *, on: date, territory: str) -> tuple[str, ...]:
    """``process/key/class`` of each limit that no commitment lays down: a case that needs it could not be opened.

    Raises :class:`wandeng.infra.effective.problems.TerritoryUnknown`.
    """
    missing = []
    for version in processes.in_force(on):
        for key, of in dict.fromkeys(_needed(version.body)):
            try:
                service_limits(rules, key, of=of, on=on, territory=territory)
            except NoRuleInForce:
                missing.append(f"{version.process}/{key}/{of}")
    return tuple(missing)


def _needed(body: ProcessDefinition) -> Iterator[tuple[str, str]]:
    for clock in body.clocks:
        if clock.limit:
            yield from ((clock.limit, of) for of in clock.runs_for)
    for part in (body.call_back, body.pressing):
        if part:
            yield part.limit, "ALL"
