"""Forms of purchases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.lists.bills import MonthField, YuanField
from wandeng.interfaces.doorway.words import ledger as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import parse_scaled


class EnergyField(forms.CharField):
    """Energy in kWh, held in 0.01 kWh."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return parse_scaled(text, 2, what="energy") if text else None
        except InvalidInput:
            raise forms.ValidationError(_("电量以千瓦时为单位，最多两位小数。")) from None


class FiguresForm(forms.Form):
    """What was settled: energy, money, the document."""

    energy_ckwh = EnergyField(label=_("电量（千瓦时）"), max_length=20)
    amount_fen = YuanField(label=_("金额（元）"), max_length=20)
    document_number = forms.CharField(label=_("结算单号"), max_length=64)


class RecordForm(FiguresForm):
    """A purchase of a unit, month and supplier."""

    field_order = ("unit_code", "month", "source", "supplier", "energy_ckwh", "amount_fen", "document_number")
    unit_code = forms.ChoiceField(label=_("单位"))
    month = MonthField(label=_("月份"))
    source = forms.ChoiceField(
        label=_("购电来源"), choices=[(code, word) for code, word in words.SOURCES.items() if code != "FEED_IN"]
    )
    supplier = forms.CharField(label=_("供电方"), max_length=64)

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class CorrectForm(FiguresForm):
    """New figures of a recorded purchase, and why."""

    reason = forms.CharField(label=_("更正原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
