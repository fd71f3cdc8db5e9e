"""Forms of prepay: signing up, a warning threshold of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.console.forms import ReasonForm
from wandeng.interfaces.console.payments.till_forms import YuanField


class EnrollForm(forms.Form):
    """Whom, from when, on which paper."""

    account_number = forms.CharField(label=_("户号"), max_length=32)
    valid_from = forms.DateField(label=_("自"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    document = forms.CharField(label=_("协议编号"), max_length=64, required=False)
    warn = YuanField(
        label=_("约定预警阈值（元）"), required=False, may_be_zero=True,
        help_text=_("不填：按规则，取日均电费的若干天。"),
    )  # fmt: skip
    reason = forms.CharField(label=_("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class WarningForm(ReasonForm):
    """Another threshold, or none."""

    field_order = ("warn", "reason")
    warn = YuanField(label=_("约定预警阈值（元）"), required=False, may_be_zero=True, help_text=_("不填：按规则。"))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["reason"].required = False
