"""What an import did: counts that add up, the first findings, and where the rest went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

from wandeng.kernel.findings import Finding

SHOWN_FINDINGS = 20


@dataclass
class Counts:
    """Rows by what became of them; ``total`` = created + changed + unchanged + parked."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    parked: int = 0

    @property
    def total(self) -> int:
        return self.created + self.changed + self.unchanged + self.parked

    def add(self, other: Counts) -> None:
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.parked += other.parked


@dataclass
class Outcome:
    """The result of one file, or of one retry.

    ``batch`` is ``None`` after a dry run. ``parts``: kind → rows whose part of that kind is parked although the rest
    landed; ``part_batches`` says in which batch. ``already`` marks a file whose bytes were taken in before.
    """

    kind: str
    file: str
    about: str = ""
    batch: int | None = None
    dry_run: bool = False
    already: bool = False
    resumed_at: int = 0
    counts: Counts = field(default_factory=Counts)
    parts: Counter[str] = field(default_factory=Counter)
    part_batches: dict[str, int] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        return not self.counts.parked and not self.parts

    def note(self, found: pl.DataFrame) -> None:
        """Count findings, and keep the first."""
        self.codes.update(found["code"].to_list())
        room = SHOWN_FINDINGS - len(self.findings)
        if room > 0:
            self.findings.extend(Finding(self.file, *row) for row in found.head(room).iter_rows())
