"""What is wrong with a rule file: the file, the key, the day, and the sentence for whoever wrote it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wandeng.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One complaint. ``key`` is the dotted path inside the file, empty for the whole; ``on`` is the version's
    effective date or the first day of the overlap or gap, ``None`` where the file has no readable date."""

    path: str
    key: str
    on: date | None
    message: str

    def __str__(self) -> str:
        key = f" [{self.key}]" if self.key else ""
        on = f" ({self.on.isoformat()})" if self.on else ""
        return f"{self.path}{key}{on}: {self.message}"


class RuleFilesInvalid(Refused):
    """One or more rule files cannot be used; nothing was loaded. ``problems`` lists every complaint found."""

    code = "RULE_FILES_INVALID"

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{len(problems)} problem(s) in the rule files:\n{listed}", count=len(problems))
        self.problems = tuple(problems)


class TerritoryUnknown(Refused):
    """No folder of the rules bears this name."""

    code = "TERRITORY_UNKNOWN"
