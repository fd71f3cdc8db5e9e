"""Findings and what may be done, as templates show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wandeng.domains.outages.types import FindingShown, Severity
from wandeng.interfaces.doorway.words import outages as words


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding in words."""

    code: str
    title: str
    text: str
    tone: str
    word: str
    is_open: bool
    acknowledged_by: str
    acknowledged_reason: str


def findings(found: Sequence[FindingShown]) -> list[FindingLine]:
    """Findings in words, what forbids first."""
    return [
        FindingLine(
            one.code, str(words.FINDINGS[one.code]), words.finding_text(one.code, one.facts),
            "late" if one.severity is Severity.REFUSES else ("ok" if one.acknowledged_by else "warn"),
            str(words.SEVERITIES[one.severity]), one.is_open, one.acknowledged_by, one.acknowledged_reason,
        )
        for one in found
    ]  # fmt: skip
