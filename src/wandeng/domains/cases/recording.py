"""What every action on a case leaves behind: a line of the operation log, and the answer where the case now stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wandeng.domains.cases.models import Case
from wandeng.domains.cases.types import CASE_SUBJECT, Done
from wandeng.infra import audit
from wandeng.infra.models import Operation
from wandeng.kernel.actors import Actor


def record(action: str, row: Case, facts: Mapping[str, object], actor: Actor, at: datetime, reason: str) -> None:
    """One line of the operation log about a case."""
    audit.keep([line(action, row, facts, actor, at, reason)])


def line(
    action: str, row: Case, facts: Mapping[str, object], actor: Actor, at: datetime, reason: str
) -> Operation:  # fmt: skip
    """The same not stored yet, for a batch."""
    return audit.line(
        actor=actor, action=action, subject=(CASE_SUBJECT, row.number), facts=facts, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip


def done(row: Case, *, is_new: bool = True) -> Done:
    """Where the case now stands."""
    return Done(row.number, row.state, row.step, row.handler, row.due_at, is_new)
