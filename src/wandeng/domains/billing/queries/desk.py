"""What the desk shows of one run besides its totals: how far it is, what happened to it, what is parked for which reason,
and whether pricing it again gave the same bytes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min, Q

from wandeng.domains.billing.models import BillException, BillRun, BillShard
from wandeng.domains.billing.queries.runs import view_of
from wandeng.domains.billing.types import RunView, Stage
from wandeng.infra.models import Operation, StateChange
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

UNIT = "unit__path"
VERIFIED = "bill_run.verify"
"""The action under which the operation log keeps the answer of pricing a run again."""
RUN_SUBJECT = "billing.BillRun"

PREVIEWED = "bill_run.preview"
"""The action under which the operation log keeps the totals of a dry run; its subject is ``unit code:month``."""
PREVIEW_SUBJECT = "billing.Preview"


@dataclass(frozen=True, slots=True)
class Progress:
    """Shards of a run by how far they are. ``waiting`` counts shards not yet frozen."""

    run_id: int
    state: str
    shards: int
    waiting: int
    frozen: int
    priced: int
    posted: int

    def done(self, step: str) -> int:
        """Shards through a step: ``freeze``, ``price`` or ``post``."""
        beyond = {"freeze": (self.frozen, self.priced, self.posted), "price": (self.priced, self.posted)}
        return sum(beyond.get(step, (self.posted,)))


@dataclass(frozen=True, slots=True)
class Moved:
    """A step in the life of a run."""

    move: str
    from_state: str
    to_state: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CodeCount:
    """Exceptions of a run for one reason: accounts parked still, accepted or mended, and how many of these were priced
    again. ``day`` is the earliest day they are about, where they are about one."""

    code: str
    parked: int
    accepted: int
    mended: int
    retaken: int
    day: date | None

    @property
    def accounts(self) -> int:
        return self.parked + self.accepted + self.mended

    @property
    def ready(self) -> int:
        """Decided, and not yet priced again."""
        return self.accepted + self.mended - self.retaken


@dataclass(frozen=True, slots=True)
class Verified:
    """The last time a run was priced again from its frozen inputs: who asked, and what differed (nothing: identical)."""

    at: datetime
    actor: str
    complaints: tuple[str, ...]
    lines: int

    @property
    def identical(self) -> bool:
        return not self.complaints


@dataclass(frozen=True, slots=True)
class Previewed:
    """A dry run's answer. ``codes`` are exception code → accounts that would be parked."""

    unit_code: str
    month: Month
    at: datetime
    actor: str
    shards: int
    accounts: int
    bills: int
    lines: int
    parked: int
    moved: int
    energy_ckwh: int
    amount_fen: int
    largest_fen: int
    codes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """All that the desk shows of a run, read in few queries. ``ready`` accounts may be priced again."""

    run: RunView
    progress: Progress
    history: tuple[Moved, ...]
    codes: tuple[CodeCount, ...]
    ready: int
    verified: Verified | None


def run_desk(scope: Scope, run_id: int) -> Desk:
    """A run's page. Raises ``NotFound``, also outside the scope."""
    row = _run(scope, run_id)
    shards = list(row.shards.order_by("number"))
    codes = _counts(row)
    counted = {one.code: one.accounts - one.retaken for one in codes if one.accounts > one.retaken}
    return Desk(
        run=view_of(row, shards, dict(sorted(counted.items()))),
        progress=_progress(row, Counter(shard.stage for shard in shards)),
        history=_history(row),
        codes=codes,
        ready=_ready(row) if any(one.ready for one in codes) else 0,
        verified=_verified(row),
    )


def progress(scope: Scope, run_id: int) -> Progress:
    """How far a run's shards are. Raises ``NotFound``, also outside the scope."""
    row = _run(scope, run_id)
    stages = BillShard.objects.filter(run=row).values_list("stage").annotate(n=Count("id")).order_by("stage")
    return _progress(row, dict(stages))


def history(scope: Scope, run_id: int) -> tuple[Moved, ...]:
    """Every step of a run, oldest first. Raises ``NotFound``, also outside the scope."""
    return _history(_run(scope, run_id))


def exception_counts(scope: Scope, run_id: int) -> tuple[CodeCount, ...]:
    """Exceptions of a run by reason, the one that parks most accounts first."""
    return _counts(_run(scope, run_id))


def ready_to_retake(scope: Scope, run_id: int) -> int:
    """Accounts of a run of which nothing is parked any more and which are not priced again yet."""
    return _ready(_run(scope, run_id))


def verified(scope: Scope, run_id: int) -> Verified | None:
    """The last answer of pricing a run again, ``None`` when nobody has asked."""
    return _verified(_run(scope, run_id))


def _run(scope: Scope, run_id: int) -> BillRun:
    return scope.one(BillRun.objects.select_related("unit"), UNIT, "bill run", pk=run_id)


def _progress(row: BillRun, stages: Mapping[str, int]) -> Progress:
    counts = [stages.get(stage.value, 0) for stage in Stage]
    return Progress(row.pk, row.state, sum(counts), *counts)


def _history(row: BillRun) -> tuple[Moved, ...]:
    moves = StateChange.objects.filter(subject_type=row._meta.label, subject_id=row.pk).order_by("id")
    return tuple(Moved(one.move, one.from_state, one.to_state, one.actor, one.at, one.reason) for one in moves)


def _counts(row: BillRun) -> tuple[CodeCount, ...]:
    found = (
        BillException.objects.filter(run=row)
        .order_by("code")
        .values("code")
        .annotate(
            parked=_accounts(Q(state="PARKED")),
            accepted=_accounts(Q(state="ACCEPTED")),
            mended=_accounts(Q(state="MENDED")),
            retaken=_accounts(Q(retaken_by__isnull=False)),
            day=Min("on_date"),
        )
    )
    counts = [
        CodeCount(one["code"], one["parked"], one["accepted"], one["mended"], one["retaken"], one["day"])
        for one in found
    ]
    return tuple(sorted(counts, key=lambda one: (-one.parked, -one.accounts, one.code)))


def _accounts(chosen: Q) -> Count:
    return Count("account_id", distinct=True, filter=chosen)


def _ready(row: BillRun) -> int:
    waiting = BillException.objects.filter(run=row, retaken_by__isnull=True)
    parked = waiting.filter(state="PARKED").values("account_id")
    return waiting.exclude(account_id__in=parked).values("account_id").distinct().count()


def _verified(row: BillRun) -> Verified | None:
    told = _told(VERIFIED, row._meta.label, str(row.pk))
    if told is None:
        return None
    facts = json.loads(told.facts)
    return Verified(told.at, told.actor, tuple(facts["complaints"]), facts["lines"])


def previewed(scope: Scope, unit_code: str, unit_path: str, month: Month) -> Previewed | None:
    """The last dry run of a unit's month, ``None`` when there was none or the unit lies outside the scope."""
    if not scope.covers(unit_path):
        return None
    told = _told(PREVIEWED, PREVIEW_SUBJECT, f"{unit_code}:{month}")
    if told is None:
        return None
    facts = json.loads(told.facts)
    return Previewed(unit_code=unit_code, month=month, at=told.at, actor=told.actor, **facts)


def _told(action: str, subject_type: str, subject_code: str) -> Operation | None:
    found = Operation.objects.filter(subject_type=subject_type, subject_code=subject_code, action=action)
    return found.order_by("-id").first()
