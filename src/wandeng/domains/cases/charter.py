"""What a case goes by: the kinds of cases, the limits of the territory, the working days; all dated, read by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import Limit, Unit
from wandeng.domains.cases.models import Case
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.service_limits import LimitsInForce, service_limits
from wandeng.infra.effective.topics.calendars import WorkingDays
from wandeng.infra.effective.topics.notices import Notices
from wandeng.infra.effective.working_days import working_calendar
from wandeng.infra.processes import current
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessLibrary, ProcessVersion
from wandeng.infra.processes.parts import ClockRule
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True)
class Charter:
    """The two libraries that an action on cases is given (流程与规则)."""

    processes: ProcessLibrary
    rules: RuleLibrary

    @classmethod
    def current(cls) -> Charter:
        """The processes and rules of this machine. Raises ``RuleFilesInvalid``."""
        processes, rules = current.libraries()
        kept = _KEPT.get("current")
        if kept is None or kept.processes is not processes or kept.rules is not rules:
            kept = _KEPT["current"] = cls(processes, rules)
        return kept

    def version_of(self, row: Case) -> ProcessVersion:
        """The definition a case was opened under: the one of its first day, with what was mended in it since.

        Raises :class:`NotFound` for a process or version that is gone, :class:`NoRuleInForce`.
        """
        return self.processes.version(row.process, on=row.defined_from)

    def body_of(self, row: Case) -> ProcessDefinition:
        """Its contents. Raises as :meth:`version_of`."""
        return self.version_of(row).body

    def hotline(self, territory: str, *, on: date) -> str:
        """Whom customers of a territory are told to call. Raises :class:`NoRuleInForce`, ``TerritoryUnknown``."""
        return self.rules.version(Notices, on=on, territory=territory).body.sender.hotline

    def days(self) -> DayLine:
        """Every working day there is a calendar for. Raises :class:`NoRuleInForce` where there is none at all."""
        return self._days

    @cached_property
    def _days(self) -> DayLine:
        years = sorted(version.effective_from.year for version in self.rules.versions(WorkingDays, "national"))
        if not years:
            raise NoRuleInForce(WorkingDays.topic_name, date.min)
        return DayLine.of(working_calendar(self.rules, years[0], years[-1]))


_KEPT: dict[str, Charter] = {}
"""The charter of the files as they stand; another takes its place when they change."""


@dataclass(frozen=True, slots=True)
class LimitChosen:
    """By which limit a clock runs, and whose promise it is: empty for one of the process's own."""

    limit: Limit
    commitment: str
    path: str


def limit_of(
    rule: ClockRule, *, charter: Charter, classes: tuple[str, ...], on: date, territory: str, own_path: str
) -> LimitChosen:  # fmt: skip
    """The strictest limit in force for a clock. Raises :class:`NoRuleInForce`, ``TerritoryUnknown``."""
    if rule.own:
        return LimitChosen(Limit(rule.own.amount, Unit(rule.own.unit)), "", own_path)
    of = next((one for one in classes if one in rule.runs_for), "ALL")
    found = service_limits(charter.rules, rule.limit, of=of, on=on, territory=territory).strictest
    return LimitChosen(Limit(found.amount, Unit(found.unit)), found.commitment, found.path)


def limits_of(key: str, *, charter: Charter, of: str, on: date, territory: str) -> LimitsInForce:
    """All that bind, to be shown side by side. Raises :class:`NoRuleInForce`, ``TerritoryUnknown``."""
    return service_limits(charter.rules, key, of=of, on=on, territory=territory)


def local_day(at: datetime) -> date:
    """The day of the utility an instant falls on."""
    return at.astimezone(BILLING_ZONE).date()
