"""Readers of the dated rules that billing itself follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.billing.types import PaymentTerms
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import BackBilling
from wandeng.infra.effective.topics.conventions import BillChecks, BillingTerms
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, parse_scaled


@dataclass(frozen=True, slots=True)
class GateLimits:
    """Limits of the run-level check (M9), and the file they come from."""

    moved_share_e4: int
    supply_loss_share_e4: int
    supply_gain_share_e4: int
    bill_limit_fen: int
    lines_limit: int
    path: str


def gate_limits(library: RuleLibrary, *, on: date, territory: str) -> GateLimits:
    """Limits in force on a day. Raises ``NoRuleInForce``."""
    version = library.version(BillChecks, on=on, territory=territory)
    gate = version.body.run_gate
    return GateLimits(
        moved_share_e4=parse_scaled(gate.moved_share, 4, what="moved_share"),
        supply_loss_share_e4=parse_scaled(gate.supply_loss_share, 4, what="supply_loss_share"),
        supply_gain_share_e4=parse_scaled(gate.supply_gain_share, 4, what="supply_gain_share"),
        bill_limit_fen=fen(gate.bill_limit_yuan),
        lines_limit=gate.lines_limit,
        path=version.path,
    )


def payment_terms(library: RuleLibrary, *, on: date, territory: str) -> PaymentTerms:
    """Due date terms in force on a day. Raises ``NoRuleInForce``."""
    version = library.version(BillingTerms, on=on, territory=territory)
    return PaymentTerms(version.body.due.days, version.path, version.content_hash)


def correction_case(library: RuleLibrary, code: str, *, on: date, territory: str) -> str:
    """The Chinese name of a metering-error case (计量差错退补). Raises :class:`InvalidInput` for one no rule knows."""
    cases = library.version(BackBilling, on=on, territory=territory).body.cases
    for case in cases:
        if case.code == code:
            return case.name_zh
    raise InvalidInput(f"'{code}' is no case of the back-billing rules: {', '.join(case.code for case in cases)}")
