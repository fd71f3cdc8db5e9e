"""The form of a correction."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.words import reliability as words


class CorrectForm(forms.Form):
    """What an interruption was, all its steps, and why it is corrected."""

    kind = forms.ChoiceField(label=_("停电性质"), choices=list(words.KINDS.items()))
    cause = forms.ChoiceField(label=_("停电原因"), choices=list(words.CAUSES.items()))
    is_external = forms.BooleanField(label=_("外部影响"), required=False)
    device = forms.CharField(label=_("停电设备"), max_length=128, required=False)
    note = forms.CharField(label=_("备注"), max_length=500, required=False)
    steps = forms.CharField(
        label=_("停电区间"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("一行一个：台区或计量点编码，停电时间，复电时间；尚未复电的不写复电时间。"),
    )
    reason = forms.CharField(label=_("更正原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
