"""Money that nobody knows, and whose it may be."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Count, F, Q, QuerySet, Sum

from wandeng.domains.customers import queries as customers
from wandeng.domains.ledger.types import RECEIVABLE
from wandeng.domains.payments import reading
from wandeng.domains.payments.models import BankAgreement, SuspenseItem
from wandeng.domains.payments.queries.bank_values import Suggestion, SuspenseFacts
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]

COLUMNS = (
    "id", "key", "unit_code", "unit_name", "channel", "pay_mode", "received_on", "amount_fen", "account_number", "payer",
    "tail", "reason", "state", "looked_on", "note", "matched_number", "decided_by", "decided_at",
)  # fmt: skip
_OWED = pl.Schema({"account_id": pl.Int64, "owed_fen": pl.Int64})
WAITING = ("OPEN", "RETURNING")
"""States of money that still is in suspense."""
_LOOKED_AT = 40
_SHOWN = 8
_NUMBER_PART = 6


def suspense_rows(scope: Scope) -> Rows:
    """Items of suspense: COLUMNS."""
    rows = scope.limit(SuspenseItem.objects.all(), "unit__path")
    found: Rows = rows.annotate(
        unit_code=F("unit__code"), unit_name=F("unit__name"), matched_number=F("matched_account__account_number")
    ).values(*COLUMNS)
    return found


def suspense_item(scope: Scope, item_id: int) -> SuspenseFacts:
    """One item. Raises :class:`NotFound`, also outside the scope."""
    rows = SuspenseItem.objects.select_related("unit", "matched_account", "row")
    row = scope.one(rows, "unit__path", "suspense item", id=item_id)
    return SuspenseFacts(
        item_id=row.pk, key=row.key, unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path,
        unit_id=row.unit_id, channel=row.channel, pay_mode=row.pay_mode, received_on=row.received_on,
        amount_fen=row.amount_fen, account_number=row.account_number, payer=row.payer, tail=row.tail,
        reason=row.reason, state=row.state, looked_on=row.looked_on, note=row.note,
        matched_account=row.matched_account.account_number if row.matched_account else "", document=row.document,
        asked_by=row.asked_by, asked_at=row.asked_at, decided_by=row.decided_by,
        decided_at=row.decided_at, file_id=row.row.file_id if row.row else None, line=row.row.line if row.row else None,
    )  # fmt: skip


def suggestions(scope: Scope, item: SuspenseFacts) -> tuple[Suggestion, ...]:
    """Accounts that the item may belong to, the most likely first: those with its number or a number like it, with the
    payer's name, with an agreement on the payer's bank account. Who owes just this amount stands before who does not."""
    reasons: dict[int, list[str]] = {}
    for reason, ids in (
        ("NUMBER", _by_number(scope, item)),
        ("TAIL", _by_tail(scope, item)),
        ("NAME", _by_name(scope, item)),
    ):
        for account_id in ids:
            reasons.setdefault(account_id, []).append(reason)
    chosen = list(reasons)[:_LOOKED_AT]
    owed = _owed(chosen)
    found = []
    for account in customers.accounts_by_id(scope, chosen):
        debt = owed.get(account.id, 0)
        why = [*reasons[account.id], *(["AMOUNT"] if debt == item.amount_fen else [])]
        found.append(
            Suggestion(
                account.id, account.account_number, account.name, account.address, account.unit_name, debt, tuple(why)
            )
        )
    found.sort(
        key=lambda one: (-len(one.reasons), "AMOUNT" not in one.reasons, "NAME" not in one.reasons, one.account_number)
    )
    return tuple(found[:_SHOWN])


def open_suspense(scope: Scope) -> tuple[int, int]:
    """How many items wait, for a decision or for its second person, and what they come to in fen."""
    rows = scope.limit(SuspenseItem.objects.filter(state__in=WAITING), "unit__path")
    found = rows.aggregate(n=Count("id"), fen=Sum("amount_fen"))
    return found["n"], found["fen"] or 0


def _owed(account_ids: list[int]) -> dict[int, int]:
    if not account_ids:
        return {}
    where, params = reading.of_accounts(account_ids)
    rows = reading.by_django(
        "SELECT l.account_id, CAST(SUM(l.amount_fen) AS BIGINT) AS owed_fen FROM ledger_entryline l "
        f"WHERE {where} AND l.ledger_account = ? GROUP BY l.account_id ORDER BY l.account_id",
        (*params, RECEIVABLE),
        _OWED,
    )
    return dict(rows.iter_rows())


def _by_number(scope: Scope, item: SuspenseFacts) -> list[int]:
    """The number itself, or numbers with the same end: the beginning is where a clerk's finger slips least."""
    number = item.account_number
    if len(number) < _NUMBER_PART:
        return []
    rows = customers.account_rows(scope).filter(
        Q(account_number=number) | Q(account_number__endswith=number[-_NUMBER_PART:])
    )
    return list(rows.order_by("account_number").values_list("id", flat=True)[:_LOOKED_AT])


def _by_tail(scope: Scope, item: SuspenseFacts) -> list[int]:
    if not item.tail:
        return []
    rows = scope.limit(BankAgreement.objects.filter(tail=item.tail, state="ACTIVE"), "account__unit__path")
    return list(rows.order_by("account_id").values_list("account_id", flat=True)[:_LOOKED_AT])


def _by_name(scope: Scope, item: SuspenseFacts) -> list[int]:
    if not item.payer:
        return []
    rows = customers.account_rows(scope).filter(name=item.payer)
    return list(rows.order_by("account_number").values_list("id", flat=True)[:_LOOKED_AT])
