"""When many calls are one fault (故障归并): cases of one transformer, or of several transformers of one feeder, become one
incident; whoever calls later joins it. Grouped by the planned network, under a lock of the feeder.

Locks are taken in this order everywhere: feeder, incident, cases by id, crews.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet, prefetch_related_objects

from wandeng.domains.cases import log, proposing, stepping, thresholds
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import Case, CrewJob, FeederWatch, IncidentArea, IncidentCase, RepairIncident
from wandeng.domains.cases.states import INCIDENT
from wandeng.domains.network.queries import faults
from wandeng.infra import ids
from wandeng.infra.effective.topics.repairs import Repairs
from wandeng.infra.statements import Reading
from wandeng.infra.transitions import move
from wandeng.kernel.actors import SYSTEM, Actor


def after_opening(row: Case, charter: Charter, *, actor: Actor, at: datetime) -> None:
    """A fault was opened: it joins the open incident at its transformer, or makes one when enough calls say so; else a crew is
    proposed for it alone. The row is brought up to date."""
    rule = proposing.rule_if_any(charter, row.unit.territory, at)
    if rule is None or row.process != rule.steps.process:
        return
    if row.transformer_id is None or row.first_class in rule.grouping.apart:
        proposing.propose([proposing.of_case(row)], row.unit.path, rule, because="OPENED", at=at)
        return
    rule = thresholds.in_force(rule, row.unit.path)
    feeder = faults.transformer_spots([row.transformer_id])[row.transformer_id].feeder_id
    _watch(feeder)
    found = open_incidents(feeder, row.transformer_id)
    incident = next((one for one in found if row.transformer_id in _areas(one)), None)
    if incident is None:
        incident = _gathered(row, feeder, found, rule, charter, actor=actor, at=at)
    else:
        take_in(incident, [row], rule, charter, at=at)
    if incident is None:
        proposing.propose([proposing.of_case(row)], row.unit.path, rule, because="OPENED", at=at)
    else:
        row.refresh_from_db()


def open_incidents(feeder: int, transformer: int) -> list[RepairIncident]:
    """Open incidents of a feeder, or that a transformer lies behind; the wide ones first. They are held: whoever is just
    sending a crew to one has done so, or waits until the call belongs to it."""
    found = _STANDING(feeder, transformer)
    prefetch_related_objects(found, "areas")
    return sorted(found, key=lambda one: (one.level == "TRANSFORMER", one.pk))


def _standing(feeder: int, transformer: int) -> QuerySet[RepairIncident]:
    behind = IncidentArea.objects.filter(transformer_id=transformer).values("incident")
    rows = RepairIncident.objects.filter(Q(feeder_id=feeder) | Q(pk__in=behind), state="OPEN").order_by("pk")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.select_related("unit")


_STANDING: Reading[RepairIncident] = Reading(_standing, int, int)


def _areas(incident: RepairIncident) -> set[int]:
    return {area.transformer_id for area in incident.areas.all()}


def take_in(
    incident: RepairIncident, cases: Sequence[Case], rule: Repairs, charter: Charter, *, at: datetime
) -> None:  # fmt: skip
    """Cases become reports of an incident: they are told when supply is expected back, and brought to where it stands."""
    IncidentCase.objects.bulk_create(IncidentCase(incident=incident, case=row, joined_at=at) for row in cases)
    for row in cases:
        written = log.Log.of(row)
        written.add("JOINED", at=at, noted_at=at, actor=SYSTEM, what=row.step, facts={"incident": incident.number})
        written.keep()
    stepping.catch_up(incident, [row.number for row in cases], rule, charter, at=at)


def cases_locked(ids_: Collection[int]) -> list[Case]:
    """These cases under their locks, by id."""
    rows = Case.objects.select_related("unit", "account", "transformer").filter(pk__in=list(ids_)).order_by("pk")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return list(rows)


def _watch(feeder: int) -> None:
    """Hold the feeder: two calls at once are grouped one after the other. SQLite has one writer anyway."""
    if not transaction.get_connection().features.has_select_for_update:
        return
    rows = FeederWatch.objects.select_for_update().filter(feeder_id=feeder)
    if rows.first() is None:
        FeederWatch.objects.get_or_create(feeder_id=feeder)
        rows.get()


def _gathered(
    row: Case, feeder: int, known: Sequence[RepairIncident], rule: Repairs, charter: Charter, *, actor: Actor, at: datetime
) -> RepairIncident | None:  # fmt: skip
    """The incident that this call makes, if it makes one: of its transformer, or of the line above several."""
    loose = _loose(feeder, rule, at)
    since = at - timedelta(minutes=rule.grouping.window_minutes)
    single = [one for one in known if one.level == "TRANSFORMER" and one.opened_at >= since]
    struck = {one.transformer_id for one in loose if one.transformer_id}
    struck |= {one.transformer_id for one in single if one.transformer_id}
    if len(struck) >= rule.grouping.feeder_transformers:
        return _of_line(feeder, struck, loose, known, rule, charter, actor=actor, at=at)
    here = [one for one in loose if one.transformer_id == row.transformer_id]
    if row.transformer_id is None or len(_callers(here)) < rule.grouping.transformer_cases:
        return None
    customers = faults.customers_behind(row.transformer_id, on=local_day(at))
    made = _found(feeder, level="TRANSFORMER", unit=row.unit_id, switch=None, transformer=row.transformer_id,
                  areas=[row.transformer_id], customers=customers, actor=actor, at=at)  # fmt: skip
    _fill(made, here, [], rule, charter, at=at)
    return made


def _of_line(
    feeder: int, struck: set[int], loose: Sequence[Case], known: Sequence[RepairIncident], rule: Repairs,
    charter: Charter, *, actor: Actor, at: datetime,
) -> RepairIncident:  # fmt: skip
    """Calls of so many transformers that it is the line: one incident at the nearest switch above all of them, which takes
    in their cases and the narrower incidents behind it."""
    point = faults.common_point(struck, feeder=feeder, on=local_day(at))
    behind = set(point.transformers)
    narrower = [one for one in known if _areas(one) <= behind]
    made = _found(feeder, level="SWITCH" if point.switch_id else "FEEDER", unit=point.unit_id, switch=point.switch_id,
                  transformer=None, areas=behind, customers=point.customers, actor=actor, at=at)  # fmt: skip
    _fill(made, [one for one in loose if one.transformer_id in behind], narrower, rule, charter, at=at)
    return made


def founded(
    level: str, device: int, place: faults.DevicePlace, areas: Collection[int], customers: int, rule: Repairs,
    charter: Charter, *, actor: Actor, at: datetime,
) -> RepairIncident:  # fmt: skip
    """An incident at a device, found by other evidence than calls; the open one where there is one. It takes in the calls and
    the narrower incidents behind the device."""
    _watch(place.feeder_id)
    column = {"FEEDER": "feeder_id", "SWITCH": "switch_id", "TRANSFORMER": "transformer_id"}[level]
    there = RepairIncident.objects.filter(state="OPEN", level=level, **{column: device}).select_related("unit").first()
    if there is not None:
        return there
    behind = set(areas)
    known = open_incidents(place.feeder_id, min(behind))
    narrower = [one for one in known if _areas(one) <= behind]
    made = _found(place.feeder_id, level=level, unit=place.unit_id, switch=device if level == "SWITCH" else None,
                  transformer=device if level == "TRANSFORMER" else None, areas=behind, customers=customers, actor=actor,
                  at=at)  # fmt: skip
    loose = [one for one in _loose(place.feeder_id, rule, at) if one.transformer_id in behind]
    _fill(made, loose, narrower, rule, charter, at=at)
    return made


def _loose(feeder: int, rule: Repairs, at: datetime) -> list[Case]:
    """Open faults of the feeder within the window that no incident has."""
    since = at - timedelta(minutes=rule.grouping.window_minutes)
    rows = _FAULTS(rule.steps.process, since, feeder)
    return [row for row in rows if row.first_class not in rule.grouping.apart]


_FAULTS: Reading[Case] = Reading(
    lambda process, since, feeder: Case.objects.filter(
        process=process, state="OPEN", opened_at__gte=since, transformer__feeder_id=feeder, incident_member__isnull=True
    ).order_by("pk"),
    str, datetime, int,
)  # fmt: skip


def _callers(rows: Iterable[Case]) -> set[str]:
    """Different callers: two calls from one account or number are one."""
    return {f"account {one.account_id}" if one.account_id else one.phone_index or f"case {one.pk}" for one in rows}


def _found(
    feeder: int, *, level: str, unit: int, switch: int | None, transformer: int | None, areas: Iterable[int],
    customers: int, actor: Actor, at: datetime,
) -> RepairIncident:  # fmt: skip
    row_id = ids.reserve(RepairIncident, 1)
    row = RepairIncident.objects.create(
        id=row_id, number=f"G{local_day(at):%y%m%d}{row_id:06d}", level=level, unit_id=unit, feeder_id=feeder,
        switch_id=switch, transformer_id=transformer, customers=customers, opened_at=at, opened_by=actor.code,
    )  # fmt: skip
    IncidentArea.objects.bulk_create(IncidentArea(incident=row, transformer_id=one) for one in sorted(set(areas)))
    return RepairIncident.objects.select_related("unit").get(pk=row.pk)


def _fill(
    made: RepairIncident, cases: Sequence[Case], narrower: Sequence[RepairIncident], rule: Repairs, charter: Charter, *,
    at: datetime,
) -> None:  # fmt: skip
    """Put cases and narrower incidents into a new one: the crew that is furthest stays with it, others are rid of theirs."""
    # Each incident is held since it was read; now its cases.
    members = list(IncidentCase.objects.filter(incident__in=narrower).values_list("case_id", flat=True))
    rows = cases_locked([*members, *(one.pk for one in cases)])
    stepping.take_over(made, rows, narrower, rule, charter, at=at)
    IncidentCase.objects.filter(incident__in=narrower).update(incident=made)
    for one in narrower:
        move(one, INCIDENT, "absorb", actor=SYSTEM, at=at, into_id=made.pk, ended_at=at)
    here = [one for one in rows if one.pk not in set(members)]
    take_in(made, here, rule, charter, at=at)
    stepping.catch_up(made, [one.number for one in rows if one.pk in set(members)], rule, charter, at=at)
    if not CrewJob.objects.filter(incident=made, ended_at__isnull=True).exists():
        proposing.propose([proposing.of_incident(made)], made.unit.path, rule, because="GROUPED", at=at)
