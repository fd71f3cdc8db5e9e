"""What collections tell others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SupplyOrderedBack:
    """A reconnection order was made: somebody has to go."""

    NAME: ClassVar[str] = "collections.supply_ordered_back"
    number: str
    account_id: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class SupplyCut:
    """Supply of an account went off by an order."""

    NAME: ClassVar[str] = "collections.supply_cut"
    number: str
    account_id: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class SupplyRestored:
    """Supply of an account is back; ``minutes`` since the payment."""

    NAME: ClassVar[str] = "collections.supply_restored"
    number: str
    account_id: int
    unit_path: str
    minutes: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"
