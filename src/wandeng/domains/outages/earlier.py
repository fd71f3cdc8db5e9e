"""What areas had already: interruptions that are written down, and plans still to come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from wandeng.domains.outages import rules
from wandeng.domains.outages.models import OutageArea
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.reliability.queries.repeating import months_before
from wandeng.infra.effective.library import RuleLibrary

AT_ONCE = 500
TO_COME = ("SUBMITTED", "APPROVED", "PUBLISHED")
"""Plans that count although nobody is off yet: a running one is written down as an interruption."""


@dataclass(frozen=True, slots=True)
class History:
    """Of one area: ``planned`` interruptions in the calendar year, ``recent`` ones of any kind in the window of months, both with
    the plans still to come. ``planned_to_come`` and ``recent_to_come`` are the parts that are plans."""

    planned: int
    recent: int
    planned_to_come: int
    recent_to_come: int


def history(
    transformers: Sequence[int], *, on: date, territory: str, besides: int | None, library: RuleLibrary | None
) -> dict[int, History]:
    """For each area, as seen from an outage that would begin on ``on``. ``besides``: a plan that is not counted.

    Raises ``NoRuleInForce``.
    """
    written = reliability.repeats(transformers, on=on, territory=territory, library=library)
    since = months_before(on, rules.frequent(on, territory=territory, library=library).months)
    year = rules.midnight(date(on.year, 1, 1)), rules.midnight(date(on.year + 1, 1, 1))
    lately = rules.midnight(since), rules.midnight(on + timedelta(days=1))
    planned: Counter[int] = Counter()
    recent: Counter[int] = Counter()
    for start in range(0, len(transformers), AT_ONCE):
        part = transformers[start : start + AT_ONCE]
        rows = OutageArea.objects.filter(
            transformer_id__in=part, version__state="STANDS", version__outage__state__in=TO_COME
        )
        if besides is not None:
            rows = rows.exclude(version__outage_id=besides)
        in_year = Q(
            version__starts_at__gte=year[0], version__starts_at__lt=year[1], version__outage__category="PLANNED"
        )
        planned.update(rows.filter(in_year).values_list("transformer_id", flat=True))
        in_window = Q(version__starts_at__gte=lately[0], version__starts_at__lt=lately[1])
        recent.update(rows.filter(in_window).values_list("transformer_id", flat=True))
    return {
        one: History(
            written[one].planned_this_year + planned[one], written[one].recent + recent[one], planned[one], recent[one]
        )
        for one in transformers
    }
