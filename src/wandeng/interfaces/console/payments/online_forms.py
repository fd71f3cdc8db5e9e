"""Forms of payments online."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.console.payments.till_forms import YuanField


class OrderForm(forms.Form):
    """Whom, how much, by which channel. ``key`` is made with the page, so that sending it twice is one order."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=100)
    account_number = forms.CharField(label=_("户号"), max_length=20)
    amount = YuanField(label=_("收款金额（元）"))
    channel = forms.ChoiceField(label=_("渠道"))

    def __init__(self, *arguments: Any, channels: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["channel"].choices = channels  # type: ignore[attr-defined]


class RefundForm(forms.Form):
    """How much of an order goes back and why. ``key`` is made with the page: a second click is the same refund."""

    key = forms.CharField(max_length=100)
    amount = YuanField(label=_("退款金额（元）"))
    reason = forms.CharField(label=_("原因"), max_length=500)


class DayForm(forms.Form):
    """A day of a channel."""

    day = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
