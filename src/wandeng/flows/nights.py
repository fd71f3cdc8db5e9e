"""What the runs over a unit have in common, dunning and prepay: left to a worker as a job, done for each territory by its own
rules, range by range of accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Protocol

from django.db import transaction

from wandeng.domains.collections import frames as collections
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.infra import audit, jobs
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

ACCOUNTS_A_RANGE = 20_000
RUNNERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)

Clock = Callable[[], datetime]
Progress = Callable[[int, int], None]


class Run(Protocol):
    """A run of a unit on a day; answers what it did, with a number for each name that is counted."""

    def __call__(self, unit_code: str, on: date, at: datetime, progress: Progress) -> object: ...


def queue(kind: str, *, action: str, unit_code: str, actor: Actor, at: datetime) -> bool:
    """Leave today's run of a unit to a worker and write the ``action`` into the log; returns whether it was not asked for
    yet at this moment.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    unit = runnable(unit_code, actor)
    on = at.astimezone(BILLING_ZONE).date()
    with transaction.atomic():
        queued = jobs.enqueue(
            kind=kind, dedup_key=f"{kind}:{unit_code}:{at.isoformat()}",
            payload={"unit": unit_code, "on": on.isoformat(), "actor": actor.code}, at=at,
        )  # fmt: skip
        audit.record(
            actor=actor, action=action, subject=("organization.Unit", unit_code), facts={"unit": unit_code, "on": on},
            at=at, unit_path=unit.path,
        )  # fmt: skip
    return queued


def runnable(unit_code: str, actor: Actor) -> UnitNode:
    """The unit, for somebody who may run it. Raises :class:`NotFound`, :class:`NotAllowed`."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *RUNNERS, unit_path=unit.path)
    return unit


def handler(run: Run, counted: Sequence[str], clock: Clock) -> jobs.Handler:
    """A run as a job: its lease is renewed with every range, and it tells what was ``counted``."""

    def run_job(payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        def progress(_number: int, _ranges: int) -> None:
            jobs.extend(held, now=clock())

        jobs.extend(held, now=clock())
        done = run(payload["unit"], date.fromisoformat(payload["on"]), clock(), progress)
        return {name: getattr(done, name) for name in counted}

    return run_job


def by_territory(units: Sequence[UnitNode]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Territory and the ids of its units: each territory has rules of its own."""
    for territory in sorted({one.territory for one in units}):
        yield territory, tuple(int(one.unit_id) for one in units if one.territory == territory)


def ranges(store: ColumnStore, units: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of account ids that together hold the accounts of the units."""
    first, end = collections.account_range(store, units)
    return [(start, min(start + ACCOUNTS_A_RANGE, end)) for start in range(first, end, ACCOUNTS_A_RANGE)]
