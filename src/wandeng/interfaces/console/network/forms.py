"""The form by which a switching is recorded."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.kernel.periods import BILLING_ZONE


class OperateForm(forms.Form):
    """Where the switch stands now, since when, and why. Without a time: now."""

    to = forms.ChoiceField(choices=[("open", _("分")), ("closed", _("合"))], widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label=_("操作时间"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_("留空表示现在；补记以前的操作时填写。"),
    )
    reason = forms.CharField(
        label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("写入操作记录")
    )

    def __init__(self, *arguments: Any, now: datetime, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._now = now

    def clean_at(self) -> datetime:
        """The time given, read in the billing zone; never one to come."""
        given: datetime | None = self.cleaned_data["at"]
        if given is None:
            return self._now
        at = given if given.tzinfo is not None else given.replace(tzinfo=BILLING_ZONE)
        if at > self._now:
            raise forms.ValidationError(_("操作时间在未来。"))
        return at
