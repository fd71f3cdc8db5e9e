"""A finding before it is stored."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    """``code`` is the word of a finding; ``facts`` are numbers, texts and lists of texts."""

    code: str
    facts: dict[str, object]
