"""What is wrong with a row of input: where it is, what was found, what was expected.

Column checks produce findings as a frame with these columns; good rows go on, bad ones are parked with theirs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint about one cell (``column`` empty: about the whole row)."""

    file: str
    line: int
    column: str
    code: str
    found: str
    expected: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" + (f" [{self.column}]" if self.column else "")
        return f"{where}: {self.code}: found '{self.found}', expected {self.expected}"
