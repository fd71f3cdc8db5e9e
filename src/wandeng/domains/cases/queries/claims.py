"""What is owed for a damaged appliance (家用电器损坏理赔), by the rule in force on the day of the damage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wandeng.calc.compensation import AgeCounting, Appliance, ApplianceTerms, appliance
from wandeng.domains.cases import form, reach
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import Case
from wandeng.infra.effective.topics.service import ApplianceCompensation
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.money import parse_scaled

PROCESS = "damaged_appliance_claim"
NEEDED = ("DAMAGED_ON", "APPLIANCE", "PRICE", "BOUGHT_ON")
NOT_LIABLE = "OTHER"


@dataclass(frozen=True, slots=True)
class ClaimWorth:
    """What is owed, fen, and why: ``ground`` as of ``calc.compensation``, or "not_liable". ``used`` of ``life`` in the unit of
    the age counting; ``rule_path`` and ``citation`` of the rule."""

    number: str
    amount_fen: int
    ground: str
    used: int
    life: int
    rule_path: str
    citation: str


def claim_worth(scope: Scope, number: str, *, charter: Charter) -> ClaimWorth:
    """The compensation that follows from what a claim's form says; the day of the claim is the day it was taken in.

    Raises :class:`NotFound`, :class:`Conflict` for a case of another kind, :class:`InvalidInput` while the survey has not said
    what it needs, :class:`NoRuleInForce`.
    """
    row = reach.one(scope, Case.objects.select_related("unit"), number)
    if row.process != PROCESS:
        raise Conflict(f"case {number} is no claim for an appliance", process=row.process)
    answers = form.open_answers(row)
    missing = [code for code in NEEDED if not answers.get(code)]
    if missing:
        raise InvalidInput(f"the survey has not said yet: {', '.join(missing)}", fields=missing)
    damaged_on = date.fromisoformat(answers["DAMAGED_ON"])
    version = charter.rules.version(ApplianceCompensation, on=damaged_on, territory=row.unit.territory)
    body = version.body
    if answers.get("CAUSE") == NOT_LIABLE:
        return ClaimWorth(number, 0, "not_liable", 0, 0, version.path, body.citation)
    years = {str(one.kind): one.years for one in body.lives}[answers["APPLIANCE"].lower()]
    terms = ApplianceTerms(
        body.full_price.months, parse_scaled(f"{body.residual.least_share:f}", 4), body.terms.claim_days, years,
        AgeCounting(body.age.counting),
    )  # fmt: skip
    is_repaired = answers.get("REPAIRABLE") == form.YES and answers.get("REPAIR_COST")
    found = appliance(
        Appliance(
            _fen(answers["PRICE"]), date.fromisoformat(answers["BOUGHT_ON"]), damaged_on, local_day(row.opened_at),
            _fen(answers["REPAIR_COST"]) if is_repaired else None,
        ),
        terms,
    )  # fmt: skip
    return ClaimWorth(
        number, found.amount_fen, found.ground, found.used, found.life, version.path, body.residual.citation
    )


def is_claim(scope: Scope, number: str) -> bool:
    """Whether a case is a claim of which it can be said what is owed. Raises :class:`NotFound`."""
    row = reach.one(scope, Case.objects.all(), number)
    return row.process == PROCESS and all(form.open_answers(row).get(code) for code in NEEDED)


def _fen(text: str) -> int:
    try:
        return parse_scaled(f"{Decimal(text):f}", 2)
    except ValueError:
        raise InvalidInput(f"an amount of money has at most two decimals, not '{text}'") from None
