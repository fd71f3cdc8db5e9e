"""When supply is expected back: what was said, or what earlier repairs tell while nobody has said."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl
from django.db.models import Value

from wandeng.calc import restoration
from wandeng.domains.cases.queries import incidents as cases
from wandeng.domains.cases.queries import standing
from wandeng.domains.cases.queries.incidents import IncidentShown
from wandeng.domains.cases.queries.standing import OpenIncident
from wandeng.domains.emergency import rules
from wandeng.domains.emergency.models import FaultConfirmation, RestorationEstimate
from wandeng.domains.emergency.types import Confidence, EstimateShown, EstimateSource
from wandeng.domains.reliability.frames import ongoing, returning
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

ORIGIN = "cases.incident:"
_MOMENT = pl.Datetime("us", "UTC")
BY_AREA = pl.Schema(
    {
        "area": pl.Int64(),  # transformer
        "event": pl.String(),  # cases.incident:<number>
        "since": _MOMENT,  # first evidence, or when the incident was opened
        "until": _MOMENT,  # null: nobody can say
        "source": pl.String(),  # CREW, DISPATCHER, STATISTICS, PLAN; empty with a null
        "confidence": pl.String(),  # HIGH, MEDIUM, LOW; empty with a null
    }
)


def by_area(areas: Collection[int] | None = None, *, now: datetime, library: RuleLibrary | None = None) -> pl.DataFrame:
    """:data:`BY_AREA`: who is off by open incidents and when supply is expected back, one row an area and incident, by the
    connection of whoever asks; only of these areas when they are named. Areas that are back already are left out."""
    open_ = standing.open_incidents(Scope.everywhere())
    expected = of_incidents(open_, now=now, library=library)
    back = ongoing.restored({f"{ORIGIN}{one.number}" for one in open_})
    gone = set(zip(back["belongs_to"].to_list(), back["area"].to_list(), strict=True))
    begun = _begun([one.id for one in open_])
    known = {one.id: one for one in open_}
    rows = []
    for incident, area in standing.areas_of(list(known)):
        one, event = known[incident], f"{ORIGIN}{known[incident].number}"
        if (areas is None or area in areas) and (event, area) not in gone:
            told = expected.get(incident)
            rows.append(
                (area, event, begun.get(incident, one.opened_at), told.expected_at if told else None,
                 told.source.value if told else "", told.confidence.value if told else "")
            )  # fmt: skip
    return pl.DataFrame(rows, schema=BY_AREA, orient="row")


def of_incidents(
    open_: Collection[OpenIncident], *, now: datetime, library: RuleLibrary | None = None
) -> dict[int, EstimateShown]:
    """What stands for each incident by id: what was said last, or a first time from earlier repairs of its county; those of which
    nobody can say are absent."""
    rules_ = library or current.library()
    said, begun = _said_and_begun([one.id for one in open_])
    took: dict[str, list[int]] = {}
    found = {}
    for one in open_:
        if one.expected_at is not None:
            last = said.get(one.id)
            found[one.id] = last if last and last.expected_at == one.expected_at else _unkept(one)
            continue
        county = one.unit_path.split("/")[0] + "/"
        first = _from_history(one, begun.get(one.id, one.opened_at), county, took, now, rules_)
        if first is not None:
            found[one.id] = first
    return found


def history(scope: Scope, incident: str, *, now: datetime) -> tuple[EstimateShown, ...]:
    """Everything that was said of an incident, the oldest first. Raises :class:`NotFound`, also out of reach."""
    return history_of(cases.incident(scope, incident, now=now))


def history_of(one: IncidentShown) -> tuple[EstimateShown, ...]:
    """The same of an incident that was read already."""
    rows = RestorationEstimate.objects.filter(incident__number=one.number).order_by("set_at", "pk")
    kept = tuple(_shown(row) for row in rows)
    if (
        one.expected_at is None
        or one.expected_set_at is None
        or any(row.expected_at == one.expected_at for row in kept)
    ):
        return kept
    # Said a moment ago, or before anybody kept a history.
    last = EstimateShown(
        one.expected_at, EstimateSource.DISPATCHER, Confidence.MEDIUM, 0, "", one.expected_set_at, one.expected_set_by
    )
    return (*kept, last)


def _said_and_begun(ids: list[int]) -> tuple[dict[int, EstimateShown], dict[int, datetime]]:
    """What was said last of each incident, and the first evidence of those that are confirmed. One question for both."""
    said = RestorationEstimate.objects.filter(incident__in=ids).values_list(
        "incident_id", "expected_at", "source", "confidence", "cases", "note", "set_at", "set_by", "pk"
    )
    begun = FaultConfirmation.objects.filter(incident__in=ids).values_list(
        "incident_id", "off_at", Value(""), "confidence", Value(0), Value(""), "confirmed_at", "confirmed_by", "pk"
    )
    last: dict[int, EstimateShown] = {}
    first: dict[int, datetime] = {}
    for incident, at, source, sure, cases_, note, set_at, by, _pk in sorted(
        said.union(begun, all=True), key=lambda row: (row[6], row[8])
    ):
        if source:
            last[incident] = EstimateShown(at, EstimateSource(source), Confidence(sure), cases_, note, set_at, by)
        else:
            first[incident] = at
    return last, first


def _begun(ids: list[int]) -> dict[int, datetime]:
    return dict(FaultConfirmation.objects.filter(incident__in=ids).values_list("incident_id", "off_at"))


def _unkept(one: OpenIncident) -> EstimateShown:
    """Said a moment ago: its source is on its way here."""
    assert one.expected_at is not None
    return EstimateShown(one.expected_at, EstimateSource.DISPATCHER, Confidence.MEDIUM, 0, "", one.opened_at, "")


def _from_history(
    one: OpenIncident, since: datetime, county: str, took: dict[str, list[int]], now: datetime, library: RuleLibrary
) -> EstimateShown | None:
    rule = rules.emergency(now, library=library).expecting
    if county not in took:
        took[county] = returning.fault_seconds(Scope(county), now - timedelta(days=365 * rule.years))
    elapsed = max(0, int((now - since).total_seconds()))
    found = restoration.expected(took[county], elapsed=elapsed, percent=rule.percent, least=rule.least)
    if found is None:
        return None
    sure = Confidence.MEDIUM if found.cases >= rule.medium_cases else Confidence.LOW
    at = since + timedelta(seconds=found.seconds)
    return EstimateShown(at, EstimateSource.STATISTICS, sure, found.cases, "", now, "")


def _shown(row: RestorationEstimate) -> EstimateShown:
    return EstimateShown(
        row.expected_at, EstimateSource(row.source), Confidence(row.confidence), row.cases, row.note, row.set_at, row.set_by
    )  # fmt: skip
