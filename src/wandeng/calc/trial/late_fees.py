"""Trial of late fees (违约金): bills, their due dates and the day they are paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pydantic import Field, field_validator

from wandeng.calc.late_fee import Arrears, CrossYear, LateFee, LateFeeTerms, Payment, RateBand, by_agreement, late_fee
from wandeng.calc.trial.conventions import choose, one_of
from wandeng.calc.trial.fields import Case, Day, PercentE4, PermilleE4, YuanAboveZero
from wandeng.calc.trial.steps import Outcome, Source, Step, exact_money, money, percent, permille, summed

AMOUNT = 'an amount in yuan above 0 with at most 2 decimals, such as "2000.00"'


class LateFeeConvention(Case):
    cross_year: CrossYear | None = Field(default=None, description=one_of(CrossYear))


class PaymentCase(Case):
    on: Day = Field(description="the day of payment, YYYY-MM-DD")
    amount: YuanAboveZero = Field(description=AMOUNT)


class BillCase(Case):
    name: str = Field(description="what the bill is called in the answer, as text")
    amount: YuanAboveZero = Field(description=AMOUNT)
    due_on: Day = Field(description="the last day to pay without a fee, YYYY-MM-DD")
    payments: tuple[PaymentCase, ...] = Field(
        default=(), description="a list of part payments, each with on and amount"
    )


class LateFeeCase(Case):
    territory: str = Field(default="national", description="a folder name under rules/, as text")
    customer_class: Literal["residential", "other"] = Field(description='"residential" or "other"')
    paid_on: Day = Field(description="the day the rest is paid, YYYY-MM-DD")
    bills: tuple[BillCase, ...] = Field(
        min_length=1, description="a list of at least one bill with name, amount and due_on"
    )
    cap_percent: PercentE4 | None = Field(
        default=None, description="the most a fee may be, in percent of the arrears, where a contract caps it"
    )
    agreed_permille: PermilleE4 | None = Field(
        default=None,
        description="the rate a day that the supply agreement lays down, in per mille with at most 1 decimal",
    )
    convention: LateFeeConvention = Field(default=LateFeeConvention(), description='an object with "cross_year"')

    @field_validator("bills")
    @classmethod
    def _named_apart(cls, bills: tuple[BillCase, ...]) -> tuple[BillCase, ...]:
        if len({bill.name for bill in bills}) != len(bills):
            raise ValueError("every bill with a name of its own")
        return bills


def calculate(
    case: LateFeeCase, terms: Sequence[LateFeeTerms], bands: Sequence[RateBand], sources: Sequence[Source]
) -> Outcome:
    """The fee of every bill and their sum. ``terms``, ``bands`` and ``sources`` belong to the bills one by
    one: each bill is judged by the rule in force on its due date; ``terms.cross_year`` is that rule's
    convention, the band what that rule lets an agreement lay down.

    Raises :class:`InvalidInput` for an agreed rate outside the band of a bill."""
    steps: list[Step] = []
    results: dict[str, int | str | None] = {}
    conventions = []
    fees: list[int] = []
    for bill, by_rule, band, source in zip(case.bills, terms, bands, sources, strict=True):
        cross_year, convention = choose("cross_year", case.convention.cross_year, by_rule.cross_year)
        conventions.append(convention)
        cap = by_rule.cap_share_e4 if case.cap_percent is None else case.cap_percent
        chosen = replace(by_rule, cross_year=cross_year, cap_share_e4=cap)
        if case.agreed_permille is not None:
            chosen = by_agreement(chosen, band, case.agreed_permille)
        payments = tuple(Payment(payment.on, payment.amount) for payment in bill.payments)
        fee = late_fee(Arrears(bill.amount, bill.due_on, payments), case.paid_on, chosen)
        steps += _steps(bill, fee, chosen, source)
        results[f"{bill.name}_fen"] = fee.amount_fen
        fees.append(fee.amount_fen)
    results["total_fen"] = sum(fees)
    steps.append(Step("Late fee of all bills (违约金合计)", summed(fees)))
    return Outcome("late-fee", tuple(steps), results, tuple(dict.fromkeys(conventions)), tuple(dict.fromkeys(sources)))


def _steps(bill: BillCase, fee: LateFee, terms: LateFeeTerms, source: Source) -> list[Step]:
    steps = [
        Step(
            f"{bill.name}: {piece.from_on} to before {piece.to_on}",
            f"{money(piece.outstanding_fen)} × {piece.days} d × {permille(piece.rate_e4)}"
            f" = {exact_money(piece.exact_fen)}",
            source.citation,
        )
        for piece in fee.accruals
    ]
    if not fee.accruals:
        steps.append(Step(bill.name, f"due {bill.due_on}: no day bears a fee = 0.00", source.citation))
    if fee.bound == "minimum":
        steps.append(Step(f"{bill.name}: least fee", f"below {money(terms.minimum_fen)} = {money(fee.amount_fen)}"))
    if fee.bound == "cap":
        share = percent(terms.cap_share_e4 or 0)
        steps.append(Step(f"{bill.name}: cap", f"{money(bill.amount)} × {share} = {money(fee.amount_fen)}"))
    return steps
