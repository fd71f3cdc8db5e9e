"""What cases tell others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """A case was opened."""

    NAME: ClassVar[str] = "cases.opened"
    number: str
    process: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step of a case was finished; ``next_step`` is empty after the last."""

    NAME: ClassVar[str] = "cases.step_finished"
    number: str
    process: str
    step: str
    next_step: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class CustomerConcerned:
    """Something was written on a case that its customer is to be told: field and value, as the definition says."""

    NAME: ClassVar[str] = "cases.customer_concerned"
    number: str
    process: str
    field: str
    value: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """A case ended: CLOSED, MERGED or WITHDRAWN."""

    NAME: ClassVar[str] = "cases.closed"
    number: str
    process: str
    state: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class CaseReopened:
    """A case was opened again, because the customer was not satisfied or a person said so."""

    NAME: ClassVar[str] = "cases.reopened"
    number: str
    process: str
    round: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class ClockBroken:
    """A time limit of a case was broken."""

    NAME: ClassVar[str] = "cases.clock_broken"
    number: str
    process: str
    clock: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"case:{self.number}"


@dataclass(frozen=True, slots=True)
class IncidentExpected:
    """Somebody said when supply is expected back at an incident; ``at_place``: its crew, which is there."""

    NAME: ClassVar[str] = "cases.incident_expected"
    number: str
    expected_at: str
    said_at: str
    said_by: str
    at_place: bool
    reason: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"incident:{self.number}"


@dataclass(frozen=True, slots=True)
class IncidentRestored:
    """Supply is back at an incident, since a time."""

    NAME: ClassVar[str] = "cases.incident_restored"
    number: str
    restored_at: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"incident:{self.number}"
