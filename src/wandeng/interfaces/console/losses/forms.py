"""Forms of line loss: days to compute, what was found in an area, and that a lead is sent on all the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.losses.types import UseKind
from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.doorway.words import losses as words

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


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


class SettleForm(forms.Form):
    """What was found on site, from which energy, money and penalty are reckoned."""

    capacity_w = forms.IntegerField(label=_("私接设备容量（瓦）"), min_value=1, max_value=10**8)
    use = forms.ChoiceField(label=_("用电性质"), choices=list(words.USES.items()))
    days = forms.IntegerField(label=_("窃电天数（不明的留空，按规则）"), min_value=1, max_value=3660, required=False)
    recorded_kwh = forms.DecimalField(
        label=_("同期已计电量（kWh）"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    multiple = forms.IntegerField(label=_("违约使用电费倍数（留空按规则）"), min_value=1, max_value=9, required=False)

    def asked(self) -> dict[str, Any]:
        """As ``flows.theft_settlements`` wants it."""
        given = self.cleaned_data
        return {
            "capacity_w": given["capacity_w"], "use": UseKind(given["use"]), "days": given["days"],
            "recorded_ckwh": int((given["recorded_kwh"] or 0) * 100), "multiple": given["multiple"],
        }  # fmt: skip


class LeadForm(forms.Form):
    """Whether a lead is sent on although a neighbour mirrors the loss."""

    despite = forms.BooleanField(label=_("已核对户变关系，仍然立案核查"), required=False)
