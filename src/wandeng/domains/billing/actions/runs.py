"""The life of a bill run: open, plan, check, approve, finish, discard. What a shard does in between is in ``frames``."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Max

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frozen, gate
from wandeng.domains.billing.events import BillRunPublished, BillsCorrected, FinalBillPublished
from wandeng.domains.billing.models import BillRun, BillShard
from wandeng.domains.billing.rules import gate_limits, payment_terms
from wandeng.domains.billing.states import RUN
from wandeng.domains.billing.types import (
    CHARGES_A_SHARD,
    LINE_NUMBERS,
    GateFinding,
    PaymentTerms,
    Stage,
    Supply,
    Totals,
)
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.files import content_hash
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.models import RuleText
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, NotAllowed, NotFound
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

OVER = ("PUBLISHED", "DISCARDED")


class RunsOverlap(Conflict):
    """An open run of the month already covers some of these accounts."""

    code = "BILL_RUNS_OVERLAP"


class SamePerson(NotAllowed):
    """The person who made the run cannot approve it."""

    code = "SAME_PERSON"


class NotFinished(Conflict):
    """Some shards have not reached the stage the run is to move to."""

    code = "BILL_SHARDS_NOT_FINISHED"


class PostingBegun(Conflict):
    """Part of the run is in the ledger: finish posting it and correct single bills afterwards."""

    code = "BILL_POSTING_BEGUN"


def get(run_id: RunId) -> BillRun:
    """The run. Raises :class:`NotFound`."""
    run = BillRun.objects.filter(pk=run_id).select_related("unit").first()
    if run is None:
        raise NotFound(f"there is no bill run {run_id}")
    return run


@transaction.atomic
def open_run(*, unit_code: str, month: Month, actor: Actor, at: datetime) -> RunId:
    """Open the next run of a unit and month, or answer with the one that is open.

    Raises :class:`NotFound`, :class:`RunsOverlap` when a run above or below the unit is open for the month, and
    ``Conflict`` when units below follow other territories' rules.
    """
    place = organization.unit(Scope.of(actor), unit_code)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=place.path)
    same = BillRun.objects.filter(unit_id=place.unit_id, month=str(month), kind="ORDINARY")
    current = same.exclude(state__in=OVER).first()
    if current is not None:
        return RunId(current.pk)
    _refuse_overlap(place, month)
    _refuse_mixed_territories(place)
    run = BillRun.objects.create(
        id=ids.reserve(BillRun, 1), unit_id=place.unit_id, month=str(month), territory=place.territory,
        sequence=(same.aggregate(last=Max("sequence"))["last"] or 0) + 1, created_by=actor.code, created_at=at,
    )  # fmt: skip
    audit.record(actor=actor, action="bill_run.open", subject=run, facts={"month": run.month, "unit": place.code},
                 at=at, unit_path=place.path)  # fmt: skip
    return RunId(run.pk)


def _refuse_overlap(place: UnitNode, month: Month) -> None:
    others = BillRun.objects.filter(month=str(month), kind="ORDINARY").exclude(state__in=OVER).select_related("unit")
    for other in others:
        path = other.unit.path
        if path.startswith(place.path) or place.path.startswith(path):
            raise RunsOverlap(f"run {other.pk} of {other.unit.code} is open for {month} and has some of these accounts")


def _refuse_mixed_territories(place: UnitNode) -> None:
    below = organization.unit_tree(Scope(place.path))
    odd = [unit.code for unit in below if unit.territory != place.territory]
    if odd:
        raise Conflict(f"units {', '.join(odd[:5])} follow other rules than {place.code}: run them on their own")


def plan(
    *, run: RunId, book: Book, ranges: Sequence[tuple[int, int]], library: RuleLibrary, rules_root: Path, at: datetime
) -> None:
    """Freeze the price book and cut the accounts into shards of ``ranges`` (from, to); nothing when that was done.

    The text of every rule file the book uses is kept in the database, so that a bill can be priced again when the
    files are long gone.
    """
    planned = get(run)
    if planned.book_hash:
        return
    month = Month.parse(planned.month)
    terms = payment_terms(library, on=month.first, territory=planned.territory)
    book_hash = frozen.write_book(run, book, terms)
    with transaction.atomic():
        keep_rule_texts(book, terms, rules_root, at)
        claimed = BillRun.objects.filter(pk=run, book_hash="").update(book_hash=book_hash)
        if not claimed:
            return
        first = ids.reserve(BillShard, len(ranges))
        BillShard.objects.bulk_create(
            BillShard(id=first + place, run_id=run, number=place + 1, month_index=month.index, account_from=start,
                      account_to=end)
            for place, (start, end) in enumerate(ranges)
        )  # fmt: skip


def keep_rule_texts(book: Book, terms: PaymentTerms, root: Path, at: datetime) -> None:
    """Keep every rule file that a book uses, word for word, in the caller's transaction."""
    used = [(version.path, version.content_hash) for version in book.versions]
    texts = rule_texts([*used, (terms.path, terms.content_hash)], root, at)
    RuleText.objects.bulk_create(texts, ignore_conflicts=True)


def rule_texts(used: Sequence[tuple[str, str]], root: Path, at: datetime) -> list[RuleText]:
    """Rule files word for word, if their bytes are still those that were used (path, hash).

    A price made from several files names them all, joined by ``" + "``, under a hash of their hashes.
    """
    texts: dict[str, RuleText] = {}
    for joined, expected in sorted(set(used)):
        hashes = []
        for path in joined.split(" + "):
            raw = (root / path).read_bytes()
            hashes.append(content_hash(raw))
            texts[hashes[-1]] = RuleText(content_hash=hashes[-1], path=path, text=raw.decode(), first_used_at=at)
        whole = hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
        if whole != expected:
            raise Conflict(f"the rule file {joined} has changed since it was read")
    return list(texts.values())


@transaction.atomic
def mark_frozen(*, run: RunId, actor: Actor, at: datetime) -> None:
    """OPEN → FROZEN when every shard is. Raises :class:`NotFinished`."""
    _advance(run, "freeze", {Stage.PLANNED}, actor, at)


@transaction.atomic
def mark_priced(*, run: RunId, actor: Actor, at: datetime) -> None:
    """FROZEN → PRICED when every shard is. Raises :class:`NotFinished`."""
    _advance(run, "price", {Stage.PLANNED, Stage.FROZEN}, actor, at)


@transaction.atomic
def mark_posted(*, run: RunId, actor: Actor, at: datetime) -> None:
    """APPROVED → POSTED when every shard is in the ledger. Raises :class:`NotFinished`."""
    _advance(run, "post", {Stage.PLANNED, Stage.FROZEN, Stage.PRICED}, actor, at)


def _advance(run: RunId, verb: str, unfinished: set[Stage], actor: Actor, at: datetime) -> None:
    row = get(run)
    waiting = row.shards.filter(stage__in=[stage.value for stage in unfinished]).count()
    if waiting:
        raise NotFinished(f"bill run {run}: {waiting} shards are not finished", shards=waiting)
    move(row, RUN, verb, actor=actor, at=at)


@transaction.atomic
def check(*, run: RunId, library: RuleLibrary, supply: Supply | None, actor: Actor, at: datetime) -> list[GateFinding]:
    """The run-level gate (M9): PRICED → CHECKED, or HALTED when a finding halts. The findings are kept with the run."""
    row = get(run)
    limits = gate_limits(library, on=Month.parse(row.month).first, territory=row.territory)
    totals = gate.totals(row.shards.all())
    if row.kind == "FINAL":  # part of a month against a whole one says nothing
        totals = dataclasses.replace(totals, moved=0)
    found = gate.findings(totals, limits, supply)
    verb = "halt" if any(finding.halts for finding in found) else "pass"
    text = json.dumps([dataclasses.asdict(finding) for finding in found], ensure_ascii=False)
    move(row, RUN, verb, actor=actor, at=at, gate_findings=text)
    return found


@transaction.atomic
def override(*, run: RunId, reason: str, actor: Actor, at: datetime) -> None:
    """A reviewer lets a halted run go on: HALTED → CHECKED, with the reason in its history."""
    row = get(run)
    require(actor, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    if not reason.strip():
        raise NotAllowed("say why the run may go on although the check halted it")
    move(row, RUN, "override", actor=actor, at=at, reason=reason)
    audit.record(actor=actor, action="bill_run.override", subject=row, facts={"findings": row.gate_findings}, at=at,
                 reason=reason, unit_path=row.unit.path)  # fmt: skip


@transaction.atomic
def approve(*, run: RunId, actor: Actor, at: datetime) -> None:
    """A second person approves: CHECKED → APPROVED. Raises :class:`SamePerson`; the database refuses it as well."""
    row = get(run)
    require(actor, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    if actor.code == row.created_by:
        raise SamePerson(f"{actor.code} made bill run {run} and cannot approve it: a second person must")
    move(row, RUN, "approve", actor=actor, at=at, approved_by=actor.code, approved_at=at)
    audit.record(actor=actor, action="bill_run.approve", subject=row, facts={"month": row.month}, at=at,
                 unit_path=row.unit.path)  # fmt: skip


@transaction.atomic
def publish(*, run: RunId, actor: Actor, at: datetime) -> None:
    """POSTED → PUBLISHED, and say so."""
    row = get(run)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    totals = gate.totals(row.shards.all())
    move(row, RUN, "publish", actor=actor, at=at)
    if row.kind == "CORRECTION":
        events.publish(_corrected(row, totals), at=at)
    elif row.kind == "FINAL":
        account_id = row.shards.values_list("account_from", flat=True)[0]
        events.publish(
            FinalBillPublished(row.pk, account_id, row.unit.path, row.month, totals.amount_fen),
            at=at,
        )
    else:
        events.publish(
            BillRunPublished(
                run_id=row.pk,
                unit_path=row.unit.path,
                month=row.month,
                bills=totals.bills,
                amount_fen=totals.amount_fen,
            ),
            at=at,
        )


def _corrected(run: BillRun, totals: Totals) -> BillsCorrected:
    months = tuple(str(Month.from_index(shard.month_index)) for shard in run.shards.order_by("number"))
    account_id = run.shards.values_list("account_from", flat=True)[0]
    return BillsCorrected(run_id=run.pk, account_id=account_id, months=months, amount_fen=totals.amount_fen)


@transaction.atomic
def discard(*, run: RunId, reason: str, actor: Actor, at: datetime) -> None:
    """Throw a draft away, with its bills; its history stays. Raises :class:`PostingBegun`."""
    row = get(run)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    if not reason.strip():
        raise NotAllowed("say why the run is thrown away")
    move(row, RUN, "discard", actor=actor, at=at, reason=reason)
    refuse_posted(row)
    with connection.cursor() as cursor:
        for shard_id, first, count in row.shards.exclude(bill_ids=0).values_list("pk", "first_bill_id", "bill_ids"):
            _delete_bills(cursor, shard_id, first, first + count)
    audit.record(actor=actor, action="bill_run.discard", subject=row, facts={"month": row.month}, at=at, reason=reason,
                 unit_path=row.unit.path)  # fmt: skip


def refuse_posted(run: BillRun) -> None:
    """Called after the run was moved, which waits for postings under way. Raises :class:`PostingBegun`."""
    if run.shards.filter(stage=Stage.POSTED).exists():
        raise PostingBegun(f"bill run {run.pk} is in the ledger, at least in part: correct it bill by bill")


def require_postable(*, run: RunId, actor: Actor) -> None:
    """Refuse to post a run that nobody approved. Each shard looks again in its own transaction."""
    row = get(run)
    require(actor, Role.BILLING_CLERK, Role.BILLING_REVIEWER, unit_path=row.unit.path)
    if row.state != "APPROVED":
        raise Conflict(f"bill run {run} is {row.state}: only an approved run is posted", state=row.state)


def _delete_bills(cursor: CursorWrapper, shard_id: int, first: int, end: int) -> None:
    for table, start, stop in (
        ("billing_billline", first * LINE_NUMBERS, end * LINE_NUMBERS),
        ("billing_billpoint", first * LINE_NUMBERS, end * LINE_NUMBERS),
        ("billing_billcharge", shard_id * CHARGES_A_SHARD, (shard_id + 1) * CHARGES_A_SHARD),
        ("billing_bill", first, end),
    ):
        cursor.execute(f"DELETE FROM {table} WHERE id >= %s AND id < %s", [start, stop])
