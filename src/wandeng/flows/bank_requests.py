"""Bank files going out (代扣、托收、欠费): made of what is open on a day, written in the bank's layout, kept as they left."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import bank_files as actions
from wandeng.domains.payments.frames import bank_requests
from wandeng.domains.payments.frames.bank_requests import Asked, Asking
from wandeng.domains.payments.queries import bank_files as queries
from wandeng.flows import bank_files
from wandeng.infra.bank_layouts import writing
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.topics.bank_files import OUTGOING, BankLayout
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its number, name and bytes, and what it asks for."""

    file_id: int
    file_name: str
    content: bytes
    rows: int
    total_fen: int


def export(
    *, kind: str, bank: str, unit_code: str, on: date, actor: Actor, at: datetime, answers: int | None = None
) -> Made:  # fmt: skip
    """Make a request (01 代扣, 07 托收) or the list of arrears (06) of a unit as of a day, and keep it. ``answers``: a customer
    query (05) of the bank, which the list then answers: nobody else stands in it, and who owes nothing does too.

    Raises :class:`NotFound` for the unit or the query, :class:`NotAllowed`, :class:`InvalidInput` for an unknown bank or kind,
    for a query of another bank, and when nobody owes anything that could be asked for.
    """
    node = organization.unit(Scope.of(actor), unit_code)
    require(actor, Role.ACCOUNTANT, unit_path=node.path)
    version = bank_files.rules(node.territory, on)
    body = version.body
    asked_bank = bank_files.bank_of(body, bank)
    asked_kind = body.kind(kind)
    if asked_kind is None or asked_kind.task not in OUTGOING:
        listed = ", ".join(one.code for one in body.kinds if one.task in OUTGOING)
        raise InvalidInput(f"'{kind}' is no kind of file that we send: {listed}")
    if answers is not None:
        _require_query(Scope.of(actor), answers, bank, asked_kind.task)
    layout = body.layout_of(asked_bank)
    asking = Asking(
        kind=kind, task=asked_kind.task, bank=bank, unit_id=node.unit_id, unit_path=node.path, day=on,
        layout=layout.code, rule_path=version.path, actor=actor, at=at, answers=answers,
    )  # fmt: skip
    with ColumnStore() as store, store.transaction():
        asked = bank_requests.ask(store, asking, current.library())
        if asked.rows.is_empty():
            raise InvalidInput(f"nobody of {unit_code} owes anything that bank {bank} could be asked for")
        content = _written(layout, asking, asked)
        content_hash = hashlib.sha256(content).hexdigest()
        # Before the commit: no request stands in the books whose bytes were never written.
        _keep(content_hash, content)
    actions.note_made(file_id=asked.file_id, content_hash=content_hash, size=len(content), actor=actor, at=at)
    return Made(asked.file_id, asked.file_name, content, asked.rows.height, asked.total_fen)


def _require_query(scope: Scope, file_id: int, bank: str, task: str) -> None:
    asked = queries.bank_file(scope, file_id)
    if asked.task != "CUSTOMERS" or asked.bank != bank or task != "ARREARS":
        raise InvalidInput(f"file {file_id} is no customer query of bank {bank} that a list of arrears could answer")


def made(scope: Scope, file_id: int) -> Made:
    """A file of ours again, byte for byte. Raises :class:`NotFound`, also for a file that a bank brought."""
    facts = queries.bank_file(scope, file_id)
    path = bank_files.content_path(facts.content_hash)
    if facts.direction != "OUT" or not facts.content_hash or not path.exists():
        raise NotFound(f"there is no file {file_id} of ours")
    return Made(file_id, facts.file_name, path.read_bytes(), facts.rows, facts.total_fen)


def fetch(*, file_id: int, actor: Actor, at: datetime) -> Made:
    """A file of ours to be sent, again; bank accounts stand in it, so it is logged. Raises :class:`NotFound`,
    :class:`NotAllowed`."""
    found = made(Scope.of(actor), file_id)
    actions.note_fetched(file_id=file_id, actor=actor, at=at)
    return found


def _written(layout: BankLayout, asking: Asking, asked: Asked) -> bytes:
    heading = Heading(
        asking.kind, asking.bank, asked.batch, asking.unit_path.rstrip("/").rpartition("/")[2][:16], asking.day,
        asked.rows.height, asked.total_fen,
    )  # fmt: skip
    return writing.write(layout, heading, asked.rows.iter_rows(named=True))


def _keep(content_hash: str, content: bytes) -> None:
    bank_files.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = bank_files.content_path(content_hash)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
