"""The steps of a bank file (银行文件): brought, refused, checked, posted, finished; or made by us and answered."""

from __future__ import annotations

import json
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.bank_states import BANK_FILE
from wandeng.domains.payments.models import BankFile, BankFileRow
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput

POSTERS = (Role.ACCOUNTANT,)
Refusal = dict[str, object]


@transaction.atomic
def bring(
    *, bank: str, layout: str, rule_path: str, file_name: str, content_hash: str, size: int, unit_code: str,
    actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """Note a file that somebody brought; returns its id. Its bytes are known by their hash, of which one file lives.

    Raises :class:`NotFound` for the unit, :class:`NotAllowed`; ``IntegrityError`` for bytes that were brought before.
    """
    node = organization.unit(Scope.of(actor), unit_code)
    require(actor, *POSTERS, unit_path=node.path)
    row = BankFile.objects.create(
        id=ids.reserve(BankFile, 1), direction="IN", kind="", task="", bank=bank, unit_id=node.unit_id, layout=layout,
        rule_path=rule_path, file_name=file_name[:128], content_hash=content_hash, size=size, state=BANK_FILE.start,
        brought_by=actor.code, brought_at=at,
    )  # fmt: skip
    return row.pk


@transaction.atomic
def refuse(*, file_id: int, refusal: Refusal, at: datetime) -> None:
    """Refuse a file that cannot be read, or whose control figures do not hold. Raises ``MoveRefused``."""
    row = BankFile.objects.get(pk=file_id)
    told = json.dumps(refusal, ensure_ascii=False)
    move(row, BANK_FILE, "refuse", actor=SYSTEM, at=at, reason=str(refusal.get("reason", "")), refusal=told)


@transaction.atomic
def note_checked(
    *, file_id: int, kind: str, task: str, batch: str, day: date, rows: int, total_fen: int, unread: int, unread_fen: int,
    answers: int | None, at: datetime,
) -> None:  # fmt: skip
    """Write down what a file's header says and that its rows have been judged. Raises ``MoveRefused``."""
    row = BankFile.objects.get(pk=file_id)
    move(
        row, BANK_FILE, "check", actor=SYSTEM, at=at, kind=kind, task=task, batch=batch, day=day, rows=rows,
        total_fen=total_fen, unread=unread, unread_fen=unread_fen, answers_id=answers, rows_done=0,
    )  # fmt: skip


@transaction.atomic
def begin_posting(*, file_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say that a checked file shall be booked. With amounts that cannot be read the total proves nothing about them: that
    takes a reason.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, ``MoveRefused``.
    """
    row = _mine(file_id, actor)
    if row.unread and not reason.strip():
        raise InvalidInput(f"{row.unread} amounts of this file cannot be read: say why the rest is booked all the same")
    move(row, BANK_FILE, "post", actor=actor, at=at, reason=reason, posted_by=actor.code, posted_at=at)
    facts = {"rows": row.rows, "total_fen": row.total_fen, "bank": row.bank, "batch": row.batch}
    audit.record(
        actor=actor, action="bank_file.post", subject=row, facts=facts, at=at, reason=reason, unit_path=row.unit.path
    )


@transaction.atomic
def finish(*, file_id: int, at: datetime) -> None:
    """Say that a file is booked, or that there was nothing to book. Raises ``MoveRefused``."""
    move(BankFile.objects.get(pk=file_id), BANK_FILE, "finish", actor=SYSTEM, at=at)


@transaction.atomic
def note_answered(*, file_id: int, at: datetime) -> None:
    """Say that the bank has told the fate of every row that we asked. Raises ``MoveRefused``."""
    move(BankFile.objects.get(pk=file_id), BANK_FILE, "answer", actor=SYSTEM, at=at)


@transaction.atomic
def discard(*, file_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Throw a file away before it is booked. Raises :class:`NotFound`, :class:`NotAllowed`, ``MoveRefused``."""
    row = _mine(file_id, actor)
    move(row, BANK_FILE, "discard", actor=actor, at=at, reason=reason)
    BankFileRow.objects.filter(file=row).delete()
    facts = {"bank": row.bank, "file": row.file_name}
    audit.record(
        actor=actor, action="bank_file.discard", subject=row, facts=facts, at=at, reason=reason, unit_path=row.unit.path
    )


@transaction.atomic
def note_made(*, file_id: int, content_hash: str, size: int, actor: Actor, at: datetime) -> None:
    """Log that a file with what customers owe left the house."""
    BankFile.objects.filter(pk=file_id).update(content_hash=content_hash, size=size)
    row = BankFile.objects.select_related("unit").get(pk=file_id)
    facts = {"kind": row.kind, "bank": row.bank, "batch": row.batch, "rows": row.rows, "total_fen": row.total_fen}
    audit.record(actor=actor, action="bank_file.export", subject=row, facts=facts, at=at, unit_path=row.unit.path)


@transaction.atomic
def note_fetched(*, file_id: int, actor: Actor, at: datetime) -> None:
    """Log who took a file of ours with the bank accounts in it. Raises :class:`NotFound`, :class:`NotAllowed`."""
    row = _mine(file_id, actor)
    facts = {"bank": row.bank, "batch": row.batch, "rows": row.rows}
    audit.record(
        actor=actor, action="bank_file.fetch", subject=row, facts=facts, at=at, unit_path=row.unit.path
    )  # fmt: skip


def _mine(file_id: int, actor: Actor) -> BankFile:
    row = Scope.of(actor).one(BankFile.objects.select_related("unit"), "unit__path", "bank file", id=file_id)
    require(actor, *POSTERS, unit_path=row.unit.path)
    return row
