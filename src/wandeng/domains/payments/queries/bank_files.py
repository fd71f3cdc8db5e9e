"""Bank files and agreements as people look at them: lazy rows for lists, one file with what became of its money."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from wandeng.domains.payments.models import BankAgreement, BankFile, BankFileRow, ReconciliationDay
from wandeng.domains.payments.queries import bank_values as values
from wandeng.domains.payments.queries.bank_values import BankFileFacts
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]

FILE_COLUMNS = (
    "id", "direction", "kind", "bank", "batch", "unit_code", "unit_name", "day", "file_name", "state", "rows",
    "total_fen", "brought_by", "brought_at", "posted_by", "posted_at", "layout", "content_hash",
)  # fmt: skip
ROW_COLUMNS = (
    "id", "file_id", "line", "serial", "account_number", "payer", "tail", "amount_fen", "day", "pay_mode", "result",
    "reference", "verdict", "reason", "payment_key",
)  # fmt: skip
AGREEMENT_COLUMNS = (
    "id", "number", "bank", "kind", "holder", "tail", "signed_on", "state", "account_number", "account_name",
    "unit_code", "unit_name",
)  # fmt: skip


def file_rows(scope: Scope) -> Rows:
    """Bank files: FILE_COLUMNS."""
    rows = scope.limit(BankFile.objects.all(), "unit__path")
    found: Rows = rows.annotate(unit_code=F("unit__code"), unit_name=F("unit__name")).values(*FILE_COLUMNS)
    return found


def row_rows(scope: Scope) -> Rows:
    """Rows of bank files: ROW_COLUMNS."""
    found: Rows = scope.limit(BankFileRow.objects.all(), "file__unit__path").values(*ROW_COLUMNS)
    return found


def agreement_rows(scope: Scope) -> Rows:
    """Bank agreements: AGREEMENT_COLUMNS."""
    rows = scope.limit(BankAgreement.objects.all(), "account__unit__path")
    found: Rows = rows.annotate(
        account_number=F("account__account_number"), account_name=F("account__name"),
        unit_code=F("account__unit__code"), unit_name=F("account__unit__name"),
    ).values(*AGREEMENT_COLUMNS)  # fmt: skip
    return found


def bank_file(scope: Scope, file_id: int) -> BankFileFacts:
    """One file with its verdicts and their reasons. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(BankFile.objects.select_related("unit"), "unit__path", "bank file", id=file_id)
    return _facts(row)


def bank_file_by_hash(scope: Scope, content_hash: str) -> BankFileFacts:
    """The file with these bytes that was not refused. Raises :class:`NotFound`."""
    rows = BankFile.objects.filter(direction="IN").exclude(state__in=["REFUSED", "DISCARDED"]).select_related("unit")
    found = scope.limit(rows.filter(content_hash=content_hash), "unit__path").first()
    if found is None:
        raise NotFound("there is no bank file of this content")
    return _facts(found)


def request_of(bank: str, batch: str) -> int | None:
    """The file by which we asked a bank for this batch."""
    tasks = ("DEBIT_REQUEST", "COLLECTION_REQUEST")
    found = BankFile.objects.filter(direction="OUT", bank=bank, batch=batch, task__in=tasks)
    return found.values_list("id", flat=True).first()


def is_reconciled(unit_code: str, channel: str, day: date) -> bool:
    """Whether a unit has reconciled a channel's day."""
    return ReconciliationDay.objects.filter(unit__code=unit_code, channel=channel, day=day).exists()


def _facts(row: BankFile) -> BankFileFacts:
    counted = (
        BankFileRow.objects.filter(file_id=row.pk)
        .values("verdict", "reason")
        .annotate(n=Count("id"), fen=Sum("amount_fen"))
        .order_by("verdict", "reason")
    )
    reasons = tuple((one["verdict"], one["reason"], values.Sum(one["n"], one["fen"] or 0)) for one in counted)
    verdicts: dict[str, values.Sum] = {}
    for verdict, _reason, part in reasons:
        so_far = verdicts.get(verdict, values.Sum())
        verdicts[verdict] = values.Sum(so_far.rows + part.rows, so_far.amount_fen + part.amount_fen)
    return BankFileFacts(
        file_id=row.pk, direction=row.direction, kind=row.kind, task=row.task, bank=row.bank, batch=row.batch,
        unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path, day=row.day, layout=row.layout,
        rule_path=row.rule_path, file_name=row.file_name, content_hash=row.content_hash, size=row.size,
        answers=row.answers_id, state=row.state, rows=row.rows, total_fen=row.total_fen, unread=row.unread,
        unread_fen=row.unread_fen, rows_done=row.rows_done, refusal=json.loads(row.refusal) if row.refusal else {},
        brought_by=row.brought_by, brought_at=row.brought_at, posted_by=row.posted_by, posted_at=row.posted_at,
        verdicts=verdicts, reasons=reasons,
    )  # fmt: skip
