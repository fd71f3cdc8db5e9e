"""The ladder as people read it: the rungs of each class with their clocks, each group with its source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from wandeng.domains.collections import rules
from wandeng.infra.effective.library import RuleLibrary


@dataclass(frozen=True, slots=True)
class RungShown:
    """One rung; ``attempts`` 0: until somebody is reached."""

    kind: str
    by: str
    overdue_days: int
    after_days: int
    repeat_days: int
    attempts: int
    days: str
    template: str


@dataclass(frozen=True, slots=True)
class ClassLadder:
    """The ladder of some classes and the clock of their notice, with the sources of both."""

    classes: tuple[str, ...]
    rungs: tuple[RungShown, ...]
    citation: str
    status: str
    notice_days: int
    notice_lapses_days: int
    second_minutes: int
    authority_copy: bool
    notice_citation: str
    notice_status: str


@dataclass(frozen=True, slots=True)
class LadderShown:
    """A territory's dunning on a day."""

    territory: str
    path: str
    effective_from: date
    title_zh: str
    citation: str
    status: str
    note: str
    cut_after_days: int
    overdue_citation: str
    overdue_status: str
    quiet_from: time
    quiet_to: time
    closed_days: tuple[str, ...]
    closed_periods: tuple[tuple[str, str, str], ...]
    cut_from: time
    cut_to: time
    moratorium_citation: str
    moratorium_status: str
    promise_days: int
    promises_a_case: int
    case_fen: int
    cut_fen: int
    ladders: tuple[ClassLadder, ...]


def ladder(library: RuleLibrary, *, territory: str, on: date) -> LadderShown:
    """The rule in force. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    found = rules.version(library, on=on, territory=territory)
    rule = rules.dunning_rule(library, on=on, territory=territory)
    body = found.body
    shown = []
    for one in body.ladders:
        # Classes with one ladder may have notices of their own, and the other way round: each class is shown by itself.
        for notice in body.notices:
            both = tuple(name for name in one.classes if name in notice.classes)
            if both:
                rungs = tuple(RungShown(**step.model_dump()) for step in one.steps)
                shown.append(
                    ClassLadder(
                        both, rungs, one.citation, one.status, notice.days, notice.lapses_after_days,
                        notice.second_minutes, notice.authority_copy, notice.citation, notice.status,
                    )
                )  # fmt: skip
    terms, _path = rules.cut_terms(library, on=on, territory=territory, customer_class=shown[0].classes[0])
    return LadderShown(
        territory=territory, path=found.path, effective_from=found.effective_from, title_zh=body.title_zh,
        citation=body.citation, status=body.status, note=body.note, cut_after_days=body.overdue.cut_after_days,
        overdue_citation=body.overdue.citation, overdue_status=body.overdue.status, quiet_from=rule.quiet_from,
        quiet_to=rule.quiet_to, closed_days=body.moratorium.days,
        closed_periods=tuple((one.name_zh, one.first, one.last) for one in body.moratorium_periods),
        cut_from=body.moratorium.from_time, cut_to=body.moratorium.to_time,
        moratorium_citation=body.moratorium.citation, moratorium_status=body.moratorium.status,
        promise_days=rule.promise_days, promises_a_case=rule.promises_a_case, case_fen=rule.least_fen,
        cut_fen=terms.least_fen, ladders=tuple(shown),
    )  # fmt: skip
