"""What a clock is told: its limit, and the pauses that stop it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.kernel.errors import InvalidInput

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US
PERCENT = 100
E4 = 10_000


class Unit(StrEnum):
    """The four units of a limit."""

    MINUTE = "MINUTE"
    HOUR = "HOUR"
    DAY = "DAY"
    WORKING_DAY = "WORKING_DAY"

    @property
    def length_us(self) -> int:
        """Counted microseconds in one."""
        return {Unit.MINUTE: MINUTE_US, Unit.HOUR: 60 * MINUTE_US}.get(self, DAY_US)

    @property
    def begins_at_midnight(self) -> bool:
        """Whether the day of the start is left out."""
        return self in {Unit.DAY, Unit.WORKING_DAY}


MOST_US = 20 * 366 * DAY_US
"""No promise is longer than twenty years; shorter ones cannot overflow 64 bits when multiplied by a share."""


@dataclass(frozen=True, slots=True)
class Limit:
    """``amount`` units, at least one."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 < self.amount * self.unit.length_us <= MOST_US:
            raise InvalidInput(f"a limit lies between one unit and twenty years, not {self.amount} {self.unit.value}")

    @property
    def counted_us(self) -> int:
        """The limit in counted microseconds."""
        return self.amount * self.unit.length_us


@dataclass(frozen=True, slots=True)
class Pause:
    """``from_at`` ≤ t < ``to_at``, aware instants; ``to_at`` ``None``: still going on."""

    from_at: datetime
    to_at: datetime | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.to_at is not None and self.to_at < self.from_at:
            raise InvalidInput(f"a pause cannot end at {self.to_at} before it begins at {self.from_at}")


def checked_shares(percents: Sequence[int]) -> tuple[int, ...]:
    """Shares of a limit in percent, ascending and each once.

    Raises :class:`InvalidInput` for a share outside 1 to 100.
    """
    if not all(0 < percent <= PERCENT for percent in percents):
        raise InvalidInput(f"warnings are given at 1 to 100 percent of a limit, not {list(percents)}")
    return tuple(sorted(set(percents)))
