"""What appointments tell others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """An appointment was booked; ``case_number`` is empty for one that belongs to no case."""

    NAME: ClassVar[str] = "appointments.booked"
    number: str
    case_number: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"appointment:{self.number}"


@dataclass(frozen=True, slots=True)
class AppointmentEnded:
    """An appointment was kept, missed, cancelled or booked again: ``state`` is how it stands now."""

    NAME: ClassVar[str] = "appointments.ended"
    number: str
    state: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"appointment:{self.number}"


@dataclass(frozen=True, slots=True)
class RouteRunCancelled:
    """A vehicle does not go out on a day."""

    NAME: ClassVar[str] = "appointments.run_cancelled"
    number: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"run:{self.number}"
