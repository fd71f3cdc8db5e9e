"""What a correction would come to, before anybody decides it: computed from live data, nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wandeng.domains.billing import frames as billing
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.billing.frames import assembly, pricing
from wandeng.domains.billing.frames.corrections import RebillBlocked
from wandeng.domains.billing.queries import adjustments, shown
from wandeng.domains.billing.types import BillExplanation, LineShown, ShardJob
from wandeng.domains.tariffs import frames as tariffs
from wandeng.flows.bill_run import Workshop
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """The bill that stands and the bill as it would be. ``lines`` are those of the bill to come: of a re-bill all of the
    month's, of an adjustment only what is added, of a cancellation none.

    ``change_fen`` is what the customer would owe more (negative: less). ``later`` are months of an annual tier year that
    stand on this one and would have to be billed again.
    """

    action: str
    original: BillExplanation
    lines: tuple[LineShown, ...]
    energy_ckwh: int
    amount_fen: int
    later: tuple[Month, ...] = ()

    @property
    def change_fen(self) -> int:
        return self.amount_fen - self.original.amount_fen

    @property
    def change_ckwh(self) -> int:
        return self.energy_ckwh - self.original.energy_ckwh

    @property
    def corrected(self) -> BillExplanation:
        """The original with the lines to come, for a comparison line by line."""
        return replace(self.original, lines=self.lines, energy_ckwh=self.energy_ckwh, amount_fen=self.amount_fen)


def preview(*, decision: Decision, actor: Actor, shop: Workshop) -> CorrectionPreview:
    """What a decision would come to, for the first of its months.

    Raises ``NotFound`` for a month without a bill in the actor's scope, ``RebillBlocked`` when the inputs as they are
    now cannot be priced, ``InvalidInput`` when there is nothing whose proportions an adjustment could follow.
    """
    scope, month = Scope.of(actor), decision.months[0]
    original = queries.explain(scope, account_number=decision.account_number, month=month)
    if decision.action == "CANCEL":
        return CorrectionPreview("CANCEL", original, (), 0, 0)
    if decision.action == "REBILL":
        return _rebilled(original, scope, shop)
    added = adjustments.lines_of(
        scope, original.bill_id, energy_ckwh=decision.energy_ckwh, amount_fen=decision.amount_fen
    )
    return CorrectionPreview(
        "ADJUST",
        original,
        added,
        original.energy_ckwh + (decision.energy_ckwh or 0),
        original.amount_fen + sum(line.amount_fen for line in added),
    )


def _rebilled(original: BillExplanation, scope: Scope, shop: Workshop) -> CorrectionPreview:
    month, number = original.month, original.account_number
    place = queries.place(scope, account_number=number, month=month)
    job = ShardJob(0, 0, 0, "CORRECTION", month, place.unit_path, place.account_id, place.account_id + 1)
    with ColumnStore() as store:
        back = billing.longest_period(store)
        book = tariffs.book(
            shop.library,
            territory=place.territory,
            from_on=month.plus(-back).first,
            to_on=month.next().first,
        )
        inputs = assembly.assemble(store, job, book)
        annual = billing.corrections.is_annual(store, job, book)
    priced = pricing.price(inputs, book)
    if priced.findings.num_rows or not priced.heads.num_rows:
        codes = sorted(set(priced.findings.column("code").to_pylist())) or ["NO_POINTS"]
        raise RebillBlocked(f"{month} cannot be billed again: {', '.join(codes)}", codes=codes, month=str(month))
    names = {point.usage_point_id: point.code for point in original.points}
    head = priced.heads.to_pylist()[0]
    later = queries.later_months(scope, account_number=number, month=month) if annual else ()
    return CorrectionPreview(
        "REBILL",
        original,
        shown.lines(priced.lines.to_pylist(), book, inputs, names),
        head["energy_ckwh"],
        head["amount_fen"],
        later,
    )
