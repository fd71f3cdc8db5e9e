"""How often areas were off already: what a plan is held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import polars as pl
from django.db.models import Count, F, Q, QuerySet

from wandeng.domains.reliability import rules
from wandeng.domains.reliability.models import InterruptionStep
from wandeng.domains.reliability.types import Repeats
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.periods import BILLING_ZONE

AT_ONCE = 500


def repeats(
    transformers: Sequence[int], *, on: date, territory: str = rules.TERRITORY, library: RuleLibrary | None = None
) -> dict[int, Repeats]:
    """For each of these transformers: interruptions of the planned kinds that began in the calendar year of ``on``, and
    interruptions of any kind that began within the months up to and including ``on`` (频繁停电: those above the rule's
    minutes, without its causes). An interruption with several steps counts once. Corrected ones do not count.

    Raises ``NoRuleInForce``.
    """
    rule = rules.standards(on, territory=territory, library=library)
    year = _at(date(on.year, 1, 1)), _at(date(on.year + 1, 1, 1))
    since, until = _at(months_before(on, rule.frequent.months)), _at(on + timedelta(days=1))
    long_enough = Q(on_at__isnull=True) | Q(on_at__gt=F("off_at") + timedelta(minutes=rule.frequent.over_minutes))
    planned: Counter[int] = Counter()
    recent: Counter[int] = Counter()
    for start in range(0, len(transformers), AT_ONCE):
        part = transformers[start : start + AT_ONCE]
        steps = InterruptionStep.objects.filter(
            transformer_id__in=part, usage_point__isnull=True, interruption__is_current=True
        )
        of_year = steps.filter(off_at__gte=year[0], off_at__lt=year[1], interruption__kind__in=rule.repeated.kinds)
        planned.update(_counted(of_year))
        lately = steps.filter(long_enough, off_at__gte=since, off_at__lt=until)
        recent.update(_counted(lately.exclude(interruption__cause__in=rule.frequent.excludes)))
    return {one: Repeats(planned[one], recent[one]) for one in transformers}


def months_before(on: date, months: int) -> date:
    """The day from which a rolling window of months ends with ``on``: the day after the same day so many months earlier.

    >>> months_before(date(2026, 3, 31), 2), months_before(date(2026, 4, 30), 2)
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    """
    earlier: date = pl.Series([on]).dt.offset_by(f"-{months}mo").item()
    return earlier + timedelta(days=1)


def _counted(steps: QuerySet[InterruptionStep]) -> dict[int, int]:
    rows = steps.order_by().values("transformer_id").annotate(n=Count("interruption", distinct=True))
    return dict(rows.values_list("transformer_id", "n"))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), BILLING_ZONE)
