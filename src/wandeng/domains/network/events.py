"""What network tells others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class SwitchOperated:
    """A switch was opened or closed: the current state has changed."""

    NAME: ClassVar[str] = "network.switch_operated"
    switch_id: int
    switch_code: str
    is_open: bool
    operated_at: datetime

    @property
    def key(self) -> str:
        return f"switch:{self.switch_id}"
