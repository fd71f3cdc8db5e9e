"""Forms of the bill desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.billing.actions.corrections import Decision
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.lists.bills import MonthField
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, parse_scaled
from wandeng.kernel.periods import Month


class RunForm(forms.Form):
    """Which unit and month are to be run."""

    unit = forms.ChoiceField(label=_("单位"), help_text=_("含其下全部单位"))
    month = MonthField(label=_("电费年月"))

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        top = units[0].depth
        choices = [(unit.code, "　" * (unit.depth - top) + unit.name + in_brackets(unit.code)) for unit in units]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]


class _DecisionForm(forms.Form):
    """Why a bill is corrected."""

    action = ""
    reason = forms.CharField(
        label=_("原因"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写入更正记录，打印在新账单上"),
    )

    def decision(self, account_number: str, month: Month) -> Decision:
        """What was decided."""
        return Decision(self.action, account_number, (month,), self.cleaned_data["reason"])


class CancelForm(_DecisionForm):
    """Take a bill back."""

    action = "CANCEL"


class RebillForm(_DecisionForm):
    """Take a bill back and price its month again."""

    action = "REBILL"
    cascade = forms.BooleanField(
        label=_("同一年阶梯内的以后月份一并重算"), required=False, help_text=_("只对按年阶梯计价的用户有作用")
    )


class AdjustForm(_DecisionForm):
    """Add or refund energy or money."""

    action = "ADJUST"
    case = forms.ChoiceField(label=_("退补情形"))
    document = forms.CharField(label=_("依据文号"), max_length=64)
    direction = forms.ChoiceField(
        label=_("方向"), choices=[("add", _("追补（向用户收取）")), ("refund", _("退还（退给用户）"))]
    )
    energy = forms.CharField(
        label=_("电量（千瓦时）"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text=_("电量与金额填一项；电量按原账单各档各时段的比例计价"),
    )  # fmt: skip
    amount = forms.CharField(
        label=_("金额（元）"), required=False, max_length=20, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )

    def __init__(self, *arguments: Any, cases: tuple[tuple[str, str], ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["case"].choices = cases  # type: ignore[attr-defined]
        self.order_fields(["case", "direction", "energy", "amount", "document", "reason"])

    def clean_energy(self) -> int | None:
        return _positive(self.cleaned_data["energy"], lambda text: parse_scaled(text, 2, what="energy in kWh"))

    def clean_amount(self) -> int | None:
        return _positive(self.cleaned_data["amount"], fen)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and (cleaned.get("energy") is None) == (cleaned.get("amount") is None):
            raise forms.ValidationError(_("电量和金额填一项，不能都填或都不填。"))
        return cleaned

    def decision(self, account_number: str, month: Month) -> Decision:
        """What was decided; a refund is negative."""
        cleaned = self.cleaned_data
        sign = -1 if cleaned["direction"] == "refund" else 1
        energy, amount = cleaned["energy"], cleaned["amount"]
        return Decision(
            self.action, account_number, (month,), cleaned["reason"], cleaned["case"], cleaned["document"],
            None if energy is None else sign * energy, None if amount is None else sign * amount,
        )  # fmt: skip


def _positive(text: str, read: Any) -> int | None:
    if not text:
        return None
    try:
        value = int(read(text))
    except InvalidInput:
        raise forms.ValidationError(_("写成正数，最多两位小数。")) from None
    if value <= 0:
        raise forms.ValidationError(_("写成正数，方向另选。"))
    return value
