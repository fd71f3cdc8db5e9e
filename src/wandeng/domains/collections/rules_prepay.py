"""Readers of the dated rule of prepay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, time

import polars as pl

from wandeng.calc.cut_clock import CutTerms
from wandeng.domains.collections import rules
from wandeng.domains.collections.types_prepay import NoPrepayTerms, PrepayTerms
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.prepay import Prepay
from wandeng.kernel.money import fen

TERMS = pl.Schema(
    {
        "customer_class": pl.String, "warn_least_fen": pl.Int64, "warn_days": pl.Int64, "mean_days": pl.Int64,
        "cut_below_fen": pl.Int64, "restore_from_fen": pl.Int64,
    }
)  # fmt: skip
"""Thresholds as columns, one row a class that may be enrolled."""


@dataclass(frozen=True, slots=True)
class PrepayRule:
    """The rule in force on a day: terms by class, hours of grace, how old a balance may be, and the file."""

    terms: pl.DataFrame
    grace_hours: int
    fresh_days: int
    guard_days: frozenset[str]
    from_time: time
    to_time: time
    path: str
    content_hash: str

    def of_class(self, customer_class: str) -> PrepayTerms:
        """The terms of a class. Raises :class:`NoPrepayTerms`."""
        found = self.terms.filter(pl.col("customer_class") == customer_class).rows(named=True)
        if not found:
            raise NoPrepayTerms(f"the prepay rule {self.path} has no terms for {customer_class} accounts")
        row = found[0]
        return PrepayTerms(
            warn_least_fen=row["warn_least_fen"],
            warn_days=row["warn_days"],
            mean_days=row["mean_days"],
            cut_below_fen=row["cut_below_fen"],
            restore_from_fen=row["restore_from_fen"],
            grace_hours=self.grace_hours,
            fresh_days=self.fresh_days,
            path=self.path,
            content_hash=self.content_hash,
        )


def prepay_rule(territory: str, on: date, library: RuleLibrary | None = None) -> PrepayRule:
    """The rule of prepay. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    version = (library or current.library()).version(Prepay, on=on, territory=territory)
    body = version.body
    rows = [
        (
            one,
            fen(row.warn_least_yuan),
            row.warn_days,
            row.mean_days,
            fen(row.cut_below_yuan),
            fen(row.restore_from_yuan),
        )
        for row in body.terms
        for one in row.classes
    ]
    return PrepayRule(
        terms=pl.DataFrame(rows, TERMS, orient="row"),
        grace_hours=body.grace.hours,
        fresh_days=body.grace.fresh_days,
        guard_days=frozenset(body.guard.days),
        from_time=body.guard.from_time,
        to_time=body.guard.to_time,
        path=version.path,
        content_hash=version.content_hash,
    )


def guard_terms(rule: PrepayRule, library: RuleLibrary, *, on: date, territory: str, customer_class: str) -> CutTerms:
    """The clock of days and hours by this rule, with the class's closed periods from the rule of dunning."""
    arrears, _ = rules.cut_terms(library, on=on, territory=territory, customer_class=customer_class)
    return replace(arrears, closed_days=rule.guard_days, from_time=rule.from_time, to_time=rule.to_time)
