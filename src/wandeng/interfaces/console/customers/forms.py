"""Forms of contacts and agreements."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_DAY = {"type": "date"}


class ContactForm(forms.Form):
    """A number to reach an account by."""

    name = forms.CharField(label=_("联系人"), max_length=64, required=False)
    phone = forms.CharField(
        label=_("电话"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("手机号码，或带区号的固定电话。"),
    )  # fmt: skip
    is_primary = forms.BooleanField(label=_("设为主要联系人"), required=False, initial=True)


class CorrectForm(forms.Form):
    """The right number in place of a wrong one."""

    name = forms.CharField(label=_("联系人"), max_length=64, required=False)
    phone = forms.CharField(
        label=_("正确的电话"), max_length=32, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("原号码记为错误；新号码进入待核实名单，由另一次核实确认。"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.TextInput, help_text=_("例如：客户来电更正。")
    )


def _late_fee(help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("约定违约金日利率（‰）"),
        required=False,
        min_value=0,
        max_digits=4,
        decimal_places=1,
        help_text=help_text,
    )


class DraftForm(forms.Form):
    """An agreement to be signed."""

    number = forms.CharField(label=_("合同编号"), max_length=32)
    valid_from = forms.DateField(label=_("起始日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))
    valid_to = forms.DateField(
        label=_("终止日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY), help_text=_("不含当日。")
    )
    late_fee_permille = _late_fee(_("每日千分之几，如 1.5；不填则按规定执行。"))


class RenewForm(forms.Form):
    """The agreement that follows another."""

    number = forms.CharField(label=_("新合同编号"), max_length=32)
    valid_to = forms.DateField(
        label=_("终止日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
        help_text=_("不含当日；起始日期接上一份合同的终止日期。"),
    )
    late_fee_permille = _late_fee(_("每日千分之几，如 1.5；不填则沿用上一份合同。"))


class SignForm(forms.Form):
    """When a draft was signed."""

    signed_on = forms.DateField(label=_("签订日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY))


class EndForm(forms.Form):
    """The early end of a signed agreement; a draft is withdrawn and needs no day."""

    on = forms.DateField(
        label=_("终止日期"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
        help_text=_("自这一天起合同不再有效。"),
    )
    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(forms.Form):
    """Why a draft is given up."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
