"""What a check says: how bad it is, what was found, what to do about it; in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from pathlib import Path


class Severity(IntEnum):
    """How bad a finding is; also the exit code of the command for the worst of them."""

    FINE = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in both languages."""

    zh: str
    en: str

    def told(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check. ``code`` is stable; ``remedy`` is empty when nothing is to be done."""

    code: str
    severity: Severity
    sentence: Text
    remedy: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Patient:
    """The installation that is looked at, and when."""

    home: Path
    now: datetime
    on: date


def fine(code: str, zh: str, en: str) -> Finding:
    return Finding(code, Severity.FINE, Text(zh, en))


def warning(code: str, sentence: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    return Finding(code, Severity.WARNING, Text(*sentence), Text(*remedy))


def fault(code: str, sentence: tuple[str, str], remedy: tuple[str, str]) -> Finding:
    return Finding(code, Severity.FAULT, Text(*sentence), Text(*remedy))
