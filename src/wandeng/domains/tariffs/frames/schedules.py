"""Time-of-use schedules as columns: the quarter hours of every day of a window, and the days that differ."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from wandeng.domains.tariffs.frames.charges import PERIOD_MEASURES, AnyVersion, pieces_between
from wandeng.domains.tariffs.types import SCHEDULE_COLUMNS, SPECIAL_DAY_COLUMNS, TouSchedule
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.calendars import SharpDays
from wandeng.infra.effective.topics.time_of_use import Schedule, Span, TimeOfUse, point
from wandeng.infra.effective.values import month_mask
from wandeng.kernel.errors import InvalidInput, NoRuleInForce
from wandeng.kernel.periods import Period


def tou_schedule(library: RuleLibrary, territory: str, *, schedule: str, from_on: date, to_on: date) -> TouSchedule:
    """A schedule's quarter hours over ``from_on`` ≤ day < ``to_on``.

    ``schedule`` is the code in the territory's ``time_of_use`` files, ``structure_facts(…).schedule`` of a price code.

    Raises :class:`InvalidInput` for an empty window, :class:`NoRuleInForce` for a day without the schedule, or without
    the sharp-day calendar the schedule refers to.
    """
    if from_on >= to_on:
        raise InvalidInput(f"the window of a schedule must end after it starts: {from_on} to {to_on}")
    spans: list[tuple[object, ...]] = []
    special: list[tuple[object, ...]] = []
    sources: list[str] = []
    complete = True
    boundaries: list[AnyVersion] = [
        *library.versions(TimeOfUse, territory),
        *library.versions(SharpDays, territory),
    ]
    for piece in pieces_between(from_on, to_on, boundaries):
        version = library.version(TimeOfUse, on=piece.from_on, territory=territory)
        found = next((row for row in version.body.schedules if row.code == schedule), None)
        if found is None:
            raise NoRuleInForce(f"{TimeOfUse.topic_name} schedule {schedule}", piece.from_on, territory)
        sources.append(version.path)
        spans += _span_rows(piece, found)
        if found.sharp_days:
            calendar = library.version(SharpDays, on=piece.from_on, territory=territory)
            sources.append(calendar.path)
            complete = complete and calendar.body.calendar.complete
            days = [day for day in calendar.body.calendar.days if piece.from_on <= day < piece.to_on]
            special += [(day, *_span_cells(span)) for day in days for span in found.sharp_days.spans]
    return TouSchedule(
        spans=_table(spans, SCHEDULE_COLUMNS),
        special_days=_table(special, SPECIAL_DAY_COLUMNS),
        special_days_complete=complete,
        sources=tuple(dict.fromkeys(sources)),
    )


def _span_rows(piece: Period, schedule: Schedule) -> list[tuple[object, ...]]:
    return [
        (piece.from_on, piece.to_on, month_mask(day.months), *_span_cells(span))
        for day in schedule.days
        for span in day.spans
    ]


def _span_cells(span: Span) -> tuple[int, int, int]:
    return point(span.start), point(span.end), int(PERIOD_MEASURES[span.period])


def _table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in schema]
    return pa.table(columns, schema=schema)
