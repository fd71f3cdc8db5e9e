"""Readers of the dunning ladder and of the legal clocks before a cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import polars as pl

from wandeng.calc import dunning
from wandeng.calc.cut_clock import ClosedPeriod, CutTerms
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.dunning import Dunning, Step
from wandeng.infra.effective.versions import RuleVersion
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.money import fen
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class DunningRule:
    """What a run goes by: the rungs as columns, amounts in fen, quiet hours local; and the file it comes from."""

    rungs: pl.DataFrame
    cut_after_days: int
    least_fen: int
    quiet_from: time
    quiet_to: time
    promise_days: int
    promises_a_case: int
    path: str
    content_hash: str

    def calls(self, customer_class: str) -> bool:
        """Whether a machine calls accounts of a class and asks for a key, instead of reading a message out."""
        voice = (pl.col("customer_class") == customer_class) & (pl.col("kind") == "VOICE") & (pl.col("by") == "CALL")
        return not self.rungs.filter(voice).is_empty()

    def speaks_at(self, at: datetime) -> datetime:
        """``at``, or the end of the quiet hours it lies in.

        >>> from datetime import UTC
        >>> rule = DunningRule(pl.DataFrame(), 30, 100, time(21), time(8), 15, 2, "", "")
        >>> rule.speaks_at(datetime(2026, 3, 4, 18, 30, tzinfo=UTC)).isoformat()
        '2026-03-05T08:00:00+08:00'
        """
        local = at.astimezone(BILLING_ZONE)
        if self.quiet_to <= local.time() < self.quiet_from:
            return at
        day = local.date() if local.time() < self.quiet_to else local.date() + timedelta(days=1)
        return datetime.combine(day, self.quiet_to, BILLING_ZONE)


def version(library: RuleLibrary, *, on: date, territory: str) -> RuleVersion[Dunning]:
    """The rule in force. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return library.version(Dunning, on=on, territory=territory)


def dunning_rule(library: RuleLibrary, *, on: date, territory: str) -> DunningRule:
    """The ladder in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    found = version(library, on=on, territory=territory)
    body = found.body
    lapses = {one: notice.lapses_after_days for notice in body.notices for one in notice.classes}
    rows = [
        _rung(customer_class, place, step, lapses[customer_class])
        for ladder in body.ladders
        for customer_class in ladder.classes
        for place, step in enumerate(ladder.steps)
    ]
    return DunningRule(
        rungs=pl.DataFrame(rows, dunning.RUNGS, orient="row"),
        cut_after_days=body.overdue.cut_after_days,
        least_fen=fen(body.least.case_yuan),
        quiet_from=body.quiet_hours.begins,
        quiet_to=body.quiet_hours.ends,
        promise_days=body.promise.most_days,
        promises_a_case=body.promise.most_a_case,
        path=found.path,
        content_hash=found.content_hash,
    )


def _rung(customer_class: str, place: int, step: Step, lapses: int) -> tuple[object, ...]:
    lapses_days = lapses if step.kind == "NOTICE" else 0
    return (
        customer_class, place, step.kind, step.by, step.overdue_days, step.after_days, step.repeat_days, step.attempts,
        lapses_days, step.days, step.template,
    )  # fmt: skip


def cut_terms(library: RuleLibrary, *, on: date, territory: str, customer_class: str) -> tuple[CutTerms, str]:
    """The clocks before a cut for a class, and the file they come from. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    found = version(library, on=on, territory=territory)
    body = found.body
    notice = next(one for one in body.notices if customer_class in one.classes)
    periods = tuple(
        ClosedPeriod(_month_day(one.first), _month_day(one.last))
        for one in body.moratorium_periods
        if customer_class in one.classes
    )
    terms = CutTerms(
        cut_after_days=body.overdue.cut_after_days,
        notice_days=notice.days,
        notice_lapses_days=notice.lapses_after_days,
        second_minutes=notice.second_minutes,
        second_lapses_minutes=notice.second_lapses_after_minutes,
        authority_copy=notice.authority_copy,
        closed_days=frozenset(body.moratorium.days),
        closed_periods=periods,
        from_time=body.moratorium.from_time,
        to_time=body.moratorium.to_time,
        least_fen=fen(body.least.cut_yuan),
    )
    return terms, found.path


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def calendar_around(library: RuleLibrary, on: date) -> WorkingCalendar:
    """The working days of the day's year, and of the next where it is known already.

    Raises ``NoRuleInForce`` for a year that nobody arranged.
    """
    try:
        return working_calendar(library, on.year, on.year + 1)
    except NoRuleInForce:
        return working_calendar(library, on.year, on.year)
