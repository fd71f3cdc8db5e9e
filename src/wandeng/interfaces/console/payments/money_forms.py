"""Forms about an account's money: amounts in yuan become fen; every one asks why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.payments.types import Standing
from wandeng.interfaces.console.forms import ReasonForm
from wandeng.interfaces.console.payments.till_forms import YuanField
from wandeng.interfaces.doorway.templatetags.wandeng import yuan
from wandeng.interfaces.doorway.words import payments_money as words
from wandeng.kernel.errors import InvalidInput

PARTS = 6
"""Most instalments that the page asks for."""


class MoneyForm(ReasonForm):
    """``key`` is drawn with the form: sent twice it is done once."""

    field_order = ("bill", "to_account", "amount", "tender", "reason")
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    amount = YuanField(label=_("金额（元）"), attrs={"autofocus": True})

    def __init__(self, *arguments: Any, standing: Standing, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.standing = standing


class RefundForm(MoneyForm):
    """How it is paid back."""

    tender = forms.ChoiceField(label=_("结算方式"), choices=[(one, words.TENDERS[one]) for one in ("CASH", "TRANSFER")])


class DepositForm(MoneyForm):
    """How a deposit is taken."""

    tender = forms.ChoiceField(
        label=_("结算方式"), choices=[(one, words.TENDERS[one]) for one in ("CASH", "CARD", "QR", "TRANSFER")]
    )


class BillForm(MoneyForm):
    """Which bill."""

    bill = forms.TypedChoiceField(label=_("账单"), coerce=int)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [
            (one.bill_id, f"{one.month} {yuan(one.open_fen)} + {yuan(one.late_fee_fen)}")
            for one in self.standing.open_bills
        ]
        self.fields["bill"].choices = choices  # type: ignore[attr-defined]


class TransferForm(MoneyForm):
    """To which other account of the customer."""

    to_account = forms.CharField(label=_("转入户号"), max_length=20)


class PlanForm(ReasonForm):
    """Up to six parts: the last day, and yuan."""

    def __init__(self, *arguments: Any, standing: Standing, **named: Any) -> None:
        super().__init__(*arguments, **named)
        reason = self.fields.pop("reason")
        for number in range(1, PARTS + 1):
            self.fields[f"day_{number}"] = forms.DateField(
                label=_("第 %(n)s 期最后一天") % {"n": number}, required=number <= 2,
                widget=forms.DateInput(attrs={"type": "date"}),
            )  # fmt: skip
            self.fields[f"amount_{number}"] = YuanField(
                label=_("第 %(n)s 期金额（元）") % {"n": number}, required=number <= 2
            )
        self.fields["reason"] = reason

    def parts(self) -> list[tuple[date, int]]:
        """The parts that were filled in."""
        given = self.cleaned_data
        found = [(given.get(f"day_{number}"), given.get(f"amount_{number}")) for number in range(1, PARTS + 1)]
        if any((day is None) != (amount is None) for day, amount in found):
            raise InvalidInput("every part of a plan has a day and an amount")
        return [(day, amount) for day, amount in found if day is not None and amount is not None]


def plain(amount_fen: int) -> str:
    """Fen as typed into a form: yuan without a sign or separators."""
    return f"{amount_fen // 100}.{amount_fen % 100:02d}" if amount_fen > 0 else ""


__all__ = ["BillForm", "DepositForm", "MoneyForm", "PlanForm", "RefundForm", "TransferForm", "plain"]
