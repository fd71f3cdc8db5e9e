"""What rationing tells others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class RationingPublished:
    """An order was published, or published again: everyone it takes is to be told."""

    NAME: ClassVar[str] = "rationing.published"
    number: str
    version: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"rationing:{self.number}"


@dataclass(frozen=True, slots=True)
class RationingCanceled:
    """An order that was told will not take place."""

    NAME: ClassVar[str] = "rationing.canceled"
    number: str
    version: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"rationing:{self.number}"


@dataclass(frozen=True, slots=True)
class RationingEnded:
    """Everyone an order took may use power as before."""

    NAME: ClassVar[str] = "rationing.ended"
    number: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"rationing:{self.number}"
