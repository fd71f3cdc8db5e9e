"""Forms of line loss: days to compute, what was found in an area, and that a lead is sent on all the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.words import losses as words

_DAY = forms.DateInput(attrs={"type": "date"})


class ComputeForm(forms.Form):
    """Which days of which unit."""

    unit_code = forms.ChoiceField(label=_("单位"))
    from_on = forms.DateField(label=_("自"), widget=_DAY)
    to_on = forms.DateField(label=_("至"), widget=_DAY)

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class FindingForm(forms.Form):
    """What an odd loss came from."""

    cause = forms.ChoiceField(label=_("原因"), choices=[one for one in words.CAUSES.items() if one[0]])
    finding = forms.CharField(label=_("查明情况"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class LeadForm(forms.Form):
    """Whether a lead is sent on although a neighbour mirrors the loss."""

    despite = forms.BooleanField(label=_("已核对户变关系，仍然立案核查"), required=False)
