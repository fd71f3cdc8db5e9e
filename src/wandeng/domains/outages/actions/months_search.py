"""The search of a month plan: taken up, and ended with a plan or without one. Between the two nothing is locked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.calc.outage_plan import Effort, Plan, Problem
from wandeng.domains.outages import months_content, months_problem, rules
from wandeng.domains.outages.models import MonthPlan, MonthPlanSolution
from wandeng.domains.outages.months_stored import UNDER_WAY, rows_of
from wandeng.domains.outages.states import SOLUTION
from wandeng.domains.outages.types.months import SolutionState
from wandeng.infra import audit
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

ERROR_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched and how long."""

    problem: Problem
    effort: Effort


@transaction.atomic
def begin(
    *, plan_id: int, solution: int, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> Search | None:
    """Take up a search that was asked for, also one whose worker died; ``None`` when it is over. Raises ``NoRuleInForce``."""
    row, found = _locked(plan_id, solution)
    if found.state not in UNDER_WAY:
        return None
    move(found, SOLUTION, "begin", actor=actor, at=at, started_at=at)
    rule = rules.months(Month.parse(row.month).first, territory=row.unit.territory, library=library).effort
    problem = months_problem.of(row, rows_of(row))
    tries = rule.tries_a_job * len(problem.jobs)
    return Search(problem, Effort(work=found.work, tries=tries, wall_seconds=found.seconds))


@transaction.atomic
def finish(*, plan_id: int, solution: int, problem: Problem, plan: Plan, actor: Actor, at: datetime) -> None:
    """Keep what was found. One that was ended meanwhile stays as it is."""
    row, found = _locked(plan_id, solution)
    if found.state != SolutionState.SOLVING:
        return
    told = months_content.content(problem, plan.starts, rows_of(row))
    move(
        found, SOLUTION, "solve", actor=actor, at=at, ended_at=at, gap_permille=plan.gap_permille,
        least_over=plan.least_over, content=json.dumps(told, ensure_ascii=False, sort_keys=True), **months_content.columns(told),
    )  # fmt: skip
    audit.record(
        actor=actor, action="outage_month.solved", subject=("outage_month", str(plan_id)), at=at,
        facts={"solution": solution, "gap_permille": plan.gap_permille, "unplaced": plan.figures.unplaced},
        unit_path=row.unit.path,
    )  # fmt: skip


@transaction.atomic
def fail(*, plan_id: int, solution: int, error: str, actor: Actor, at: datetime) -> None:
    """End a search without a plan, so that another can be asked for."""
    _row, found = _locked(plan_id, solution)
    if found.state in UNDER_WAY:
        move(found, SOLUTION, "fail", actor=actor, at=at, ended_at=at, error=error[:ERROR_LENGTH])


def _locked(plan_id: int, solution: int) -> tuple[MonthPlan, MonthPlanSolution]:
    row = MonthPlan.objects.select_for_update(of=("self",)).select_related("unit").get(pk=plan_id)
    return row, MonthPlanSolution.objects.get(plan=row, number=solution)
