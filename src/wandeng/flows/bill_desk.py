"""The bill desk's long work as jobs: checking, posting and verifying a run, and looking at a month before it is run.

Each is asked for by a person on a page and done by a worker; a page shows how far it is by :func:`work_of`. Asking twice
for the same thing is asking once. All are effectively once: shards are done once each in their own transactions, and
verifying and previewing store nothing but their answer, which goes into the operation log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.actions import exceptions, runs
from wandeng.domains.billing.queries import desk
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import bill_pool, bill_run
from wandeng.infra import audit, jobs, waiting
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import BILLING_ZONE, Month

CHECK = "bill_run.check"
POST = "bill_run.post"
VERIFY = "bill_run.verify"
PREVIEW = "bill_run.preview"
UNDONE = ("QUEUED", "RUNNING", "PARKED")

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """A job that is not done. ``error`` is what went wrong the last time, empty for none; a parked one waits for an
    administrator."""

    job_id: int
    kind: str
    state: str
    attempts: int
    asked_at: datetime
    error: str


@transaction.atomic
def open_run(*, unit_code: str, month: Month, actor: Actor, at: datetime) -> RunId:
    """Open a unit's run of a month, or take up the open one, and leave freezing, pricing and checking to a worker.

    The run and its job are one transaction: neither exists without the other. Raises what ``runs.open_run`` raises.
    """
    run = runs.open_run(unit_code=unit_code, month=month, actor=actor, at=at)
    _line_up(CHECK, run, actor, at)
    return run


@transaction.atomic
def retake(*, run: RunId, actor: Actor, at: datetime) -> int:
    """Send a run back for its accepted and mended accounts; a worker prices and checks them. Returns how many accounts.

    Raises :class:`Conflict` when none is ready, and what ``exceptions.retake`` raises.
    """
    ready = exceptions.retake(run=run, actor=actor, at=at)
    if not ready:
        raise Conflict(f"bill run {run} has no account that is ready to be priced again")
    _line_up(CHECK, run, actor, at)
    return ready


@transaction.atomic
def queue_posting(*, run: RunId, actor: Actor, at: datetime) -> None:
    """Leave the posting of an approved run to a worker. Raises what ``runs.require_postable`` raises."""
    runs.require_postable(run=run, actor=actor)
    _line_up(POST, run, actor, at)


@transaction.atomic
def queue_verification(*, run: RunId, actor: Actor, at: datetime) -> None:
    """Have a run priced again from its frozen inputs and compared byte by byte; ``desk.verified`` tells the answer.

    Raises ``NotFound`` outside the actor's scope, :class:`Conflict` before anything is priced.
    """
    view = billing.run(Scope.of(actor), run)
    if not view.totals.bills:
        raise Conflict(f"bill run {run} has no bills that could be priced again")
    if work_of(run, VERIFY) is None:
        _enqueue(VERIFY, f"{VERIFY}:{run}:{at.isoformat()}", {"run": run}, actor, at)


@transaction.atomic
def queue_preview(*, unit_code: str, month: Month, actor: Actor, at: datetime) -> None:
    """Have a unit's month priced from live data into nothing; ``desk.previewed`` tells the answer.

    Raises ``NotFound`` for a unit outside the actor's scope, ``NotAllowed`` for people outside billing.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=unit.path)
    if preview_work(unit_code, month) is None:
        payload = {"unit": unit_code, "month": str(month)}
        _enqueue(PREVIEW, f"{PREVIEW}:{unit_code}:{month}:{at.isoformat()}", payload, actor, at)


def work_of(run: RunId, *kinds: str) -> Work | None:
    """The oldest job of a run that is not done, of these kinds or of any, ``None`` when nothing is under way."""
    return _undone([f"{kind}:{run}:" for kind in kinds or (CHECK, POST, VERIFY)])


def preview_work(unit_code: str, month: Month) -> Work | None:
    """The preview of a unit's month that is not done, ``None`` when none is under way."""
    return _undone([f"{PREVIEW}:{unit_code}:{month}:"])


def _undone(prefixes: list[str]) -> Work | None:
    rows = waiting.job_rows(Scope.everywhere()).filter(state__in=UNDONE, kind__startswith="bill_run.").order_by("id")
    for row in rows:
        if any(row["dedup_key"].startswith(prefix) for prefix in prefixes):
            return Work(row["id"], row["kind"], row["state"], row["attempts"], row["created_at"], row["last_error"])
    return None


def _line_up(kind: str, run: RunId, actor: Actor, at: datetime) -> None:
    """A job for where the run stands now: asking again before it moved is the same job."""
    steps = len(desk.history(Scope.of(actor), run))
    _enqueue(kind, f"{kind}:{run}:{steps}", {"run": run}, actor, at)


def _enqueue(kind: str, key: str, payload: Mapping[str, object], actor: Actor, at: datetime) -> None:
    asker = {"actor": actor.code, "acting_in": actor.unit_path, "at": at.isoformat()}
    jobs.enqueue(kind=kind, dedup_key=key, payload={**payload, **asker}, at=at)


def kinds(clock: Clock, pool: bill_pool.Pool) -> Mapping[str, jobs.Handler]:
    """Job kind → function, for a worker with a clock and processes."""

    def told(held: jobs.Claim) -> bill_run.Progress:
        def keep(_step: str, _done: int, _of: int) -> None:
            jobs.extend(held, now=clock())

        return keep

    def check(payload: jobs.Payload, held: jobs.Claim) -> None:
        shop = bill_run.Workshop.default(pool)
        at = datetime.fromisoformat(payload["at"])
        bill_run.advance(RunId(payload["run"]), actor=_asker(payload), at=at, shop=shop, progress=told(held))

    def post(payload: jobs.Payload, held: jobs.Claim) -> None:
        run, actor = RunId(payload["run"]), _asker(payload)
        if billing.run(Scope.of(actor), run).state != "APPROVED":
            return  # posted already, by hand or by this job before it was killed, or the approval was taken back
        bill_run.post(run, actor=actor, at=datetime.fromisoformat(payload["at"]), pool=pool, progress=told(held))

    def verify(payload: jobs.Payload, held: jobs.Claim) -> None:
        run, actor = RunId(payload["run"]), _asker(payload)
        view = billing.run(Scope.of(actor), run)
        complaints = bill_run.verify(run, actor=actor, pool=pool, progress=told(held))
        audit.record(actor=actor, action=desk.VERIFIED, subject=(desk.RUN_SUBJECT, str(run)), at=clock(),
                     facts={"complaints": complaints, "lines": view.totals.lines}, unit_path=view.unit_path)  # fmt: skip

    def preview(payload: jobs.Payload, held: jobs.Claim) -> None:
        _preview(payload, _asker(payload), bill_run.Workshop.default(pool), told(held), clock)

    return {CHECK: check, POST: post, VERIFY: verify, PREVIEW: preview}


def _preview(
    payload: jobs.Payload, actor: Actor, shop: bill_run.Workshop, progress: bill_run.Progress, clock: Clock
) -> None:
    unit_code, month = payload["unit"], Month.parse(payload["month"])
    totals, shards = bill_run.dry_run(unit_code=unit_code, month=month, actor=actor, shop=shop, progress=progress)
    facts = {"shards": shards, "codes": totals.codes} | {
        name: getattr(totals, name)
        for name in ("accounts", "bills", "lines", "parked", "moved", "energy_ckwh", "amount_fen", "largest_fen")
    }
    unit = organization.unit(Scope.of(actor), unit_code)
    audit.record(actor=actor, action=desk.PREVIEWED, subject=(desk.PREVIEW_SUBJECT, f"{unit_code}:{month}"),
                 facts=facts, at=clock(), unit_path=unit.path)  # fmt: skip


def _asker(payload: jobs.Payload) -> Actor:
    """Who asked, where they acted, with the roles of the day on which they did."""
    if payload["actor"] == SYSTEM.code:
        return SYSTEM
    on = datetime.fromisoformat(payload["at"]).astimezone(BILLING_ZONE).date()
    unit = payload["acting_in"].rstrip("/").rpartition("/")[2]
    return organization.actor_for(payload["actor"], on, unit_code=unit)
