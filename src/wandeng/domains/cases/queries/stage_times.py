"""How long the stages of cases take (环节时长): percentiles of the cases opened in a period, taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

import polars as pl
from django.db.models import Min, Q

from wandeng.calc import stage_times as calc
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.models import Case
from wandeng.domains.organization import queries as organization
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE, Period

MOST_DAYS = 366
_MOMENT = pl.Datetime("us", "UTC")
Named = tuple[str, str]
"""Chinese, English."""


class StagesBy(StrEnum):
    """By what the cases are taken apart: office, month of opening, class (what was broken), place (by which arrival is promised)."""

    UNIT = "UNIT"
    MONTH = "MONTH"
    CLASS = "CLASS"
    LOCALITY = "LOCALITY"


@dataclass(frozen=True, slots=True)
class StageSpread:
    """A stage of a group: how many cases came to its end, and the seconds that 50, 90, 95 of a hundred did not exceed."""

    stage: str
    cases: int
    p50_s: int
    p90_s: int
    p95_s: int
    longest_s: int


@dataclass(frozen=True, slots=True)
class StageGroup:
    """A group with its spreads in the order of the stages; a stage that no case has come to the end of is missing."""

    code: str
    name_zh: str
    name_en: str
    cases: int
    spreads: tuple[StageSpread, ...]


@dataclass(frozen=True, slots=True)
class StageTimes:
    """``stages``: code, Chinese, English of each step in order, then ``WHOLE``: from the report to the last step."""

    process: str
    stages: tuple[tuple[str, str, str], ...]
    whole: StageGroup | None
    groups: tuple[StageGroup, ...]


def stage_times(
    scope: Scope, *, unit_code: str, period: Period, by: StagesBy, charter: Charter, process: str = "fault_repair"
) -> StageTimes:  # fmt: skip
    """Percentiles of the stages of a unit's cases that were opened in a period of at most a year; merged and withdrawn cases
    are left out, and so is what came after a case was opened again.

    Raises :class:`NotFound` for a unit outside the scope or a process there is not, :class:`InvalidInput` for a longer period.
    """
    if period.days > MOST_DAYS:
        raise InvalidInput(f"a period of at most {MOST_DAYS} days is asked for, not {period.days}")
    unit = organization.unit(scope, unit_code)
    body = charter.processes.version(process, on=period.to_on - timedelta(days=1)).body
    steps = tuple(step.code for step in body.steps)
    works = _works(scope.narrowed(unit.path), period, process, steps)
    named = _names(works, by, body)
    apart = works.with_columns(group=pl.col(by.value.lower()))
    return StageTimes(
        process,
        (*((step.code, step.name_zh, step.name_en) for step in body.steps), (calc.WHOLE, "全程", "In all")),
        next(
            iter(_groups(works.with_columns(group=pl.lit(unit.code)), steps, {unit.code: (unit.name, unit.name)})), None
        ),
        _groups(apart, steps, named),
    )


def _works(scope: Scope, period: Period, process: str, steps: tuple[str, ...]) -> pl.DataFrame:
    """A row a case: begun_at, when each step was first done, and what it is taken apart by."""
    since, until = (datetime.combine(day, time.min, BILLING_ZONE) for day in (period.from_on, period.to_on))
    rows = Case.objects.filter(process=process, opened_at__gte=since, opened_at__lt=until)
    rows = scope.limit(rows.exclude(state__in=("MERGED", "WITHDRAWN")), "unit__path")
    ends = {
        f"done_{place}": Min("entries__at", filter=Q(entries__kind="FINISHED", entries__what=step))
        for place, step in enumerate(steps)
    }
    found = rows.annotate(**ends).values_list(
        "opened_at", "unit__code", "unit__name", "first_class", "second_class", "locality", *ends
    )  # fmt: skip
    schema: dict[str, Any] = {
        "begun_at": _MOMENT, "unit": pl.String, "unit_name": pl.String, "first_class": pl.String, "second_class": pl.String,
        "locality": pl.String, **dict.fromkeys(steps, _MOMENT),
    }  # fmt: skip
    return pl.DataFrame(list(found), schema=pl.Schema(schema), orient="row").with_columns(
        month=pl.col("begun_at").dt.convert_time_zone(BILLING_ZONE.key).dt.strftime("%Y-%m"),
        **{"class": pl.concat_str("first_class", "second_class", separator="/").str.strip_chars("/")},
    )


def _names(works: pl.DataFrame, by: StagesBy, body: ProcessDefinition) -> Mapping[str, Named]:
    """What the groups of offices and classes are called; months and places are called by their codes."""
    if by is StagesBy.UNIT:
        return {code: (name, name) for code, name in works.select("unit", "unit_name").unique().rows()}
    if by is StagesBy.CLASS and body.classification:
        found: dict[str, Named] = {}
        for first in body.classification.first:
            found[first.code] = (first.name_zh, first.name_en)
            for second in first.second:
                found[f"{first.code}/{second.code}"] = (
                    f"{first.name_zh} · {second.name_zh}",
                    f"{first.name_en} · {second.name_en}",
                )
        return found
    return {}


def _groups(works: pl.DataFrame, steps: tuple[str, ...], names: Mapping[str, Named]) -> tuple[StageGroup, ...]:
    told = calc.spreads(works.select("group", "begun_at", *steps), steps)
    spreads: dict[str, list[StageSpread]] = {}
    for group, *rest in told.rows():
        spreads.setdefault(group, []).append(StageSpread(*rest))
    found = []
    for code, cases in works.group_by("group").len().sort("group").rows():
        name_zh, name_en = names.get(code, (code, code))
        found.append(StageGroup(code, name_zh, name_en, cases, tuple(spreads.get(code, ()))))
    return tuple(found)
