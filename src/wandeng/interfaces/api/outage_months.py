"""Month plans of outages: gathered, searched, moved by hand, compared, adopted."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.outages.actions import months as actions
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.types.months import At, Consequence, MonthPlanView, SolutionShown
from wandeng.flows import outage_months as flow
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

_P = "console:outages-month"


def month_plan(scope: Scope, plan_id: int, *, library: RuleLibrary) -> MonthPlanView:
    """A plan with its jobs and solutions."""
    return queries.month_plan(scope, plan_id, library=library)


def one_solution(scope: Scope, plan_id: int, solution: int) -> SolutionShown:
    """A solution beside the planner's own proposal: figures, where each job lies and why, what breaks which rule."""
    return queries.solution(scope, plan_id, solution)


def consequence(
    scope: Scope, plan_id: int, number: str, day: date, window: str, *, is_live: bool = False
) -> Consequence:
    """What moving a job there would do to the latest solution; nothing is written."""
    return queries.consequence(scope, plan_id, number, place=At(day, window, is_live))


def new(
    *, unit_code: str, month: Month, announced_on: date, live_crews: int = 0, actor: Actor, at: datetime,
    library: RuleLibrary,
) -> int:  # fmt: skip
    """Gather the planned outages of a unit and month into a plan. Answers its id."""
    return actions.new(
        unit_code=unit_code, month=month, announced_on=announced_on, live_crews=live_crews, actor=actor, at=at,
        library=library,
    )  # fmt: skip


def solve(*, plan_id: int, seconds: int | None = None, actor: Actor, at: datetime) -> int:
    """Ask for a search; a worker does it. Answers the solution's number."""
    return flow.ask(plan_id=plan_id, seconds=seconds, actor=actor, at=at)


def pin(*, plan_id: int, number: str, on: date, window: str, is_live: bool = False, actor: Actor, at: datetime) -> None:
    """Keep a job at a place, whatever the rules say."""
    actions.pin(plan_id=plan_id, number=number, place=At(on, window, is_live), actor=actor, at=at)


def move(*, plan_id: int, number: str, on: date, window: str, is_live: bool = False, actor: Actor, at: datetime) -> int:
    """Move a job by hand and pin it there. Answers the number of the new solution."""
    return actions.move(plan_id=plan_id, number=number, place=At(on, window, is_live), actor=actor, at=at)


def limit(
    *, plan_id: int, number: str, not_before: date | None = None, due_on: date | None = None, actor: Actor, at: datetime
) -> None:
    """Say from which day a job can be done and by which it should."""
    actions.limit(plan_id=plan_id, number=number, not_before=not_before, due_on=due_on, actor=actor, at=at)


write("/outage-months/new", new, name="outage-month-new", like=f"{_P}-new", tag="outages",
      about="归集月度停电计划 gather a month")  # fmt: skip
read("/outage-months/{int:plan_id}", month_plan, name="outage-month", like=_P, tag="outages",
     about="月度停电计划 a month plan")  # fmt: skip
read("/outage-months/{int:plan_id}/solutions/{int:solution}", one_solution, name="outage-month-solution", like=_P,
     tag="outages", about="月度计划方案 a solution")  # fmt: skip
read("/outage-months/{int:plan_id}/jobs/{number}/at/{day}/{window}", consequence, name="outage-month-consequence",
     like=f"{_P}-job", tag="outages", about="移动的后果 what moving a job would do")  # fmt: skip
write("/outage-months/{int:plan_id}/gather", actions.gather, name="outage-month-gather", like=f"{_P}-gather",
      tag="outages", about="重新归集 gather anew")  # fmt: skip
write("/outage-months/{int:plan_id}/solve", solve, name="outage-month-solve", like=f"{_P}-solve", tag="outages",
      about="求解 search")  # fmt: skip
write("/outage-months/{int:plan_id}/jobs/{number}/pin", pin, name="outage-month-pin", like=f"{_P}-job",
      tag="outages", about="固定 pin a job")  # fmt: skip
write("/outage-months/{int:plan_id}/jobs/{number}/unpin", actions.unpin, name="outage-month-unpin",
      like=f"{_P}-job", tag="outages", about="取消固定 let a job go")  # fmt: skip
write("/outage-months/{int:plan_id}/jobs/{number}/move", move, name="outage-month-move", like=f"{_P}-job",
      tag="outages", about="移动 move a job by hand")  # fmt: skip
write("/outage-months/{int:plan_id}/jobs/{number}/limit", limit, name="outage-month-limit", like=f"{_P}-job",
      tag="outages", about="时间要求 limit a job")  # fmt: skip
write("/outage-months/{int:plan_id}/adopt", actions.adopt, name="outage-month-adopt", like=f"{_P}-adopt",
      tag="outages", about="采用方案 adopt a solution")  # fmt: skip
write("/outage-months/{int:plan_id}/reopen", actions.reopen, name="outage-month-reopen", like=f"{_P}-reopen",
      tag="outages", about="重新编制 reopen a plan")  # fmt: skip
