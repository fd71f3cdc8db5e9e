"""What an adjustment (退补) of a bill would come to, line by line, and the cases that the rules know."""

from __future__ import annotations

from datetime import date

from wandeng.calc.rating.frames import POINTS, READS, TERMS, Shard
from wandeng.domains.billing import adjusting, frozen
from wandeng.domains.billing.frames import stored
from wandeng.domains.billing.models import Bill
from wandeng.domains.billing.queries import shown
from wandeng.domains.billing.types import LineShown
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import BackBilling
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput


def lines_of(
    scope: Scope, number: int, *, energy_ckwh: int | None = None, amount_fen: int | None = None
) -> tuple[LineShown, ...]:
    """The lines that an adjustment of the bill would have; energy or money, negative to refund.

    Raises ``NotFound``, :class:`InvalidInput` unless exactly one is given, or where the bill has no proportions to follow.
    """
    if (energy_ckwh is None) == (amount_fen is None):
        raise InvalidInput("an adjustment is given in energy or in money, one of the two")
    found = Bill.objects.select_related("shard__run", "account")
    bill = scope.one(found, "account__unit__path", "bill", pk=number)
    run = bill.shard.run
    book, _ = frozen.read_book(run.pk, book_hash=run.book_hash)
    with ColumnStore() as store:
        lines = stored.lines(store, first=bill.pk, end=bill.pk + 1).to_pylist()
    rows = (
        adjusting.by_energy(lines, bill.energy_ckwh, energy_ckwh, book)
        if energy_ckwh is not None
        else adjusting.by_amount(lines, amount_fen or 0)
    )
    names = {point.pk: point.code for point in bill.account.usage_points.all()}
    nothing_measured = Shard(POINTS.empty_table(), TERMS.empty_table(), READS.empty_table())
    return shown.lines(rows, book, nothing_measured, names)


def cases(library: RuleLibrary, *, on: date, territory: str) -> tuple[tuple[str, str], ...]:
    """Cases of the back-billing rules in force on a day: code and Chinese name. Raises ``NoRuleInForce``."""
    body = library.version(BackBilling, on=on, territory=territory).body
    return tuple((case.code, case.name_zh) for case in body.cases)
