"""What a demonstration shows of line loss: two weeks of quarter hours of one unit's areas, the days computed from them, odd
areas followed up, leads ranked by evidence, and one that has become a case.

The quarter hours come as a file through the ordinary importer; everything else through the product's own actions.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
from django.conf import settings

from wandeng.domains.cases.types import Charter
from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.types import LEAD_READERS, LOOKERS, LossCause
from wandeng.domains.metering import queries as metering
from wandeng.domains.network import queries as network
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.flows import loss_leads
from wandeng.flows.imports import intake
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE, Month
from wandeng.twin import losses as twin

EVERYWHERE = Scope.everywhere()
AUDITOR = "auditor1"
DAYS, LEAST_DAYS = 14, 4
WANTED, MOST = 9, 24
"""Areas that a unit should have to show everything, and how many of them get readings."""
LARGE_ENOUGH = 5
"""Customers of an area of which one may stand out."""


def leave_losses(first: Month, now: datetime, library: RuleLibrary, *, seed: int) -> tuple[int, int]:
    """Line loss of one unit in the days before today, none of them before ``first``: how many days of areas were computed,
    and how many leads there are. Done once."""
    today = now.astimezone(BILLING_ZONE).date()
    start = max(first.first, today - timedelta(days=DAYS))
    if queries.last_day(EVERYWHERE) is None and (today - start).days >= LEAST_DAYS:
        unit = _unit(today)
        areas = _areas(unit, today)
        if areas:
            days = [start + timedelta(days=passed) for passed in range((today - start).days)]
            told = twin.cast(areas, days=days, rng=np.random.default_rng(seed))
            _take_in("curves", told.curves, now)
            if told.readings.height:
                _take_in("readings", told.readings, now)
            actions.compute(unit_code=unit.code, from_on=start, to_on=today, actor=SYSTEM, at=now, library=library)
            _follow(unit, today, now, library)
            _inspect(unit, today, now)
    return queries.losses_rows(EVERYWHERE).count(), queries.leads_rows(EVERYWHERE).count()


def _unit(on: date) -> UnitNode:
    """The smallest unit with enough areas to show everything, else the one with most; not the last office, whose meters are
    read every day by another part of the demonstration."""
    units = organization.unit_tree(EVERYWHERE)
    staffed = [one for one in units if not any(other.path.startswith(one.path) for other in units if other != one)]
    counted = {
        one.code: network.transformers_rows(Scope(one.path), on=on).filter(ownership="PUBLIC").count()
        for one in staffed[:-1]
    }
    enough = [one for one in staffed[:-1] if counted[one.code] >= WANTED]
    if enough:
        return min(enough, key=lambda one: counted[one.code])
    return max(staffed[:-1] or staffed, key=lambda one: counted.get(one.code, 0))


def _areas(unit: UnitNode, on: date) -> list[twin.Area]:
    """Areas of the unit that have a supply meter, those of the feeder with most of them first: neighbours mirror each other on one
    feeder only."""
    rows = network.transformers_rows(Scope(unit.path), on=on).filter(ownership="PUBLIC").order_by("feeder_code", "code")
    multipliers = dict(
        metering.meters_rows(Scope(unit.path)).exclude(multiplier=None).values_list("point_code", "multiplier")
    )
    found: list[tuple[str, twin.Area]] = []
    for number, code, feeder in rows.values_list("id", "code", "feeder_code")[: MOST * 2]:
        points = [one for one in network.points_of_area(number, on=on) if one.code in multipliers]
        supply = next((one.code for one in points if one.kind == "SUPPLY"), None)
        customers = tuple((one.code, multipliers[one.code]) for one in points if one.kind == "LOAD")
        if supply is not None and len(customers) >= LARGE_ENOUGH:
            roofs = tuple(_roof(one.code) for one in points if one.kind == "FEED_IN")
            area = twin.Area(code, supply, multipliers[supply], _smallest_first(customers), roofs)
            found.append((feeder, area))
    most = Counter(feeder for feeder, _ in found)
    found.sort(key=lambda one: (-most[one[0]], one[0], one[1].code))
    return [area for _, area in found[:MOST]]


def _roof(point: str) -> tuple[str, int, int]:
    """A point that feeds in and what its meter showed last."""
    for one in metering.readings_of(EVERYWHERE, usage_point=point, limit=1):
        said = metering.registers_of(EVERYWHERE, reading_id=one.reading_id)
        return point, said.total_ckwh or 0, said.export_ckwh or 0
    return point, 0, 0


def _smallest_first(customers: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """A customer without current transformers first: it is the one of whom something is told."""
    return tuple(sorted(customers, key=lambda one: (one[1], one[0])))


def _take_in(kind: str, rows: pl.DataFrame, now: datetime) -> None:
    folder = Path(settings.HOME) / "demo" / "losses"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{kind}.csv"
    rows.write_csv(path)
    intake.take_in(kind, path, actor=SYSTEM, clock=lambda: now)


def _follow(unit: UnitNode, on: date, now: datetime, library: RuleLibrary) -> None:
    """Odd areas are followed up; one is explained, one is being looked at."""
    actions.open_due(unit_code=unit.code, on=on - timedelta(days=1), actor=SYSTEM, at=now, library=library)
    role = next((one for one in LOOKERS if organization.holders(unit.path, one, on)), LEAD_READERS[0])
    people = organization.holders(unit.path, role, on)
    if not people:
        return
    person = organization.actor_for(people[0], on)
    opened = queries.work_rows(EVERYWHERE).order_by("rate_e4").values_list("id", "kind")
    for place, (work, kind) in enumerate(opened[:2]):
        actions.take(work_id=work, actor=person, at=now)
        if place == 0 and kind == "NEGATIVE":
            actions.find_cause(
                work_id=work, cause=LossCause.RATIO, finding="考核表互感器更换后档案倍率未改，实际变比为登记的 1.5 倍",
                actor=person, at=now,
            )  # fmt: skip


def _inspect(unit: UnitNode, on: date, now: datetime) -> None:
    """Leads are made by inspection, and a case is opened on the strongest that nothing speaks against."""
    auditor, charter = organization.actor_for(AUDITOR, on), Charter.current()
    loss_leads.make_leads(unit_code=unit.code, to_on=on, actor=auditor, at=now, charter=charter)
    for lead in queries.new_leads(EVERYWHERE)[:1]:
        loss_leads.open_case(lead_id=lead, actor=auditor, at=now, charter=charter)
