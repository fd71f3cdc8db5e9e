"""The problem of a month plan as text: written canonically, read back, and with what the planner said about its jobs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from wandeng.calc.outage_plan import (
    Area,
    CrewCapacity,
    Forbidden,
    Job,
    Prices,
    Problem,
    Room,
    Side,
    Start,
    Window,
)
from wandeng.domains.outages.models import MonthPlan, MonthPlanJob


def written(problem: Problem) -> str:
    """A problem as canonical JSON: the same problem, the same text."""
    return json.dumps(asdict(problem), ensure_ascii=False, sort_keys=True, default=_plain)


def read(text: str) -> Problem:
    """What :func:`written` wrote."""
    told = json.loads(text)
    return Problem(
        from_on=date.fromisoformat(told["from_on"]),
        to_on=date.fromisoformat(told["to_on"]),
        announced_on=date.fromisoformat(told["announced_on"]),
        windows=tuple(Window(**one) for one in told["windows"]),
        areas=tuple(_area(one) for one in told["areas"]),
        jobs=tuple(_job(one) for one in told["jobs"]),
        crews=tuple(CrewCapacity(**one | {"on": date.fromisoformat(one["on"])}) for one in told["crews"]),
        forbidden=tuple(_ban(one) for one in told["forbidden"]),
        prices=Prices(**told["prices"]),
        avoided=tuple(_ban(one) for one in told["avoided"]),
    )


def of(plan: MonthPlan, jobs: Iterable[MonthPlanJob]) -> Problem:
    """The problem of a plan with pins and limits as they stand; ``jobs`` with their outages."""
    said = {one.outage.number: one for one in jobs}
    problem = read(plan.problem)
    return replace(problem, jobs=tuple(_said(job, said[job.code]) for job in problem.jobs))


def pin(row: MonthPlanJob) -> Start | None:
    """Where the planner wants a job."""
    return Start(row.pinned_on, row.pinned_window, row.pinned_live) if row.pinned_on else None


def start(told: list[Any] | None) -> Start | None:
    """A start from ``[day, window, live]``."""
    return Start(date.fromisoformat(told[0]), told[1], told[2]) if told else None


def listed(at: Start | None) -> list[Any] | None:
    """``[day, window, live]`` of a start."""
    return [at.on.isoformat(), at.window, at.is_live] if at else None


def _said(job: Job, row: MonthPlanJob) -> Job:
    if row.is_fixed:
        return job
    earliest = max((one for one in (job.not_before, row.not_before) if one), default=None)
    return replace(job, pinned=pin(row), not_before=earliest, due_on=row.due_on)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"no exact text for {value!r}")


def _area(told: dict[str, Any]) -> Area:
    soon = tuple(Room(date.fromisoformat(one["until"]), one["days"]) for one in told["soon"])
    return Area(**told | {"soon": soon})


def _ban(told: dict[str, Any]) -> Forbidden:
    days = frozenset(date.fromisoformat(one) for one in told["days"])
    return Forbidden(told["reason"], frozenset(told["areas"]), days, frozenset(told["windows"]))


def _job(told: dict[str, Any]) -> Job:
    sets = {name: frozenset(told[name]) for name in ("areas", "ties_closed", "ties_open", "more_crews")}
    days = told["allowed_days"]
    return Job(
        **told
        | sets
        | {
            "side": Side(told["side"]),
            "allowed_days": None if days is None else frozenset(date.fromisoformat(one) for one in days),
            "not_before": _day(told["not_before"]),
            "due_on": _day(told["due_on"]),
            "pinned": _start(told["pinned"]),
            "published": _start(told["published"]),
        }
    )


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _start(told: dict[str, Any] | None) -> Start | None:
    return Start(**told | {"on": date.fromisoformat(told["on"])}) if told else None
