"""Bank files coming in (银行文件): a person brings one, a worker reads and judges it, the person posts it, a worker books it
chunk by chunk. The same bytes twice are the same file; the same row in other bytes is a repeat.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments.actions import bank_files as actions
from wandeng.domains.payments.frames import bank_posting, bank_rows, reconciling
from wandeng.domains.payments.frames.bank_posting import Booking
from wandeng.domains.payments.frames.bank_rows import ANSWERS, MONEY, TELLING, Judging
from wandeng.domains.payments.frames.reconciling import Day
from wandeng.domains.payments.queries import bank_files as queries
from wandeng.domains.payments.queries import online
from wandeng.domains.payments.queries.bank_values import BankFileFacts, channel_of, payment_key
from wandeng.flows import disconnection
from wandeng.infra import jobs, waiting
from wandeng.infra.bank_layouts import reading, statements
from wandeng.infra.bank_layouts.reading import Contents
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.topics.bank_files import OUTGOING, Bank, BankFileKind, BankFiles
from wandeng.infra.effective.versions import RuleVersion
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.uploads import MAX_BYTES, safe_name
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

CHECK, POST = "bank-file-check", "bank-file-post"
UNDONE = ("QUEUED", "RUNNING", "PARKED")
TENDERS = {"DEBIT_RESULT": "DEBIT", "COLLECTION_RESULT": "TRANSFER", "COUNTER": "TRANSFER"}
"""How money of a file changes hands; cash paid at a bank's counter is the bank's to us."""

Clock = Callable[[], datetime]


def folder() -> Path:
    """Where the bytes of bank files lie: vouchers, kept, readable by us only."""
    return Path(settings.HOME) / "bank-files"


def content_path(content_hash: str) -> Path:
    """The bytes of a file."""
    return folder() / f"{content_hash}.txt"


def rules(territory: str, on: date) -> RuleVersion[BankFiles]:
    """Kinds, banks and layouts in force. Raises ``NoRuleInForce``."""
    return current.library().version(BankFiles, on=on, territory=territory)


def bank_of(body: BankFiles, code: str) -> Bank:
    """A bank of the rule. Raises :class:`InvalidInput`."""
    found = body.bank(code)
    if found is None:
        raise InvalidInput(f"'{code}' is no bank of the rules: {', '.join(one.code for one in body.banks)}")
    return found


def receive(
    *, bank: str, file_name: str, chunks: Iterable[bytes], unit_code: str, actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Keep a file and leave reading it to a worker; returns its id. Bytes that were brought before answer with that file.

    Raises :class:`NotFound` for the unit, :class:`NotAllowed`, :class:`InvalidInput` for an unknown bank,
    :class:`FileRefused` for a file too large or empty.
    """
    node = organization.unit(Scope.of(actor), unit_code)
    version = rules(node.territory, _day(at))
    layout = bank_of(version.body, bank).layout
    content_hash, size = _keep(safe_name(file_name), chunks)
    try:
        with transaction.atomic():
            made = actions.bring(
                bank=bank, layout=layout, rule_path=version.path, file_name=safe_name(file_name),
                content_hash=content_hash, size=size, unit_code=unit_code, actor=actor, at=at,
            )  # fmt: skip
            jobs.enqueue(kind=CHECK, dedup_key=f"{CHECK}:{made}", payload={"file": made}, at=at)
    except IntegrityError:
        return queries.bank_file_by_hash(Scope.of(actor), content_hash).file_id
    return made


@transaction.atomic
def post(*, file_id: int, reason: str = "", actor: Actor, at: datetime) -> None:
    """Leave booking a checked file to a worker. Raises as ``actions.begin_posting``."""
    actions.begin_posting(file_id=file_id, reason=reason, actor=actor, at=at)
    payload = {"file": file_id, "actor": actor.code, "acting_in": actor.unit_path, "at": at.isoformat()}
    jobs.enqueue(kind=POST, dedup_key=f"{POST}:{file_id}", payload=payload, at=at)


def discard(*, file_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Throw a file away before it is booked. Raises as ``actions.discard``, and :class:`InvalidInput` without a reason."""
    if not reason.strip():
        raise InvalidInput("a bank file is thrown away for a stated reason")
    actions.discard(file_id=file_id, reason=reason, actor=actor, at=at)


def work_of(file_id: int) -> dict[str, object] | None:
    """The job that a file waits for: ``id``, ``state``, ``last_error``."""
    keys = [f"{CHECK}:{file_id}", f"{POST}:{file_id}"]
    row = waiting.job_rows(Scope.everywhere()).filter(state__in=UNDONE, dedup_key__in=keys).order_by("id").first()
    return {name: row[name] for name in ("id", "state", "last_error")} if row else None


def check_now(file_id: int, *, at: datetime) -> BankFileFacts:
    """Read and judge a file that waits; what is wrong with it as a whole refuses it. Twice is once."""
    facts = queries.bank_file(Scope.everywhere(), file_id)
    if facts.state != "WAITING":
        return facts
    try:
        contents, kind, request = _read(facts, at)
    except FileRefused as refused:
        # The message names the file as it is stored; people know it by the name they brought it under.
        stored = f"{refused.facts['file']}:{refused.line}" if refused.line else str(refused.facts["file"])
        message = refused.message.removeprefix(f"{stored}: ")
        refusal = {"message": message, "file": facts.file_name, "reason": refused.reason, "line": refused.line}
        actions.refuse(file_id=file_id, refusal=refusal, at=at)
        return queries.bank_file(Scope.everywhere(), file_id)
    body, head = rules(_territory(facts), _day(at)).body, contents.heading
    by = Judging(
        task=kind.task, bank=facts.bank, batch=head.batch, day=head.day, unit_path=facts.unit_path, today=_day(at),
        paid_codes=body.paid_codes(), request=request,
    )  # fmt: skip
    with ColumnStore() as store, store.transaction():
        bank_rows.keep(store, file_id, bank_rows.judge(store, contents.rows, by))
    with transaction.atomic():
        actions.note_checked(
            file_id=file_id, kind=kind.code, task=kind.task, batch=head.batch, day=head.day, rows=head.count,
            total_fen=head.total_fen, unread=contents.unread, unread_fen=contents.unread_fen, answers=request, at=at,
        )  # fmt: skip
        if kind.task in TELLING:
            actions.finish(file_id=file_id, at=at)
    return queries.bank_file(Scope.everywhere(), file_id)


def post_now(file_id: int, *, actor: Actor, clock: Clock, tell: Callable[[int], None] | None = None) -> BankFileFacts:
    """Book a file that somebody posted, from wherever a killed worker left it; ``tell`` hears the rows of each chunk."""
    facts = queries.bank_file(Scope.everywhere(), file_id)
    if facts.state != "POSTING" or facts.day is None:
        return facts
    with ColumnStore() as store:
        if facts.task in MONEY:
            booking = _booking(facts, facts.day, actor, clock())
            done, line = bank_posting.post_chunk(store, booking, 0)
            while done:
                if tell is not None:
                    tell(done)
                done, line = bank_posting.post_chunk(store, booking, line)
        if facts.task == "DETAIL":
            _reconcile(store, facts, facts.day, actor, clock())
        if facts.answers is not None:
            _answer(store, facts, clock())
    actions.finish(file_id=file_id, at=clock())
    return queries.bank_file(Scope.everywhere(), file_id)


def handlers(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function. Effectively once: judging replaces its own rows, and a row that is booked waits no more."""

    def check(payload: jobs.Payload, held: jobs.Claim) -> None:
        check_now(payload["file"], at=clock())

    def book(payload: jobs.Payload, held: jobs.Claim) -> None:
        asker = _asker(payload)
        post_now(payload["file"], actor=asker, clock=clock, tell=lambda rows: jobs.extend(held, now=clock()))

    return {CHECK: check, POST: book}


def _keep(name: str, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write the bytes below their hash. Raises :class:`FileRefused`; nothing of a refused file stays."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, waiting_at = hashlib.sha256(), 0, folder() / f".{os.getpid()}-{os.urandom(6).hex()}"
    try:
        with os.fdopen(os.open(waiting_at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    raise FileRefused(name, "TOO_LARGE", f"larger than {MAX_BYTES // 10**6} MB: not a bank file")
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        waiting_at.replace(content_path(digest.hexdigest()))
    finally:
        waiting_at.unlink(missing_ok=True)
    return digest.hexdigest(), size


def _read(facts: BankFileFacts, at: datetime) -> tuple[Contents, BankFileKind, int | None]:
    """The contents, their kind and the request they answer. Raises :class:`FileRefused`."""
    body = rules(_territory(facts), _day(at)).body
    contents = _contents(facts, body)
    head, name = contents.heading, facts.file_name
    kind = body.kind(head.kind)
    if kind is None or kind.task in OUTGOING:
        raise FileRefused(name, "OTHER_KIND", f"files of kind {head.kind} are sent by us, not brought", 1)
    if head.day > _day(at):
        raise FileRefused(name, "FUTURE_DAY", f"the file is of {head.day}, which has not come yet", 1)
    request = None
    if kind.task in ANSWERS:
        request = queries.request_of(facts.bank, head.batch)
        if request is None:
            raise FileRefused(name, "UNKNOWN_BATCH", f"bank {facts.bank} was never sent a batch {head.batch}", 1)
    if kind.task == "DETAIL" and queries.is_reconciled(facts.unit_code, channel_of(facts.bank), head.day):
        raise FileRefused(name, "RECONCILED", f"{head.day} of bank {facts.bank} has been reconciled already", 1)
    return contents, kind, request


def _contents(facts: BankFileFacts, body: BankFiles) -> Contents:
    """What the file says, by the bank's layout, or by the form in which a provider tells its day of its own accord."""
    bank, path = bank_of(body, facts.bank), content_path(facts.content_hash)
    layout, statement = body.layout_of(bank), body.statement_of(bank)
    if statement is None or reading.begins(path, layout):
        return reading.read(path, layout, bank=facts.bank)
    kind = body.code_of("DETAIL")
    return statements.read(path, statement, bank=facts.bank, kind=kind, file_name=facts.file_name)


def _booking(facts: BankFileFacts, day: date, actor: Actor, at: datetime) -> Booking:
    """Who pays by the bank gets supply back like everybody: the order is made in the transaction of the payment."""
    body, library = rules(_territory(facts), _day(at)).body, current.library()
    kind, batch = body.kind(facts.kind), f"bank-file:{facts.file_id}"
    return Booking(
        file_id=facts.file_id, unit_id=organization.unit_id(facts.unit_code), unit_path=facts.unit_path,
        channel=channel_of(facts.bank), tender=TENDERS[facts.task], pay_mode=kind.pay_mode if kind else "", day=day,
        actor=actor, at=at, library=library,
        then=disconnection.after_batch(batch=batch, actor=actor, at=at, library=library),
    )  # fmt: skip


def _reconcile(store: ColumnStore, facts: BankFileFacts, day: date, actor: Actor, at: datetime) -> None:
    """Reconcile a day once: a worker that died after it finds it done."""
    unit, channel = organization.unit_id(facts.unit_code), channel_of(facts.bank)
    with store.transaction():
        if not reconciling.is_reconciled(store, unit, channel, day):
            reconciling.reconcile(
                store,
                Day(unit, facts.unit_path, channel, day, facts.file_id, actor, at, _refunds(channel, day)),
            )


def _refunds(channel: str, day: date) -> tuple[tuple[str, int, str], ...]:
    """What a provider confirmed to us as paid back on a day, as its own day names it."""
    since = datetime.combine(day, time(), BILLING_ZONE)
    done = online.refunded_between(channel, since, since + timedelta(days=1))
    return tuple(
        (payment_key(channel, f"{statements.REFUND}{one.number}"), one.amount_fen, one.account_number) for one in done
    )


def _answer(store: ColumnStore, facts: BankFileFacts, at: datetime) -> None:
    assert facts.answers is not None
    with store.transaction():
        left = bank_posting.close_requests(store, facts.file_id, facts.answers)
    if not left and queries.bank_file(Scope.everywhere(), facts.answers).state == "MADE":
        actions.note_answered(file_id=facts.answers, at=at)


def _territory(facts: BankFileFacts) -> str:
    return organization.unit(Scope.everywhere(), facts.unit_code).territory


def _day(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()


def _asker(payload: jobs.Payload) -> Actor:
    """Who posted, where they acted, with the roles of the day on which they did."""
    if payload["actor"] == SYSTEM.code:
        return SYSTEM
    unit = payload["acting_in"].rstrip("/").rpartition("/")[2]
    return organization.actor_for(payload["actor"], _day(datetime.fromisoformat(payload["at"])), unit_code=unit)
