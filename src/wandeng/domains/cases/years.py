"""For how long what proves a case is kept: the years of its grade, from the day it ends.

A case that was merged ends with the one it went into: that one's years are its own, when it ends and each time it ends again.
"""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.cases.charter import local_day
from wandeng.domains.cases.models import Case
from wandeng.infra.processes.definition import ProcessDefinition


def kept_until(row: Case, body: ProcessDefinition, at: datetime) -> date | None:
    """Until when the evidence of a case that ends now is kept, by its grade; ``None``: no bound of its own."""
    years = {one.grade: one.years for one in body.closing.kept}.get(row.grade)
    return _years_on(local_day(at), years) if years else None


def hand_down(row: Case) -> None:
    """What was merged into a case that ended is kept as long as it. Of a kind without a bound nothing is written."""
    if row.kept_until is not None:
        Case.objects.filter(into_id=row.pk, state="MERGED").update(kept_until=row.kept_until)


def _years_on(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March.

    >>> _years_on(date(2024, 2, 29), 3).isoformat()
    '2027-03-01'
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
