"""Choosing between published conventions: the case file's word, else the rule file's, and always on
record."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from wandeng.calc.trial.steps import Convention

Option = TypeVar("Option", bound=StrEnum)


def choose(key: str, asked: Option | None, by_rule: Option) -> tuple[Option, Convention]:
    """The option to use, and the record of who chose it among which."""
    used = by_rule if asked is None else asked
    options = tuple(str(option.value) for option in type(used))
    return used, Convention(key, used.value, "rule file" if asked is None else "case file", options)


def one_of(options: type[StrEnum]) -> str:
    """The options in words, for the schema of a case file."""
    return "one of " + ", ".join(f'"{option.value}"' for option in options)
