"""One version of one rule: what a reader gets back, and what a result stores as its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from wandeng.infra.effective.values import TopicModel
from wandeng.kernel.periods import FAR_FUTURE

Body = TypeVar("Body", bound=TopicModel, covariant=True)


@dataclass(frozen=True, slots=True)
class RuleVersion(Generic[Body]):
    """A rule file as loaded. ``path`` is relative to the rules root; ``content_hash`` is the SHA-256 of its bytes
    with line ends made ``\\n``, so that a checkout on another system gives the same hash."""

    topic: str
    territory: str
    effective_from: date
    effective_to: date
    path: str
    content_hash: str
    body: Body

    @property
    def citation(self) -> str:
        return self.body.citation

    @property
    def status(self) -> str:
        return self.body.status

    @property
    def is_open(self) -> bool:
        """In force until somebody writes its successor."""
        return self.effective_to == FAR_FUTURE

    def covers(self, on: date) -> bool:
        return self.effective_from <= on < self.effective_to
