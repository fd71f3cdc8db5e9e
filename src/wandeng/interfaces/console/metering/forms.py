"""Forms of metering: decisions about held readings, values read again, exchanges of meters."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.metering.types import Registers
from wandeng.interfaces.console.metering import registers
from wandeng.interfaces.doorway.words import metering as words
from wandeng.kernel.errors import InvalidInput

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
_NUMBER = {"inputmode": "decimal", "class": "num"}


class DecideForm(forms.Form):
    """Why a held reading is released, refused, estimated or read again."""

    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("随示数留存")
    )


class EstimateForm(DecideForm):
    """By which rule the day is estimated."""

    method = forms.ChoiceField(
        label=_("估抄办法"),
        choices=[("average", _("近三个月日均电量")), ("last_year", _("去年同期电量"))],
    )


class RereadForm(DecideForm):
    """Until when somebody is to read again."""

    due_on = forms.DateField(label=_("最迟"), widget=_DAY)

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["due_on"].initial = today + timedelta(days=3)


class RegistersForm(forms.Form):
    """The registers of a meter, as they are read."""

    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("随示数留存")
    )

    def __init__(self, *arguments: Any, names: Iterable[str], shown: Registers | None = None, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.names = tuple(names)
        for one in registers.fields(self.names, shown, None):
            self.fields[one.name] = forms.CharField(
                label=one.title,
                required=one.name == "total_ckwh",
                initial=one.value,
                widget=forms.TextInput(attrs=_NUMBER),
            )
        self.order_fields([*self.names, "reason"])

    def clean(self) -> dict[str, Any]:
        """``registers`` as typed."""
        cleaned = super().clean() or {}
        if "total_ckwh" in cleaned:
            try:
                cleaned["registers"] = registers.parse(cleaned, self.names)
            except InvalidInput:
                raise forms.ValidationError(_("示数写作数字，最多两位小数（需量四位）。")) from None
        return cleaned


class ExchangeForm(forms.Form):
    """What is needed to exchange a meter: the last readings of the old one, the new one, its first readings."""

    on = forms.DateField(label=_("换表日期"), widget=_DAY)
    new_meter = forms.CharField(label=_("新表表号"), max_length=32)
    start = forms.CharField(label=_("新表起码（总）"), initial="0", widget=forms.TextInput(attrs=_NUMBER))
    multiplier = forms.IntegerField(label=_("新表倍率"), min_value=1, max_value=10**9)
    ct_primary_a = forms.IntegerField(label=_("CT 一次（A）"), required=False, min_value=1, max_value=10**6)
    ct_secondary_a = forms.IntegerField(label=_("CT 二次（A）"), required=False, min_value=1, max_value=10**6)
    pt_primary_v = forms.IntegerField(label=_("PT 一次（V）"), required=False, min_value=1, max_value=10**6)
    pt_secondary_v = forms.IntegerField(label=_("PT 二次（V）"), required=False, min_value=1, max_value=10**6)
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, names: Iterable[str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.names = tuple(names)
        for name in self.names:
            self.fields[f"old_{name}"] = forms.CharField(
                label=_("旧表止码（%(register)s）") % {"register": words.REGISTERS[name]},
                required=name == "total_ckwh",
                widget=forms.TextInput(attrs=_NUMBER),
            )
            if name not in ("total_ckwh", registers.DEMAND):
                self.fields[f"start_{name}"] = forms.CharField(
                    label=_("新表起码（%(register)s）") % {"register": words.REGISTERS[name]},
                    required=False,
                    initial="0",
                    widget=forms.TextInput(attrs=_NUMBER),
                )
        first = ["on", *[f"old_{name}" for name in self.names], "new_meter", "multiplier", "start"]
        self.order_fields([*first, *[f"start_{name}" for name in self.names]])

    def clean(self) -> dict[str, Any]:
        """``removed`` and ``first``: the registers of both meters."""
        cleaned = super().clean() or {}
        try:
            cleaned["removed"] = registers.parse(
                {name: cleaned.get(f"old_{name}", "") for name in self.names}, self.names
            )
            starts = {name: cleaned.get(f"start_{name}", "") for name in self.names} | {
                "total_ckwh": cleaned.get("start", "")
            }
            cleaned["first"] = registers.parse(starts, [name for name in self.names if name != registers.DEMAND])
        except InvalidInput:
            raise forms.ValidationError(_("示数写作数字，最多两位小数（需量四位）。")) from None
        return cleaned
