"""Readers of the dated rules that payments follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.calc.allocation import AllocationRule, BillOrder, FeeOrder
from wandeng.calc.late_fee import CrossYear, LateFeeTerms
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import LateFee
from wandeng.infra.effective.topics.money import PaymentAllocation
from wandeng.kernel.money import fen, parse_scaled


@dataclass(frozen=True, slots=True)
class SecondPersonLimits:
    """Amounts in fen above which a decision takes a second person; 0: every amount does."""

    reversal_fen: int
    refund_fen: int
    waiver_fen: int
    write_off_fen: int
    transfer_fen: int

    def of(self, kind: str) -> int:
        """The limit of a kind of decision; parts of a payment are reversed under the limit of whole ones."""
        return self.reversal_fen if kind == "PART" else int(getattr(self, f"{kind.lower()}_fen"))


def allocation_rule(library: RuleLibrary, *, on: date, territory: str) -> AllocationRule:
    """In which order money settles bills on a day. Raises ``NoRuleInForce``."""
    order = library.version(PaymentAllocation, on=on, territory=territory).body.order
    return AllocationRule(BillOrder(order.bills), FeeOrder(order.late_fee))


def second_person_limits(library: RuleLibrary, *, on: date, territory: str) -> SecondPersonLimits:
    """The limits in force on a day. Raises ``NoRuleInForce``."""
    second = library.version(PaymentAllocation, on=on, territory=territory).body.second_person
    return SecondPersonLimits(
        reversal_fen=fen(second.reversal_yuan),
        refund_fen=fen(second.refund_yuan),
        waiver_fen=fen(second.waiver_yuan),
        write_off_fen=fen(second.write_off_yuan),
        transfer_fen=fen(second.transfer_yuan),
    )


def late_fee_terms(library: RuleLibrary, *, on: date, territory: str, residential: bool) -> LateFeeTerms:
    """The terms of a bill that is due on a day, before what its agreement lays down. Raises ``NoRuleInForce``."""
    body = library.version(LateFee, on=on, territory=territory).body
    rates = body.rates
    return LateFeeTerms(
        rate_e4=_e4(rates.residential if residential else rates.other),
        carried_rate_e4=_e4(rates.residential if residential else rates.carried_over),
        minimum_fen=fen(body.minimum.yuan),
        cap_share_e4=None if body.cap is None else _e4(body.cap.share),
        cross_year=CrossYear(body.cross_year.method),
    )


def _e4(share: object) -> int:
    return parse_scaled(str(share), 4, what="share")
