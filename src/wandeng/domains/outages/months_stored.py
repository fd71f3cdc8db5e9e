"""Month plans as they are stored: under their lock, with their jobs and solutions, and outages as they would be asked for again."""

from __future__ import annotations

from wandeng.domains.outages import rules
from wandeng.domains.outages.models import MonthPlan, MonthPlanJob, MonthPlanSolution
from wandeng.domains.outages.months_gathering import MOVABLE
from wandeng.domains.outages.roles import PUBLISHERS
from wandeng.domains.outages.types.months import MonthPlanAdopted, MonthPlanBusy, MonthPlanState
from wandeng.domains.outages.types.plans import (
    Isolation,
    IsolationKind,
    LiveLine,
    OutageCategory,
    OutageReason,
    PlanRequest,
    Work,
    WorkKind,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

UNDER_WAY = ("QUEUED", "SOLVING")


def locked(plan_id: int, actor: Actor) -> MonthPlan:
    """A plan under its lock. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = MonthPlan.objects.select_for_update(of=("self",)).select_related("unit")
    return Scope.of(actor).one(rows, "unit__path", "month plan", pk=plan_id)


def require_planner(row: MonthPlan, actor: Actor) -> None:
    """Raises :class:`NotAllowed`."""
    require(actor, *PUBLISHERS, unit_path=row.unit.path)


def open_plan(plan_id: int, actor: Actor) -> MonthPlan:
    """A plan under its lock that its planner may change now. Raises :class:`NotFound`, :class:`NotAllowed`,
    :class:`MonthPlanAdopted`, :class:`MonthPlanBusy`."""
    row = locked(plan_id, actor)
    require_planner(row, actor)
    if row.state != MonthPlanState.OPEN:
        raise MonthPlanAdopted(f"the plan of {row.unit.code} for {row.month} is adopted: reopen it first")
    if row.solutions.filter(state__in=UNDER_WAY).exists():
        raise MonthPlanBusy(f"the plan of {row.unit.code} for {row.month} is being searched: wait until it is done")
    return row


def rows_of(row: MonthPlan) -> list[MonthPlanJob]:
    """The jobs of a plan with their outages, by number."""
    return list(row.jobs.select_related("outage").order_by("outage__number"))


def solved(row: MonthPlan, number: int | None) -> MonthPlanSolution | None:
    """A solution by its number, or the latest, ``None`` when there is none yet. Raises :class:`NotFound` for a number that is
    not there."""
    rows = row.solutions.filter(state="SOLVED")
    if number is None:
        return rows.order_by("-number").first()
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound(f"there is no solution {number}")
    return found


def move_on(job: MonthPlanJob) -> bool:
    """Whether an outage was changed, handed in or canceled since it was gathered."""
    return job.outage.version != job.version or (job.outage.state not in MOVABLE) != job.is_fixed


def window_starts(row: MonthPlan, library: RuleLibrary | None) -> dict[str, int]:
    """Minutes after midnight at which each part of the day begins."""
    rule = rules.months(Month.parse(row.month).first, territory=row.unit.territory, library=library)
    return {part.code: part.first for part in rule.day.windows}


def request_of(job: MonthPlanJob) -> PlanRequest:
    """The version of an outage that was gathered, as it would be asked for again."""
    outage = job.outage
    version = outage.versions.get(version=job.version)
    points = version.isolation.select_related("switch", "transformer").order_by("pk")
    works = version.works.select_related("account").order_by("place")
    return PlanRequest(
        unit_code=outage.unit.code, title=outage.title, reason=OutageReason(outage.reason),
        starts_at=version.starts_at, ends_at=version.ends_at,
        isolation=tuple(
            Isolation(IsolationKind(one.kind), (one.transformer or one.switch).code)  # type: ignore[union-attr]
            for one in points
        ),
        works=tuple(
            Work(
                WorkKind(one.kind), one.unit, one.description, one.crew_code,
                one.account.account_number if one.account else "", LiveLine(one.live_line),
            )
            for one in works
        ),
        category=OutageCategory(outage.category), place=version.place, live_line=LiveLine(version.live_line),
    )  # fmt: skip


def protections_of(job: MonthPlanJob) -> dict[int, str]:
    """Kinds of protection by account id, as they were known when the version was made."""
    version = job.outage.versions.get(version=job.version)
    return dict(version.important_users.exclude(protection="").values_list("account_id", "protection"))
