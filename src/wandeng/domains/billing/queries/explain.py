"""Explain a bill: its frozen inputs priced once more, held against the stored lines, and put into words.

Nothing is invented afterwards: the middle of the explanation (energy, losses, power factor) is what pricing the same
frozen inputs gives today, and it is shown only when the lines come out equal to those on the bill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from wandeng.calc.rating import shard as rating
from wandeng.calc.rating.frames import LINES, MEASURED, POINTS, READS, TERMS, Book, Shard
from wandeng.domains.billing import frozen, standing
from wandeng.domains.billing.frames import stored
from wandeng.domains.billing.models import Bill, BillCorrection
from wandeng.domains.billing.queries import shown
from wandeng.domains.billing.types import KIND_NAMES, BillExplanation, BillKind, BillRef, PointShown
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, NotFound
from wandeng.kernel.periods import Month


class ExplanationDiffers(Conflict):
    """Pricing the frozen inputs again does not give the stored lines: a defect, and never to be explained away."""

    code = "EXPLANATION_DIFFERS"


@dataclass(frozen=True, slots=True)
class _Source:
    """The bill that was priced (for a cancellation: the cancelled one), and what it was priced from."""

    bill: Bill
    book: Book
    inputs: Shard
    measured: pa.Table


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of an account's usage points, and of the meters hung at them by installation."""

    points: dict[int, str]
    meters: dict[int, shown.MeterShown]


def explain(scope: Scope, *, account_number: str, month: Month, revision: int | None = None) -> BillExplanation:
    """How an account's bill of a month came about: the bill that stands, or the one of a revision.

    Raises ``NotFound`` for no such bill in the scope, ``FrozenInputsChanged`` when its inputs are not what they were,
    :class:`ExplanationDiffers` when they no longer give its lines.
    """
    return explain_all(scope, account_number=account_number, wanted=[(month, revision)])[0]


def explain_all(
    scope: Scope, *, account_number: str, wanted: Sequence[tuple[Month, int | None]]
) -> list[BillExplanation]:
    """Several bills of an account, each a month and a revision (none: the bill that stands). Raises as :func:`explain`."""
    bills = standing.bills_of(scope, account_number, sorted({month for month, _ in wanted}))
    chosen = [(month, _chosen([one for one in bills if one.month_index == month.index], rev)) for month, rev in wanted]
    missing = next((month for month, bill in chosen if bill is None), None)
    if missing is not None:
        raise NotFound(f"account {account_number} has no such bill for {missing}")
    names, reasons = _names(bills[0]), _reasons(bills)
    return [
        _explained(bill, [one for one in bills if one.month_index == month.index], names, reasons)
        for month, bill in chosen
        if bill is not None
    ]


def _explained(bill: Bill, bills: list[Bill], names: _Names, reasons: dict[int, str]) -> BillExplanation:
    source = _source(bill)
    account, shard = bill.account, bill.shard
    return BillExplanation(
        bill_id=bill.pk,
        account_number=account.account_number,
        account_name=account.name,
        address=account.address,
        unit_code=account.unit.code,
        unit_name=account.unit.name,
        month=Month.from_index(bill.month_index),
        revision=bill.revision,
        kind=bill.kind,
        kind_zh=KIND_NAMES[bill.kind],
        corrects_id=bill.corrects_id,
        reason=reasons.get(bill.pk, ""),
        run_id=shard.run_id,
        run_state=shard.run.state,
        period_from=bill.period_from,
        period_to=bill.period_to,
        due_on=bill.due_on,
        energy_ckwh=bill.energy_ckwh,
        amount_fen=bill.amount_fen,
        points=() if bill.kind == BillKind.ADJUSTMENT else _points(source, names),
        lines=shown.lines(_lines(bill).to_pylist(), source.book, source.inputs, names.points),
        history=tuple(_ref(one, reasons) for one in bills),
        book_hash=source.bill.shard.run.book_hash,
        input_hash=source.bill.shard.input_hash,
    )


def _names(bill: Bill) -> _Names:
    """A meter's name comes from its installation."""
    points = list(bill.account.usage_points.prefetch_related("installations__meter"))
    meters = {
        hung.pk: shown.MeterShown(hung.meter.asset_number, hung.source == "INTERVAL")
        for point in points
        for hung in point.installations.all()
    }
    return _Names({point.pk: point.code for point in points}, meters)


def _chosen(bills: list[Bill], revision: int | None) -> Bill | None:
    """The asked revision; else the priced bill that nothing cancels; else the last of all."""
    if revision is not None:
        return next((bill for bill in bills if bill.revision == revision), None)
    return next(reversed(standing.standing(bills) or bills), None)


def _source(bill: Bill) -> _Source:
    priced = bill if bill.kind in standing.PRICED_KINDS or bill.corrects is None else bill.corrects
    run, shard = priced.shard.run, priced.shard
    book, _ = frozen.read_book(run.pk, book_hash=run.book_hash)
    whole = frozen.read_shard(run.pk, shard.number, input_hash=shard.input_hash)
    inputs = Shard(*(_of_account(table, priced.account_id) for table in (whole.points, whole.terms, whole.reads)))
    rated = rating.rate(inputs, book)
    if not rated.lines.equals(_lines(priced).select(LINES.names)):
        raise ExplanationDiffers(f"bill {priced.pk}: its frozen inputs no longer give its lines", bill=priced.pk)
    return _Source(priced, book, inputs, rated.measured)


def _of_account(table: pa.Table, account_id: int) -> pa.Table:
    return table.filter(pc.equal(table.column("account_id"), account_id))


def _lines(bill: Bill) -> pa.Table:
    with ColumnStore() as store:
        return stored.lines(store, first=bill.pk, end=bill.pk + 1).combine_chunks()


def _points(source: _Source, names: _Names) -> tuple[PointShown, ...]:
    """Points of the account in order."""
    tables = {
        "points": source.inputs.points.select(POINTS.names),
        "terms": source.inputs.terms.select(TERMS.names),
        "reads": source.inputs.reads.select(READS.names),
        "measured": source.measured.select(MEASURED.names),
    }
    return shown.points(tables, source.book, names.points, names.meters)


def _reasons(bills: list[Bill]) -> dict[int, str]:
    """Reason of each correcting bill, from the decision that made it."""
    shards = {bill.shard_id for bill in bills if bill.revision}
    by_shard = dict(BillCorrection.objects.filter(shard_id__in=shards).values_list("shard_id", "reason"))
    return {bill.pk: by_shard.get(bill.shard_id, "") for bill in bills if bill.revision}


def _ref(bill: Bill, reasons: dict[int, str]) -> BillRef:
    return BillRef(
        bill_id=bill.pk,
        revision=bill.revision,
        kind=bill.kind,
        kind_zh=KIND_NAMES[bill.kind],
        run_id=bill.shard.run_id,
        run_state=bill.shard.run.state,
        corrects_id=bill.corrects_id,
        energy_ckwh=bill.energy_ckwh,
        amount_fen=bill.amount_fen,
        reason=reasons.get(bill.pk, ""),
    )
