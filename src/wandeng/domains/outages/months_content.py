"""What a solution of a month plan comes to, as it is stored: figures, where each job lies and why, and what breaks which rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from wandeng.calc.outage_plan import Figures, JobFinding, Problem, Reason, Start, evaluate, find, greedy, reasons
from wandeng.domains.outages.models import MonthPlanJob
from wandeng.domains.outages.months_problem import listed, start
from wandeng.domains.outages.types.months import At, FiguresShown, MonthFinding, PlacedJob, Why

WATT_SHARE = 1000
"""Loads of the problem are kW × ‰ of a part of the day."""
MINUTES_AN_HOUR = 60


def content(problem: Problem, starts: Mapping[str, Start], jobs: Iterable[MonthPlanJob]) -> dict[str, Any]:
    """Everything that is stored of a plan. ``jobs`` with their outages."""
    rows = {one.outage.number: one for one in jobs}
    proposal = proposed(problem, rows.values())
    alone = greedy.propose(problem)
    return {
        "proposal": _figures(problem, proposal),
        "greedy": _figures(problem, alone),
        "figures": _figures(problem, starts),
        "placed": [_placed(problem, starts, one, rows[one.job]) for one in reasons(problem, starts)],
        "findings": [_finding(one) for one in find(problem, starts)],
        "proposal_findings": [_finding(one) for one in find(problem, proposal)],
    }


def proposed(problem: Problem, jobs: Iterable[MonthPlanJob]) -> dict[str, Start]:
    """Where the planners of the outages proposed them."""
    return {
        one.outage.number: Start(one.proposed_on, one.proposed_window)
        for one in jobs
        if one.outage.number in problem.job
    }


def columns(told: Mapping[str, Any]) -> dict[str, Any]:
    """The figures that stand in columns, from :func:`content`."""
    figures = told["figures"]
    return {
        "customer_interruptions": figures["customer_interruptions"],
        "proposed_interruptions": told["proposal"]["customer_interruptions"],
        "areas_over": len(figures["areas_over"]),
        "areas_soon": len(figures["areas_soon"]),
        "unplaced": figures["unplaced"],
        "cost": figures["cost"],
    }


def starts_of(text: str) -> dict[str, Start]:
    """Where the jobs of a stored solution lie."""
    found = {one["number"]: start(one["at"]) for one in json.loads(text)["placed"]}
    return {number: at for number, at in found.items() if at is not None}


def figures_shown(problem: Problem, starts: Mapping[str, Start]) -> FiguresShown:
    """The figures of a plan with how many findings it has."""
    return figures(_figures(problem, starts))


def findings_shown(problem: Problem, starts: Mapping[str, Start]) -> tuple[MonthFinding, ...]:
    """The findings of a plan."""
    return tuple(finding(_finding(one)) for one in find(problem, starts))


def figures(told: Mapping[str, Any]) -> FiguresShown:
    """Stored figures as they are shown."""
    sets = {name: tuple(told[name]) for name in ("areas_at_limit", "areas_over", "areas_soon")}
    return FiguresShown(**{**told, **sets})


def finding(told: Mapping[str, Any]) -> MonthFinding:
    """A stored finding as it is shown."""
    sets = {name: tuple(told[name]) for name in ("areas", "others", "details")}
    return MonthFinding(**{**told, **sets})


def placed(told: Mapping[str, Any]) -> PlacedJob:
    """A stored place as it is shown."""
    at = shown(start(told["at"]))
    assert at is not None
    return PlacedJob(
        number=told["number"], at=at, why=Why(told["why"]), merged_with=tuple(told["merged_with"]), saved=told["saved"],
        other=shown(start(told["other"])), other_costs=told["other_costs"],
        other_interruptions=told["other_interruptions"],
    )  # fmt: skip


def shown(at: Start | None) -> At | None:
    """A start as it is shown."""
    return At(at.on, at.window, at.is_live) if at else None


def _figures(problem: Problem, starts: Mapping[str, Start]) -> dict[str, Any]:
    found: Figures = evaluate(problem, starts)
    minutes = 24 * MINUTES_AN_HOUR // len(problem.windows)
    return {
        "customer_interruptions": found.customer_interruptions,
        "load_kw_hours": found.load_windows_w * minutes // (MINUTES_AN_HOUR * WATT_SHARE),
        "late_days": found.late_days,
        "moved": found.changed,
        "unplaced": found.unplaced,
        "avoided": found.avoided,
        "areas_at_limit": list(found.areas_at_limit),
        "areas_over": list(found.areas_over),
        "areas_soon": list(found.areas_soon),
        "broken": len(find(problem, starts)),
        "cost": found.cost,
    }


def _placed(problem: Problem, starts: Mapping[str, Start], one: Reason, row: MonthPlanJob) -> dict[str, Any]:
    at = starts[one.job]
    return {
        "number": one.job,
        "at": listed(at),
        "why": _why(one, at, row, meets=_meets(problem, starts, one)).value,
        "merged_with": list(one.merged_with),
        "saved": one.spared,
        "other": listed(one.other),
        "other_costs": one.other_costs,
        "other_interruptions": one.other_interruptions,
    }


def _meets(problem: Problem, starts: Mapping[str, Start], one: Reason) -> bool:
    """Whether any of the jobs that share its day share its hours too."""
    own = set(problem.spans(problem.job[one.job], starts[one.job]))
    return any(own & set(problem.spans(problem.job[other], starts[other])) for other in one.merged_with)


def _why(one: Reason, at: Start, row: MonthPlanJob, *, meets: bool) -> Why:
    if row.is_fixed:
        return Why.FIXED
    if row.pinned_on:
        return Why.PINNED
    if at.is_live:
        return Why.LIVE
    if one.merged_with:
        return Why.MERGED if meets else Why.SAME_DAY
    is_there = (at.on, at.window) == (row.proposed_on, row.proposed_window)
    return Why.PROPOSED if is_there else Why.CHEAPER


def _finding(one: JobFinding) -> dict[str, Any]:
    return {
        "number": one.job,
        "rule": one.rule.value,
        "is_placed": one.is_placed,
        "areas": list(one.areas),
        "others": list(one.others),
        "details": list(one.details),
    }
