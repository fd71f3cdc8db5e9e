"""A last step as its effect reads it: the form's answers as days, capacities and registers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from wandeng.domains.cases.types import Charter, FormIncomplete, LastStepDone
from wandeng.domains.metering.types import Registers
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

_PER_ONE = 100
_DEMAND = 10_000
OTHERS = {
    "SHARP": "sharp_ckwh", "PEAK": "peak_ckwh", "VALLEY": "valley_ckwh", "DEEP": "deep_ckwh",
    "REACTIVE": "reactive_ckvarh", "DEMAND": "demand_e4",
}  # fmt: skip
"""End of a field → register of the same reading."""
_BY_PERIOD = ("peak_ckwh", "valley_ckwh")


@dataclass(frozen=True, slots=True)
class Deed:
    """What was asked, and by whom and when it is carried out."""

    done: LastStepDone
    actor: Actor
    at: datetime
    charter: Charter

    @property
    def scope(self) -> Scope:
        return Scope.of(self.actor)

    @property
    def library(self) -> RuleLibrary:
        return self.charter.rules

    @property
    def today(self) -> date:
        return self.at.astimezone(BILLING_ZONE).date()

    @property
    def asked_on(self) -> date:
        """The day the case was opened."""
        return self.done.opened_at.astimezone(BILLING_ZONE).date()

    @property
    def reason(self) -> str:
        return f"工单 case {self.done.number}"

    def done_for(self, account_number: str) -> LastStepDone:
        """The same step as seen from another account."""
        return replace(self.done, account_number=account_number)

    def text(self, field: str) -> str:
        """A field that must be filled by now. Raises :class:`FormIncomplete`."""
        found = self.done.answers.get(field, "")
        if not found:
            raise FormIncomplete(f"field {field} is still empty", fields=[field])
        return found

    def day(self, field: str) -> date:
        """A DATE, or the day of an INSTANT."""
        found = self.text(field)
        if "T" in found:
            return datetime.fromisoformat(found).astimezone(BILLING_ZONE).date()
        return date.fromisoformat(found)

    def hundredths(self, field: str) -> int:
        """A number with at most two decimals, as hundredths. Raises :class:`InvalidInput` for more decimals or below zero."""
        return self.scaled(field, _PER_ONE)

    def scaled(self, field: str, per_one: int) -> int:
        """A number in so many parts of one. Raises :class:`InvalidInput` for finer ones or below zero."""
        scaled = Decimal(self.text(field)) * per_one
        if scaled < 0 or scaled != scaled.to_integral():
            raise InvalidInput(f"field {field} is not below zero and has at most two decimals", field=field)
        return int(scaled)

    def registers(self, field: str, *, with_periods: bool = False) -> Registers:
        """A reading in kWh. ``with_periods``: the price counts by periods, whose registers stand at zero with the total, or are
        answered in fields of the same name with ``_SHARP`` and so on. Raises :class:`FormIncomplete`."""
        total = self.hundredths(field)
        if with_periods and not total:
            return Registers(0, sharp_ckwh=0, peak_ckwh=0, valley_ckwh=0, deep_ckwh=0, reactive_ckvarh=0, demand_e4=0)
        shown = {
            column: self.scaled(f"{field}_{end}", _DEMAND if end == "DEMAND" else _PER_ONE)
            for end, column in OTHERS.items()
            if self.done.answers.get(f"{field}_{end}")
        }
        if with_periods and not any(column in shown for column in _BY_PERIOD):
            raise FormIncomplete(
                f"the price counts by periods: a meter that does not stand at zero needs the periods of {field}",
                fields=[f"{field}_{end}" for end in OTHERS],
            )
        return Registers(total, **shown)
