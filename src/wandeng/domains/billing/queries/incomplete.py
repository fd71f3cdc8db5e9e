"""Which bills were counted by a list of special days (尖峰日) that may lack some."""

from __future__ import annotations

from functools import lru_cache

from wandeng.domains.billing import frozen
from wandeng.domains.billing.models import BillRun
from wandeng.domains.billing.types import BillExplanation
from wandeng.infra.scope import Scope
from wandeng.kernel.ids import RunId


def days_of(bill: BillExplanation) -> tuple[str, ...]:
    """Price codes by whose periods the bill's curves were counted, although more special days may have been declared than
    the rule files list. A meter that counts the periods itself knows its days, whatever our list says."""
    curved = [point for point in bill.points if any(reading.from_curve for reading in point.readings)]
    if not curved:
        return ()
    run = BillRun.objects.filter(book_hash=bill.book_hash).order_by("id").first()
    doubtful = _codes(run.pk, run.book_hash) if run is not None else frozenset()
    return tuple(sorted({part.price_code for point in curved for part in point.terms} & doubtful))


def codes_of_run(scope: Scope, run: RunId) -> tuple[str, ...]:
    """Price codes of a run's frozen price book whose list of special days may lack some; none before the run is planned.

    Raises ``NotFound``, ``FrozenInputsChanged``.
    """
    row = scope.one(BillRun.objects.all(), "unit__path", "bill run", pk=run)
    return tuple(sorted(_codes(row.pk, row.book_hash))) if row.book_hash else ()


@lru_cache(maxsize=8)
def _codes(run_id: int, book_hash: str) -> frozenset[str]:
    """Of a frozen price book. It never changes: its hash names it."""
    book, _ = frozen.read_book(run_id, book_hash=book_hash)
    rows = book.schedule_of.to_pylist()
    return frozenset(
        book.structures[row["structure_id"]] for row in rows if row["schedule"] in book.timetable.incomplete
    )
