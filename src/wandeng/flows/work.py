"""Work that waits in the job table: how it is asked for, and the one table of job kinds (kind → function)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.actions import runs
from wandeng.domains.organization import queries as organization
from wandeng.flows import bill_pool, bill_run
from wandeng.infra import jobs
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import BILLING_ZONE, Month

CHECK_BILL_RUN = "bill_run.check"

Clock = Callable[[], datetime]


@transaction.atomic
def queue_bill_run(*, unit_code: str, month: Month, actor: Actor, at: datetime) -> RunId:
    """Open a unit's run of a month and leave the work of freezing, pricing and checking it to a worker.

    The run and its job are one transaction: neither exists without the other. Raises what ``runs.open_run`` raises.
    """
    run = runs.open_run(unit_code=unit_code, month=month, actor=actor, at=at)
    state = billing.run(Scope.of(actor), run).state
    payload = {"run": run, "actor": actor.code, "at": at.isoformat()}
    jobs.enqueue(kind=CHECK_BILL_RUN, dedup_key=f"{CHECK_BILL_RUN}:{run}:{state}", payload=payload, at=at)
    return run


def kinds(clock: Clock, pool: bill_pool.Pool) -> Mapping[str, jobs.Handler]:
    """Job kind → function, for a worker with a clock and processes.

    ``bill_run.check``: effectively once. Shards are done once each in their own transactions; doing it again goes on.
    """

    def check_bill_run(payload: jobs.Payload, held: jobs.Claim) -> None:
        asked_at = datetime.fromisoformat(payload["at"])
        on = asked_at.astimezone(BILLING_ZONE).date()
        actor = SYSTEM if payload["actor"] == SYSTEM.code else organization.actor_for(payload["actor"], on)

        def keep(_step: str, _done: int, _of: int) -> None:
            jobs.extend(held, now=clock())

        shop = bill_run.Workshop.default(pool)
        bill_run.advance(RunId(payload["run"]), actor=actor, at=asked_at, shop=shop, progress=keep)

    return {CHECK_BILL_RUN: check_bill_run}
