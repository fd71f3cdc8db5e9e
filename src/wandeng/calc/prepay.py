"""A day of prepay (费控测算) for many accounts: the charge of the day, the mean charge, the threshold of the warning, and
what becomes of an episode of low balance; and whether one account may be cut by its balance.

Columns in, columns out; money in fen, energy in 0.01 kWh. What is priced is priced by ``calc.rating``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from wandeng.calc import cut_clock
from wandeng.calc.rating.exact import half_up_positive
from wandeng.kernel.calendars import WorkingCalendar

ESTIMATES = pl.Schema(
    {"account_id": pl.Int64, "month_index": pl.Int32, "period_from": pl.Date, "energy_ckwh": pl.Int64,
     "amount_fen": pl.Int64}
)  # fmt: skip
"""What is used and not billed, by bill month."""
BEFORE = pl.Schema({"account_id": pl.Int64, "day": pl.Date})
"""The day computed before; accounts without one are computed for the first time."""
CHARGED = pl.Schema(
    {"account_id": pl.Int64, "since_on": pl.Date, "energy_ckwh": pl.Int64, "estimate_fen": pl.Int64,
     "day_ckwh": pl.Int64, "day_fen": pl.Int64}
)  # fmt: skip
PAST = pl.Schema({"account_id": pl.Int64, "day": pl.Date, "since_on": pl.Date, "day_fen": pl.Int64})
"""Days computed before, for the mean."""
THRESHOLDS = pl.Schema(
    {"account_id": pl.Int64, "warn_least_fen": pl.Int64, "warn_days": pl.Int64, "mean_days": pl.Int64,
     "agreed_warn_fen": pl.Int64}
)  # fmt: skip
STANDINGS = pl.Schema(
    {"account_id": pl.Int64, "episode": pl.String, "balance_fen": pl.Int64, "warn_fen": pl.Int64,
     "cut_below_fen": pl.Int64, "is_held": pl.Boolean}
)  # fmt: skip
"""``episode``: WARNED, OVERDRAWN, or null without an open one. ``is_held``: protected, important or doubtful: warned, but
never told that power will be cut."""


def charged(
    accounts: pl.Series, now: pl.DataFrame, then: pl.DataFrame, before: pl.DataFrame, *, day: date
) -> pl.DataFrame:
    """:data:`CHARGED` of ``accounts``, by account.

    ``now``: :data:`ESTIMATES` of the day; ``then``: those of the day computed before, without months that were billed in
    between, so that what a day adds is never mixed with what a bill corrected. The charges of all days add up to what was
    estimated last for each month.
    """
    named = pl.DataFrame({"account_id": accounts})
    sums = _summed(now).rename({"ckwh": "energy_ckwh", "fen": "estimate_fen"})
    begun = now.group_by("account_id").agg(pl.col("period_from").min())
    return (
        named.join(sums, on="account_id", how="left", maintain_order="left")
        .join(_summed(then), on="account_id", how="left", maintain_order="left")
        .join(before, on="account_id", how="left", maintain_order="left")
        .join(begun, on="account_id", how="left", maintain_order="left")
        .with_columns(pl.col("energy_ckwh", "estimate_fen", "ckwh", "fen").fill_null(0))
        .with_columns(
            since_on=pl.coalesce("day", "period_from", pl.lit(day)),
            day_ckwh=pl.col("energy_ckwh") - pl.col("ckwh"),
            day_fen=pl.col("estimate_fen") - pl.col("fen"),
        )
        .select(CHARGED.names())
        .sort("account_id")
    )


def _summed(estimates: pl.DataFrame) -> pl.DataFrame:
    return estimates.group_by("account_id").agg(ckwh=pl.col("energy_ckwh").sum(), fen=pl.col("amount_fen").sum())


def warnings(days: pl.DataFrame, past: pl.DataFrame, thresholds: pl.DataFrame, *, day: date) -> pl.DataFrame:
    """(account_id, mean_fen, warn_fen): the mean charge of a day over the rule's days up to ``day``, and the balance below
    which the customer is warned: what was agreed, or so many mean days, and not less than the least of the class.

    ``days``: :data:`CHARGED` of the day; ``past``: :data:`PAST`.
    """
    today = days.select("account_id", pl.lit(day).alias("day"), "since_on", "day_fen")
    looked_at = pl.concat([today, past.select(PAST.names())]).join(thresholds, on="account_id", how="inner")
    recent = looked_at.filter(pl.col("day") > pl.lit(day) - pl.duration(days="mean_days"))
    span = (pl.col("day") - pl.col("since_on")).dt.total_days()
    means = recent.group_by("account_id").agg(fen=pl.col("day_fen").sum().clip(lower_bound=0), span=span.sum())
    mean = pl.when(pl.col("span") > 0).then(half_up_positive(pl.col("fen"), pl.col("span"))).otherwise(0)
    by_rule = pl.max_horizontal("warn_least_fen", pl.col("mean_fen") * pl.col("warn_days"))
    return (
        thresholds.join(means, on="account_id", how="inner")
        .with_columns(mean_fen=mean.cast(pl.Int64))
        .select("account_id", "mean_fen", warn_fen=pl.coalesce("agreed_warn_fen", by_rule))
        .sort("account_id")
    )


def turns(standings: pl.DataFrame) -> pl.DataFrame:
    """(account_id, turn): what becomes of each account's episode; OPEN, OVERDRAW, RECOVER, CLOSE, or null for nothing.

    One turn a run: who falls from plenty to an overdraft in one day is warned today and told of the overdraft tomorrow.
    """
    balance, state = pl.col("balance_fen"), pl.col("episode")
    low, overdrawn = balance < pl.col("warn_fen"), balance < pl.col("cut_below_fen")
    turn = (
        pl.when(state.is_null() & low).then(pl.lit("OPEN"))
        .when(state.is_not_null() & ~low & ~overdrawn).then(pl.lit("CLOSE"))
        .when((state == "WARNED") & overdrawn & ~pl.col("is_held")).then(pl.lit("OVERDRAW"))
        .when((state == "OVERDRAWN") & (~overdrawn | pl.col("is_held"))).then(pl.lit("RECOVER"))
    )  # fmt: skip
    return standings.select("account_id", turn=turn.cast(pl.String))


def days_left(balance_fen: int, mean_fen: int) -> int:
    """For how many days a balance lasts at the mean charge, whole days, at most 99.

    >>> days_left(1000, 300), days_left(-5, 300), days_left(1000, 0)
    (3, 0, 99)
    """
    if balance_fen <= 0:
        return 0
    return min(99, balance_fen // mean_fen) if mean_fen > 0 else 99


OBJECTIONS = (
    "NOT_PREPAY", "BALANCE_UNKNOWN", "BALANCE_OLD", "BALANCE_DOUBTFUL", "BALANCE_ENOUGH", "WARNING_NOT_REACHED",
    "OVERDRAFT_NOT_REACHED", "GRACE", "IMPORTANT", "PROTECTED", "PROTECTION_PENDING", "PROMISE", "INSTALMENT_PLAN",
    "MORATORIUM_DAY", "OUTSIDE_HOURS",
)  # fmt: skip
"""Every reason why an account may not be cut by its balance."""


@dataclass(frozen=True, slots=True)
class BalanceFacts:
    """What is known of a prepay account. ``day``: the readings the balance rests on; ``None``: never computed."""

    is_overdrawn: bool
    balance_fen: int | None
    day: date | None
    is_doubtful: bool
    warned_at: datetime | None
    overdraft_told_at: datetime | None
    is_important: bool
    is_protected: bool
    protection_pending: bool
    promise_until: date | None
    has_plan: bool


@dataclass(frozen=True, slots=True)
class BalanceTerms:
    """Thresholds and clocks of the rule; ``guard``: of which only days, periods and hours are looked at."""

    cut_below_fen: int
    grace_hours: int
    fresh_days: int
    guard: cut_clock.CutTerms


def objections(
    facts: BalanceFacts, terms: BalanceTerms, calendar: WorkingCalendar, *, local: datetime, for_dispatch: bool
) -> tuple[str, ...]:
    """Why the account may not be cut at ``local`` (an aware instant in the billing zone), in the order of
    :data:`OBJECTIONS`; empty: it may. Without ``for_dispatch`` the day and the hour are left out.

    Raises :class:`NoRuleInForce` for a day of a year without a calendar.
    """
    on = local.date()
    told = facts.overdraft_told_at
    balance = facts.balance_fen
    holds = {
        "NOT_PREPAY": not facts.is_overdrawn,
        "BALANCE_UNKNOWN": balance is None or facts.day is None,
        "BALANCE_OLD": facts.day is not None and facts.day + timedelta(days=terms.fresh_days) <= on,
        "BALANCE_DOUBTFUL": facts.is_doubtful,
        "BALANCE_ENOUGH": balance is not None and balance >= terms.cut_below_fen,
        "WARNING_NOT_REACHED": facts.warned_at is None,
        "OVERDRAFT_NOT_REACHED": told is None,
        "GRACE": told is not None and local < told + timedelta(hours=terms.grace_hours),
        "IMPORTANT": facts.is_important,
        "PROTECTED": facts.is_protected,
        "PROTECTION_PENDING": facts.protection_pending,
        "PROMISE": facts.promise_until is not None and on <= facts.promise_until,
        "INSTALMENT_PLAN": facts.has_plan,
    }
    found = {name for name, held in holds.items() if held}
    if for_dispatch:
        found |= set(cut_clock.moment(terms.guard, calendar, local))
    return tuple(name for name in OBJECTIONS if name in found)
