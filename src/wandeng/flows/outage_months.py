"""The search of a month plan as a job: asked for by a person, done by a worker or at once by a command.

The search itself holds no lock and no transaction. One that is killed begins again; what it finds is stored once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from wandeng.calc import outage_plan
from wandeng.domains.outages.actions import months, months_search
from wandeng.infra import jobs
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import SYSTEM, Actor

SOLVE = "outage_month.solve"
Clock = Callable[[], datetime]


@transaction.atomic
def ask(*, plan_id: int, seconds: int | None = None, actor: Actor, at: datetime) -> int:
    """Leave a search to a worker; the search and its job are one transaction. Returns the solution's number.

    Raises what ``months.ask`` raises.
    """
    number = months.ask(plan_id=plan_id, seconds=seconds, actor=actor, at=at)
    payload = {"plan": plan_id, "solution": number}
    jobs.enqueue(kind=SOLVE, dedup_key=f"{SOLVE}:{plan_id}:{number}", payload=payload, at=at)
    return number


def search(*, plan_id: int, solution: int, actor: Actor, clock: Clock, library: RuleLibrary | None = None) -> None:
    """Search what was asked for and keep what is found; one that cannot be searched is ended with the reason."""
    found = months_search.begin(plan_id=plan_id, solution=solution, actor=actor, at=clock(), library=library)
    if found is None:
        return
    try:
        plan = outage_plan.plan(found.problem, found.effort)
    except Exception as error:
        months_search.fail(plan_id=plan_id, solution=solution, error=str(error), actor=actor, at=clock())
        raise
    months_search.finish(
        plan_id=plan_id, solution=solution, problem=found.problem, plan=plan, actor=actor, at=clock()
    )  # fmt: skip


def solve(
    *, plan_id: int, seconds: int | None = None, work: int | None = None, actor: Actor, clock: Clock,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Search at once, while one waits. Returns the solution's number. Raises what ``months.ask`` raises."""
    number = months.ask(
        plan_id=plan_id, seconds=seconds, work=work, actor=actor, at=clock(), library=library
    )  # fmt: skip
    search(plan_id=plan_id, solution=number, actor=actor, clock=clock, library=library)
    return number


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function, for a worker with a clock."""

    def work(payload: jobs.Payload, _held: jobs.Claim) -> None:
        search(plan_id=payload["plan"], solution=payload["solution"], actor=SYSTEM, clock=clock)

    return {SOLVE: work}
