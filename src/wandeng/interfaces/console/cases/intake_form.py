"""The part of the intake that every kind of case has: how it came in, what it is about, whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import Named, Scale
from wandeng.interfaces.doorway.process_names import worded
from wandeng.interfaces.doorway.words import cases as words
from wandeng.interfaces.doorway.words import customers as customer_words

TRANSFERS = ("TRANSFER_12345", "TRANSFER_12398")
Choices = list[tuple[str, Any]]


class IntakeForm(forms.Form):
    """Channel, class, grade, urgency, place of the case and what the caller wants kept quiet."""

    unit = forms.ChoiceField(label=_("责任单位"))
    locality = forms.ChoiceField(label=_("地区类别"), required=False)
    first_and_second = forms.ChoiceField(label=_("分类"), required=False)
    channel = forms.ChoiceField(label=_("受理渠道"))
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False)
    grade = forms.ChoiceField(label=_("等级"), required=False)
    outside_number = forms.CharField(
        label=_("外部单号"), max_length=64, required=False, help_text=_("12345、12398 转办时填对方编号")
    )
    is_anonymous = forms.BooleanField(label=_("匿名（不留姓名、电话和户号）"), required=False)
    is_confidential = forms.BooleanField(label=_("保密（经办人之外看不到是谁）"), required=False)
    documents = forms.MultipleChoiceField(label=_("已收资料"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, *arguments: Any, body: ProcessDefinition, units: Iterable[UnitNode], has_account: bool, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        intake = body.intake
        self._offer("unit", [] if has_account else [(one.code, one.name) for one in units])
        self._offer("locality", [] if has_account else [("", "—"), *customer_words.LOCALITIES.items()])
        self._offer("first_and_second", class_choices(body))
        self._offer("channel", [(code, words.CHANNELS[code]) for code in intake.channels])
        self._offer("urgency", scale_choices(body.urgency))
        self._offer("grade", scale_choices(body.grades))
        self._offer("documents", named_choices(body.documents))
        for name, is_asked in (
            ("is_anonymous", intake.may_be_anonymous), ("is_confidential", intake.may_be_confidential),
            ("outside_number", any(one in intake.channels for one in TRANSFERS)),
        ):  # fmt: skip
            if not is_asked:
                del self.fields[name]
        if body.urgency and "urgency" in self.fields:
            self.fields["urgency"].initial = body.urgency.usual
        if body.grades and "grade" in self.fields:
            self.fields["grade"].initial = body.grades.usual

    def _offer(self, name: str, choices: Choices) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("channel") in TRANSFERS and "outside_number" in self.fields and not given.get("outside_number"):
            self.add_error("outside_number", _("转办的工单须填外部单号。"))
        return given

    def value(self, name: str) -> str:
        """What the form says of a field now, typed or offered first; valid or not."""
        if name not in self.fields:
            return ""
        if self.is_bound:
            return str(self.data.get(self.add_prefix(name), ""))
        said = self.get_initial_for_field(self.fields[name], name)
        return str(said or "")


def class_choices(body: ProcessDefinition) -> Choices:
    """First and second levels in one box: ``FIRST/SECOND``, or ``FIRST/`` where there is no second."""
    if not body.classification:
        return []
    found: Choices = [("", "—")]
    for first in body.classification.first:
        name = worded(first.name_zh, first.name_en)
        inner = [(f"{first.code}/{one.code}", worded(one.name_zh, one.name_en)) for one in first.second]
        found.append((name, inner) if inner else (f"{first.code}/", name))
    return found


def scale_choices(scale: Scale | None) -> Choices:
    """The values of a scale, the least first."""
    return named_choices(scale.values if scale else ())


def named_choices(values: Iterable[Named]) -> Choices:
    """Codes with their words."""
    return [(one.code, worded(one.name_zh, one.name_en)) for one in values]
