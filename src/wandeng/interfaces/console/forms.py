"""Forms of the console: refusals land on the form that caused them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway import refusals
from wandeng.kernel.errors import Refused


class ReasonForm(forms.Form):
    """Why something is done; it stays on record."""

    reason = forms.CharField(label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


def attempt(form: forms.Form, action: Callable[[], Any]) -> bool:
    """Do it if the form is valid. A refusal becomes an error of the form; returns whether it was done.

    The action is called with nothing: ``attempt(form, lambda: runs.approve(run=…, actor=…, at=…))``.
    """
    if not form.is_valid():
        return False
    try:
        action()
    except Refused as refusal:
        form.add_error(None, refusals.sentence(refusal, get_language() or "zh-hans"))
        return False
    return True
