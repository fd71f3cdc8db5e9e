"""The time-of-use schedules of a price book's codes, numbered: by which periods the curves of their points are counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from wandeng.calc.rating.frames import SCHEDULE_OF
from wandeng.calc.timetable import SCHEDULE, SPECIAL_DAYS, Timetable
from wandeng.domains.tariffs.frames.charges import AnyVersion, pieces_between
from wandeng.domains.tariffs.frames.schedules import tou_schedule
from wandeng.domains.tariffs.rules import split_code, structure_facts
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.calendars import SharpDays
from wandeng.infra.effective.topics.plans import PricePlans
from wandeng.infra.effective.topics.residential import Residential
from wandeng.infra.effective.topics.time_of_use import TimeOfUse
from wandeng.infra.effective.values import TopicModel
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.periods import Period

_TOPICS: tuple[type[TopicModel], ...] = (PricePlans, Residential, TimeOfUse, SharpDays)


def timetable(
    library: RuleLibrary, structures: Sequence[str], from_on: date, to_on: date
) -> tuple[pa.Table, Timetable]:
    """Which schedule each price code follows on the days ``from_on`` ≤ day < ``to_on`` (SCHEDULE_OF, ``structure_id``
    the place in ``structures``), and the schedules themselves.

    A code without time of use has no row. Days on which a code has one, but its schedule or the calendar of its sharp
    days is not in force, have a row without a number: nobody may then count their curves.
    """
    made = _Made(library)
    rows: list[dict[str, object]] = []
    for structure_id, code in enumerate(structures):
        territory, _ = split_code(code)
        boundaries: list[AnyVersion] = [found for topic in _TOPICS for found in library.versions(topic, territory)]
        for piece in pieces_between(from_on, to_on, boundaries):
            try:
                schedule = structure_facts(library, code, piece.from_on).schedule
            except NoRuleInForce:
                continue  # no prices that day either: rating says so
            if schedule:
                number = made.number(territory, schedule, piece)
                rows.append(
                    {
                        "structure_id": structure_id,
                        "valid_from": piece.from_on,
                        "valid_to": piece.to_on,
                        "schedule": number,
                    }
                )
    return pa.Table.from_pylist(rows, schema=SCHEDULE_OF), made.timetable()


@dataclass(slots=True)
class _Made:
    """Schedules by territory, code and piece of the window, each compiled once."""

    library: RuleLibrary
    numbers: dict[tuple[str, str, Period], int | None] = field(default_factory=dict)
    spans: list[pa.Table] = field(default_factory=list)
    special: list[pa.Table] = field(default_factory=list)
    incomplete: list[int] = field(default_factory=list)

    def number(self, territory: str, schedule: str, piece: Period) -> int | None:
        """The number of a schedule in a piece; ``None`` where it has no rule in force."""
        key = (territory, schedule, piece)
        if key not in self.numbers:
            self.numbers[key] = self._compile(territory, schedule, piece)
        return self.numbers[key]

    def timetable(self) -> Timetable:
        return Timetable(
            pa.concat_tables([SCHEDULE.empty_table(), *self.spans]),
            pa.concat_tables([SPECIAL_DAYS.empty_table(), *self.special]),
            tuple(self.incomplete),
        )

    def _compile(self, territory: str, schedule: str, piece: Period) -> int | None:
        try:
            found = tou_schedule(self.library, territory, schedule=schedule, from_on=piece.from_on, to_on=piece.to_on)
        except NoRuleInForce:
            return None
        number = len(self.spans)
        if not found.special_days_complete:
            self.incomplete.append(number)
        self.spans.append(_numbered(found.spans, number, SCHEDULE))
        self.special.append(_numbered(found.special_days, number, SPECIAL_DAYS))
        return number


def _numbered(rows: pa.Table, number: int, schema: pa.Schema) -> pa.Table:
    numbers = pa.repeat(pa.scalar(number, pa.int32()), rows.num_rows)
    return rows.append_column("schedule", numbers).select(schema.names).cast(schema)
