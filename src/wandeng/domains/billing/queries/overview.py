"""What the people of billing look at first in the morning: runs that wait for them, exceptions by reason, the months."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from wandeng.domains.billing.models import BillException, BillRun, BillShard
from wandeng.domains.billing.queries.figures import Mover, spreads
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import ListReading, Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month

UNIT = "unit__path"
OVER = ("PUBLISHED", "DISCARDED")
NEXT_STEPS = {
    "OPEN": "price",
    "FROZEN": "price",
    "PRICED": "price",
    "HALTED": "override",
    "CHECKED": "approve",
    "APPROVED": "post",
    "POSTED": "publish",
}
"""What has to be done with a run in each state; ``override`` and ``approve`` are a reviewer's."""
REVIEWER_STEPS = ("override", "approve")
MOST_RUNS = 5


@dataclass(frozen=True, slots=True)
class RunWaiting:
    """A run that is not over, and its next step. ``mine``: the asker may take it; a maker cannot approve his own."""

    run_id: int
    unit_code: str
    unit_name: str
    month: Month
    kind: str
    state: str
    step: str
    created_by: str
    created_at: datetime
    bills: int
    amount_fen: int
    parked: int
    mine: bool


@dataclass(frozen=True, slots=True)
class OpenExceptions:
    """Accounts of runs that are not over, parked for one reason, and the newest run that has some."""

    code: str
    accounts: int
    run_id: int


@dataclass(frozen=True, slots=True)
class UnitMonth:
    """What a unit was billed for a month by its ordinary runs, beside the month before. Drafts are included; ``state`` is
    that of the newest run, empty when there was none in the month."""

    unit_code: str
    unit_name: str
    month: Month
    run_id: int
    state: str
    bills: int
    energy_ckwh: int
    amount_fen: int
    before_bills: int
    before_energy_ckwh: int
    before_amount_fen: int


def runs_waiting(scope: Scope, actor: Actor) -> tuple[RunWaiting, ...]:
    """Runs that are not over, those whose next step is the asker's first, oldest first."""
    found = _WAITING(*scope.bounds)
    sums = _shard_sums([row.pk for row in found])
    parked = dict(_PARKED([row.pk for row in found]))
    waiting = [_waiting(row, sums[row.pk], parked.get(row.pk, 0), actor) for row in found]
    return tuple(sorted(waiting, key=lambda one: (not one.mine, one.run_id)))


def _waiting(row: BillRun, sums: tuple[int, int, int], parked: int, actor: Actor) -> RunWaiting:
    step = NEXT_STEPS[row.state]
    return RunWaiting(
        run_id=row.pk,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        month=Month.parse(row.month),
        kind=row.kind,
        state=row.state,
        step=step,
        created_by=row.created_by,
        created_at=row.created_at,
        bills=sums[0],
        amount_fen=sums[2],
        parked=parked,
        mine=may_take(actor, step, row.created_by),
    )


def may_take(actor: Actor, step: str, created_by: str) -> bool:
    """Whether an actor may take a step of a run that ``created_by`` made."""
    if step in REVIEWER_STEPS:
        return actor.has(Role.BILLING_REVIEWER) and not (step == "approve" and actor.code == created_by)
    return actor.has(Role.BILLING_CLERK) or actor.has(Role.BILLING_REVIEWER)


def open_exceptions(scope: Scope) -> tuple[OpenExceptions, ...]:
    """Accounts parked in runs that are not over, by reason, the most first."""
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for code, run, accounts in _EXCEPTIONS(*scope.bounds):
        sums[code] = (sums[code][0] + accounts, run)
    found = [OpenExceptions(code, accounts, run) for code, (accounts, run) in sums.items()]
    return tuple(sorted(found, key=lambda one: (-one.accounts, one.code)))


def last_month_billed(scope: Scope) -> Month | None:
    """The newest month of any ordinary run of the scope or of a unit above it, whose runs bill what is below; ``None``
    before the first."""
    above = [scope.prefix[: at + 1] for at, mark in enumerate(scope.prefix[:-1]) if mark == "/"]
    found = _newest(len(above)).first(*scope.bounds, *above)
    return Month.parse(found[0]) if found else None


def month_totals(scope: Scope, month: Month) -> tuple[UnitMonth, ...]:
    """What each unit was billed for a month by runs of its own, beside the month before, the largest amount first."""
    runs = _OF_MONTHS(str(month), str(month.previous()), *scope.bounds)
    sums = _shard_sums([row.pk for row in runs])
    by_unit: dict[int, list[BillRun]] = defaultdict(list)
    for row in runs:
        by_unit[row.unit_id].append(row)
    found = [_unit_month(month, own, sums) for own in by_unit.values()]
    return tuple(sorted(found, key=lambda one: (-one.amount_fen, one.unit_code)))


def _unit_month(month: Month, runs: list[BillRun], sums: dict[int, tuple[int, int, int]]) -> UnitMonth:
    now = [row for row in runs if row.month == str(month)]
    totals = [
        [sum(sums[row.pk][place] for row in runs if row.month == str(one)) for place in range(3)]
        for one in (month, month.previous())
    ]
    unit, newest = runs[0].unit, now[-1] if now else None
    return UnitMonth(
        unit.code, unit.name, month, newest.pk if newest else 0, newest.state if newest else "", *totals[0], *totals[1]
    )


def moved_most(scope: Scope, month: Month, *, limit: int = 10) -> tuple[Mover, ...]:
    """The bills of the month's newest runs that differ most from the month before. Each run's answer is kept."""
    movers = [mover for one in spreads(scope, month, newest=MOST_RUNS) for mover in one.movers]
    return tuple(sorted(movers, key=lambda one: -abs(one.change_fen))[:limit])


def _shard_sums(runs: list[int]) -> dict[int, tuple[int, int, int]]:
    """Bills, energy and money of each run."""
    found = {run: (bills, energy, amount) for run, bills, energy, amount in _SUMS(runs)}
    return {run: found.get(run, (0, 0, 0)) for run in runs}


def _ordinary() -> QuerySet[BillRun]:
    return BillRun.objects.filter(kind="ORDINARY").exclude(state="DISCARDED")


_WAITING: Reading[BillRun] = Reading(
    lambda length, prefix: within(
        BillRun.objects.exclude(state__in=OVER).select_related("unit").order_by("id"), UNIT, length, prefix
    ),
    int, str, planned_once=True,
)  # fmt: skip
_PARKED: ListReading[tuple[int, int]] = ListReading(
    lambda runs: (
        BillException.objects.filter(run__in=runs, state="PARKED")
        .values_list("run_id").annotate(n=Count("account_id", distinct=True)).order_by("run_id")
    ),
    int,
)  # fmt: skip
_EXCEPTIONS: Reading[tuple[str, int, int]] = Reading(
    lambda length, prefix: (
        within(
            BillException.objects.filter(state="PARKED").exclude(run__state__in=OVER), "run__unit__path", length, prefix
        ).values_list("code", "run_id").annotate(n=Count("account_id", distinct=True)).order_by("code", "run_id")
    ),
    int, str, planned_once=True,
)  # fmt: skip
_OF_MONTHS: Reading[BillRun] = Reading(
    lambda one, other, length, prefix: within(
        _ordinary().filter(month__in=[one, other]).select_related("unit").order_by("id"), UNIT, length, prefix
    ),
    str, str, int, str, planned_once=True,
)  # fmt: skip
_SUMS: ListReading[tuple[int, int, int, int]] = ListReading(
    lambda runs: (
        BillShard.objects.filter(run_id__in=runs).values_list("run_id").order_by("run_id")
        .annotate(b=Sum("bills"), e=Sum("energy_ckwh"), a=Sum("amount_fen"))
    ),
    int,
)  # fmt: skip


@lru_cache(maxsize=16)
def _newest(above: int) -> Reading[tuple[str]]:
    """The newest month inside a scope that has so many units above it."""

    def make(length: int, prefix: str, *paths: str) -> QuerySet[Any, Any]:
        inside = Q(Exact(Left(F(UNIT), length), prefix)) | Q(unit__path__in=paths)
        return _ordinary().filter(inside).order_by("-month").values_list("month")[:1]

    return Reading(make, int, str, *[str] * above, planned_once=True)
