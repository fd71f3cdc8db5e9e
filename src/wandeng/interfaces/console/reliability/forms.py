"""Forms by which a person writes down an interruption, its restoration and its correction."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.domains.reliability.types import StepShown
from wandeng.interfaces.doorway.words import reliability as words


class FactsForm(forms.Form):
    """What an interruption was, and all its steps."""

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


class RecordForm(FactsForm):
    """A new interruption."""

    field_order = (
        "number", "unit_code", "kind", "cause", "voltage", "feeder_code", "is_external", "device", "note", "steps",
    )  # fmt: skip
    number = forms.CharField(label=_("停电编号"), max_length=64)
    unit_code = forms.ChoiceField(label=_("单位"))
    voltage = forms.ChoiceField(label=_("电压等级"), choices=list(words.VOLTAGES.items()), initial="MEDIUM")
    feeder_code = forms.CharField(label=_("馈线编码"), max_length=64, required=False)

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class CorrectForm(FactsForm):
    """A new revision, and why it is corrected."""

    reason = forms.CharField(label=_("更正原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class RestoreForm(forms.Form):
    """When supply came back, and to which areas that are still off; none chosen means all of them."""

    on_at = forms.DateTimeField(
        label=_("复电时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    transformers = forms.MultipleChoiceField(
        label=_("复电台区"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选表示全部复电。")
    )

    def __init__(self, *arguments: Any, still_off: tuple[StepShown, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        areas = {str(one.transformer_id): one.transformer_name for one in still_off}
        self.fields["transformers"].choices = list(areas.items())  # type: ignore[attr-defined]
