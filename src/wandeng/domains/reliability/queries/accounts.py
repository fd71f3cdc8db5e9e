"""What one customer met: the year of an account, interruption by interruption."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
from django.db.models import Q

from wandeng.calc import interruptions
from wandeng.calc.interruptions import STEPS, SUPPLIES
from wandeng.domains.network import queries as network
from wandeng.domains.reliability import rules
from wandeng.domains.reliability.frames.analysis import SECONDS_PER_MINUTE, seconds
from wandeng.domains.reliability.models import Interruption, InterruptionStep, InterruptionSupply
from wandeng.domains.reliability.queries.analysis import calendar_year
from wandeng.domains.reliability.types import AccountHistory, Cause, Experienced, InterruptionKind
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


def account_history(
    scope: Scope, account_number: str, *, year: int, now: datetime, library: RuleLibrary | None = None
) -> AccountHistory:
    """停电履历: how often and how long the account was without any supply in a calendar year, by the rule of frequent
    interruptions (above its minutes, without its causes), and which interruptions those were.

    Raises ``NoRuleInForce``. An account outside the scope, or none, has an empty history.
    """
    whole = calendar_year(year)
    rule = rules.standards(whole.from_on, library=library)
    points = network.points_rows(scope).filter(account_number=account_number, kind__in=["LOAD", "FEED_IN"])
    held = list(points.values_list("pk", "account_id", "transformer_id"))
    begin, end, until = seconds(whole.from_on), seconds(whole.to_on), int(now.timestamp())
    if not held:
        return AccountHistory(account_number, year, 0, 0, ())
    account = held[0][1]
    supplies = _supplies(account)
    areas = {transformer for _, _, transformer in held} | set(supplies["transformer"].to_list())
    steps = _steps(account, areas, begin, end, until, rule.frequent.excludes)
    if supplies.is_empty():
        mine = steps.with_columns(account=pl.lit(account, pl.Int64))
        pieces = interruptions.pieces(mine, supplies).filter(pl.col("customers") == 1)
    else:
        pieces = interruptions.pieces(steps, supplies).filter(pl.col("account") == account)
    length = pl.min_horizontal("end", pl.lit(end)) - pl.max_horizontal("begin", pl.lit(begin))
    met = pieces.filter(
        (pl.col("lasts") > rule.frequent.over_minutes * SECONDS_PER_MINUTE)
        & (pl.col("begin") < end) & (pl.col("end") > begin)
    ).with_columns(seconds=length)  # fmt: skip
    return AccountHistory(
        account_number, year, met.filter((pl.col("starts") == 1) & (pl.col("begin") >= begin)).height,
        int(met["seconds"].sum()), _experienced(met, until),
    )  # fmt: skip


def _supplies(account: int) -> pl.DataFrame:
    rows = InterruptionSupply.objects.filter(account_id=account, interruption__is_current=True)
    found = InterruptionSupply.objects.filter(pk__in=rows.values("pk"))
    return pl.DataFrame(
        list(found.values_list("interruption_id", "account_id", "transformer_id")), SUPPLIES, orient="row"
    )


def _steps(account: int, areas: set[int], begin: int, end: int, until: int, excludes: tuple[str, ...]) -> pl.DataFrame:
    rows = (
        InterruptionStep.objects.filter(
            Q(transformer_id__in=areas, usage_point__isnull=True) | Q(account_id=account),
            Q(on_at__isnull=True) | Q(on_at__gt=datetime.fromtimestamp(begin, UTC)),
            interruption__is_current=True, off_at__lt=datetime.fromtimestamp(end, UTC),
        )
        .exclude(interruption__cause__in=list(excludes))
        .values_list("interruption_id", "transformer_id", "account_id", "off_at", "on_at")
    )  # fmt: skip
    told = []
    for event, transformer, whose, off_at, on_at in rows:
        first = int(off_at.timestamp())
        last = until if on_at is None else int(on_at.timestamp())
        told.append((event, transformer, whose, first, max(last, first + 1), 1))
    return pl.DataFrame(told, STEPS, orient="row")


def _experienced(met: pl.DataFrame, until: int) -> tuple[Experienced, ...]:
    sums = met.group_by("event").agg(
        pl.col("begin").min(), pl.col("end").max(), pl.col("seconds").sum()
    )  # fmt: skip
    known = {row.pk: row for row in Interruption.objects.filter(pk__in=sums["event"].to_list())}
    told = []
    for event, begin, end, length in sums.sort("begin", descending=True).iter_rows():
        row = known[event]
        back = None if row.on_at is None and end == until else datetime.fromtimestamp(end, UTC)
        off = datetime.fromtimestamp(begin, UTC)
        told.append(Experienced(row.number, InterruptionKind(row.kind), Cause(row.cause), off, back, length))
    return tuple(told)
