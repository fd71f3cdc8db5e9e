"""What a demonstration shows of voltage as work: an end that is low in the evening and waits for its new conductor, one that is
high at noon, was said to be mended, and was opened again by its readings.

The points and their readings came with the county's files; the list of work is brought up to date as the night does it.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.voltage import actions, queries
from wandeng.domains.voltage.types import Defect, VoltageCause
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.periods import BILLING_ZONE, Month

EVERYWHERE = Scope.everywhere()
FIRST_LOOK = timedelta(days=25)
"""How long before the last readings the list is made for the first time."""


def leave_voltage(last: Month, now: datetime, library: RuleLibrary) -> int:
    """The list of work as it stands after the last readings, those of the day before ``last``; returns how many remedies there are.
    Done once, and not before that day."""
    end = last.first
    if now.astimezone(BILLING_ZONE).date() >= end and not queries.remedies_rows(EVERYWHERE).exists():
        begin = end - FIRST_LOOK
        actions.sweep(actor=SYSTEM, at=_at(begin, time(5)), library=library)
        paths = {one.unit_id: one.path for one in organization.unit_tree(EVERYWHERE)}
        for number, defect, unit in list(queries.remedies_rows(EVERYWHERE).values_list("id", "defect", "unit_id")):
            person = _holder(paths[unit], begin)
            if person is not None:
                _work(number, Defect(defect), person, begin)
        actions.sweep(actor=SYSTEM, at=_at(end, time(5)), library=library)
    return queries.remedies_rows(EVERYWHERE).count()


def _work(number: int, defect: Defect, person: Actor, on: date) -> None:
    at = _at(on, time(9))
    actions.assign(remedy=number, handler=person.code, due_on=on + timedelta(days=60), actor=person, at=at)
    if defect is Defect.HIGH:
        done = on + timedelta(days=3)
        actions.finish(
            remedy=number, cause=VoltageCause.FEED_IN, measure="调整光伏逆变器并网电压定值", done_on=done, actor=person,
            at=_at(done, time(16)),
        )  # fmt: skip


def _holder(unit_path: str, on: date) -> Actor | None:
    for role in (Role.CELL_MANAGER, Role.COUNTY_MANAGER):
        for code in organization.holders(unit_path, role, on):
            return organization.actor_for(code, on)
    return None


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, BILLING_ZONE)
