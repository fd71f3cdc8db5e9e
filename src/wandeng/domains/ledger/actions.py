"""Post, reverse, close. Each is one transaction; the same business key twice is one entry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Sum

from wandeng.domains.ledger.models import Entry, EntryLine, PeriodBalance, PeriodClose
from wandeng.domains.ledger.types import Posting
from wandeng.infra import ids
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import EntryId, UnitId


class Unbalanced(InvalidInput):
    """The lines do not sum to zero, or there are fewer than two, or one is zero."""

    code = "LEDGER_UNBALANCED"


class KeyUsedDifferently(Conflict):
    """An entry with this business key exists and says something else."""

    code = "LEDGER_KEY_USED"


class MonthClosed(Conflict):
    """The accounting month of the unit is closed."""

    code = "LEDGER_MONTH_CLOSED"


class EarlierMonthOpen(Conflict):
    """Months are closed in order."""

    code = "LEDGER_EARLIER_MONTH_OPEN"


class AlreadyReversed(Conflict):
    """The entry has been reversed before."""

    code = "LEDGER_ALREADY_REVERSED"


@transaction.atomic
def post(
    *, biz_key: str, kind: str, unit: UnitId, month: str, lines: Sequence[Posting], at: datetime, actor: Actor,
    reverses: EntryId | None = None,
) -> EntryId:  # fmt: skip
    """Post an entry once. The same key with the same lines answers with the entry already there.

    Raises :class:`Unbalanced`, :class:`KeyUsedDifferently`, :class:`MonthClosed`.
    """
    if len(lines) < 2 or sum(line.amount_fen for line in lines) != 0 or any(not line.amount_fen for line in lines):
        raise Unbalanced(f"entry '{biz_key}' needs at least two non-zero lines that sum to zero", biz_key=biz_key)
    existing = Entry.objects.filter(biz_key=biz_key).first()
    if existing is not None:
        return _same_or_refuse(existing, lines)
    if PeriodClose.objects.filter(unit_id=unit, month__gte=month).exists():
        raise MonthClosed(f"accounting month {month} is closed for this unit", month=month)
    entry = Entry.objects.create(
        id=ids.reserve(Entry, 1), biz_key=biz_key, kind=kind, unit_id=unit, month=month, posted_at=at,
        actor=actor.code, reverses_id=reverses,
    )  # fmt: skip
    first = ids.reserve(EntryLine, len(lines))
    EntryLine.objects.bulk_create(
        EntryLine(
            id=first + offset, entry=entry, ledger_account=line.ledger_account, account_id=line.account_id,
            source=line.source, amount_fen=line.amount_fen,
        )
        for offset, line in enumerate(lines)
    )  # fmt: skip
    Entry.objects.filter(pk=entry.pk).update(is_posted=True)
    return EntryId(entry.pk)


def _same_or_refuse(existing: Entry, lines: Sequence[Posting]) -> EntryId:
    stored = existing.lines.order_by("id").values_list("ledger_account", "amount_fen", "account_id", "source")
    if [tuple(row) for row in stored] != [(p.ledger_account, p.amount_fen, p.account_id, p.source) for p in lines]:
        raise KeyUsedDifferently(f"entry '{existing.biz_key}' is already posted with other lines")
    return EntryId(existing.pk)


@transaction.atomic
def reverse(*, entry: EntryId, biz_key: str, month: str, at: datetime, actor: Actor) -> EntryId:
    """Post the mirror image of an entry, once; the original stays.

    Raises :class:`NotFound`, :class:`AlreadyReversed`, :class:`MonthClosed`.
    """
    original = Entry.objects.filter(pk=entry).first()
    if original is None:
        raise NotFound(f"no ledger entry {entry}")
    if Entry.objects.filter(reverses_id=entry).exclude(biz_key=biz_key).exists():
        raise AlreadyReversed(f"entry {entry} has been reversed before", entry=entry)
    mirrored = [
        Posting(line.ledger_account, -line.amount_fen, line.account_id, line.source)
        for line in original.lines.order_by("id")
    ]
    return post(
        biz_key=biz_key, kind=f"REVERSAL:{original.kind}"[:32], unit=UnitId(original.unit_id), month=month,
        lines=mirrored, at=at, actor=actor, reverses=entry,
    )  # fmt: skip


@transaction.atomic
def close_month(*, unit: UnitId, month: str, at: datetime, actor: Actor) -> bool:
    """Close the books of a unit up to an accounting month and keep what stands on each account; false when they were.

    Raises :class:`EarlierMonthOpen` while an earlier month with entries is open.
    """
    if connection.vendor == "postgresql":
        # Who is posting is waited for, and who comes later finds the month closed: nobody slips between sum and close.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE ledger_entry IN SHARE MODE")
    last = PeriodClose.objects.filter(unit_id=unit).order_by("-month").first()
    if last is not None and last.month >= month:
        return False
    entries = Entry.objects.filter(unit_id=unit, month__gt=last.month if last else "", is_posted=True)
    earlier = entries.filter(month__lt=month).order_by("month").values_list("month", flat=True).first()
    if earlier is not None:
        raise EarlierMonthOpen(f"close {earlier} before {month}: it has entries", earlier=earlier, month=month)
    balances = Counter(dict(last.balances.values_list("ledger_account", "balance_fen")) if last else {})
    lines = EntryLine.objects.filter(entry__in=entries.filter(month=month)).values_list("ledger_account")
    balances.update(dict(lines.annotate(total=Sum("amount_fen")).order_by("ledger_account")))
    close = PeriodClose.objects.create(unit_id=unit, month=month, closed_at=at, actor=actor.code)
    PeriodBalance.objects.bulk_create(
        PeriodBalance(close=close, ledger_account=name, balance_fen=balance)
        for name, balance in sorted(balances.items())
        if balance
    )
    return True
