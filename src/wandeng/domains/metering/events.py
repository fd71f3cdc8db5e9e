"""What metering tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ReadingsAccepted:
    """A batch of readings may be billed: ``count`` rows with ids ``first_id`` ≤ id ≤ ``last_id`` (held ones lie between
    them), read on days ``from_on`` ≤ day ≤ ``to_on``."""

    NAME: ClassVar[str] = "metering.ReadingsAccepted"
    first_id: int
    last_id: int
    count: int
    from_on: date
    to_on: date

    @property
    def key(self) -> str:
        """One line for all batches: who follows readings sees them in order."""
        return "readings"


@dataclass(frozen=True, slots=True)
class ReadingCorrected:
    """A reading that may have been billed already was superseded."""

    NAME: ClassVar[str] = "metering.ReadingCorrected"
    reading_id: int
    superseded_id: int
    usage_point_id: int
    read_on: date

    @property
    def key(self) -> str:
        """Corrections of one usage point stay in order."""
        return f"usage_point:{self.usage_point_id}"


@dataclass(frozen=True, slots=True)
class CurvesStored:
    """New quarter hours of meters of one unit, not of those below it: installations with ids ``first_installation_id`` ≤ id ≤
    ``last_installation_id`` (not each of them), of days ``from_on`` ≤ day ≤ ``to_on``, all of one month."""

    NAME: ClassVar[str] = "metering.CurvesStored"
    unit_path: str
    first_installation_id: int
    last_installation_id: int
    from_on: date
    to_on: date

    @property
    def key(self) -> str:
        """One line for each unit: who follows its curves sees them in order."""
        return f"curves:{self.unit_path}"


@dataclass(frozen=True, slots=True)
class MeterExchanged:
    """A usage point has another meter from ``on``."""

    NAME: ClassVar[str] = "metering.MeterExchanged"
    usage_point_id: int
    removed_installation_id: int
    new_installation_id: int
    on: date

    @property
    def key(self) -> str:
        """Exchanges of one usage point stay in order."""
        return f"usage_point:{self.usage_point_id}"


@dataclass(frozen=True, slots=True)
class MeterTested:
    """A test found the error of a meter, in 10⁻⁴ of the true energy (100 = runs 1 % fast); the base of a
    back-billing (计量差错退补)."""

    NAME: ClassVar[str] = "metering.MeterTested"
    meter_id: int
    tested_on: date
    error_e4: int
    passed: bool

    @property
    def key(self) -> str:
        """Tests of one meter stay in order."""
        return f"meter:{self.meter_id}"
