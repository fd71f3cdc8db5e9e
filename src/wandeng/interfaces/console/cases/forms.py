"""Forms of what is done to a case: each is one action."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.cases.types import CaseShown
from wandeng.domains.organization.types import UnitNode
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.interfaces.console.cases.intake_form import class_choices, scale_choices
from wandeng.interfaces.console.forms import ReasonForm
from wandeng.interfaces.doorway.process_names import worded
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import case_pages
from wandeng.interfaces.doorway.words import cases as words

_NOTE = forms.Textarea(attrs={"rows": 2})
NOBODY = ""


def people_choices(people: Mapping[str, str]) -> list[tuple[str, Any]]:
    """People by name, after the offer that whoever holds the role takes it."""
    return [(NOBODY, _("该岗位人员自行接单")), *((code, f"{name}{in_brackets(code)}") for code, name in people.items())]


class FinishForm(forms.Form):
    """Who goes on, what came of it, a word about it."""

    handler = forms.ChoiceField(label=_("下一环节经办人"), required=False)
    result = forms.ChoiceField(label=_("处理结果"), required=False)
    note = forms.CharField(label=_("处理说明"), max_length=1000, required=False, widget=_NOTE)

    def __init__(
        self, *arguments: Any, seen: CaseShown, people: Mapping[str, str], is_last: bool, **named: Any
    ) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "finish_%s"})
        self.fields["handler"].choices = people_choices(people)  # type: ignore[attr-defined]
        if is_last:
            del self.fields["handler"]
        if is_last and seen.needs_result:
            results = [(code, worded(zh, en)) for code, zh, en in seen.results]
            self.fields["result"].choices = [("", "—"), *results]  # type: ignore[attr-defined]
            self.fields["result"].required = True
        else:
            del self.fields["result"]


class AssignForm(forms.Form):
    """Into whose hands."""

    handler = forms.ChoiceField(label=_("经办人"))
    note = forms.CharField(label=_("说明"), max_length=500, required=False, widget=_NOTE)

    def __init__(self, *arguments: Any, people: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "assign_%s"})
        choices = [(code, f"{name}{in_brackets(code)}") for code, name in people.items()]
        self.fields["handler"].choices = choices  # type: ignore[attr-defined]


class BackForm(ReasonForm):
    """To which step, and why."""

    to_step = forms.ChoiceField(label=_("退回到"))
    field_order = ("to_step", "reason")

    def __init__(self, *arguments: Any, seen: CaseShown, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "back_%s"})
        done = [one for one in seen.steps if one.status == "DONE" and not one.by_customer]
        self.fields["to_step"].choices = [  # type: ignore[attr-defined]
            (one.code, worded(one.name_zh, one.name_en)) for one in reversed(done)
        ]


class PauseForm(ReasonForm):
    """For which reason clocks stop."""

    pause = forms.ChoiceField(label=_("暂停类别"))
    field_order = ("pause", "reason")

    def __init__(self, *arguments: Any, seen: CaseShown, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "pause_%s"})
        self.fields["pause"].choices = [  # type: ignore[attr-defined]
            (code, worded(zh, en)) for code, zh, en in seen.pauses
        ]


class NoteForm(forms.Form):
    """Words for the log."""

    text = forms.CharField(label=_("内容"), max_length=1000, widget=_NOTE)


class TransferForm(ReasonForm):
    """To which unit."""

    unit = forms.ChoiceField(label=_("转到单位"))
    field_order = ("unit", "reason")

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], here: str, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "transfer_%s"})
        self.fields["unit"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in units if one.code != here
        ]


class ReclassifyForm(ReasonForm):
    """Class, grade and urgency as they should have been."""

    first_and_second = forms.ChoiceField(label=_("分类"), required=False)
    grade = forms.ChoiceField(label=_("等级"), required=False)
    urgency = forms.ChoiceField(label=_("紧急程度"), required=False)
    field_order = ("first_and_second", "grade", "urgency", "reason")

    def __init__(self, *arguments: Any, body: ProcessDefinition, seen: CaseShown, **named: Any) -> None:
        now = {
            "first_and_second": f"{seen.first_class[0]}/{seen.second_class[0]}" if seen.first_class[0] else "",
            "grade": seen.grade[0], "urgency": seen.urgency[0],
        }  # fmt: skip
        super().__init__(*arguments, **{**named, "auto_id": "reclassify_%s", "initial": now})
        offered = {
            "first_and_second": class_choices(body), "grade": scale_choices(body.grades),
            "urgency": scale_choices(body.urgency),
        }  # fmt: skip
        for name, choices in offered.items():
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    @property
    def asks_anything(self) -> bool:
        return len(self.fields) > 1


class MergeForm(ReasonForm):
    """Into which case."""

    into = forms.CharField(label=_("并入单号"), max_length=24)
    field_order = ("into", "reason")


class HandOverForm(ReasonForm):
    """To whom first-contact ownership goes."""

    to = forms.CharField(label=_("移交给（工号）"), max_length=64)
    field_order = ("to", "reason")


class CallBackForm(forms.Form):
    """What the customer said."""

    score = forms.TypedChoiceField(label=_("满意度"), coerce=int, widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=_("回访方式"), choices=list(case_pages.CALL_CHANNELS.items()))
    remark = forms.CharField(label=_("客户意见"), max_length=1000, required=False, widget=_NOTE,
                             help_text=_("不满意的须写明原因，工单随即重启。"))  # fmt: skip

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "call_%s"})
        self.fields["score"].choices = list(words.SCORES.items())  # type: ignore[attr-defined]


class HandInForm(forms.Form):
    """A document or a proof, with its file or only its name."""

    what = forms.ChoiceField(label=_("资料"))
    label = forms.CharField(label=_("名称或编号"), max_length=128, required=False)
    file = forms.FileField(
        label=_("文件"), required=False, help_text=_("图片、PDF 或录音，不超过 10 MB；只查看了原件的可以不传"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, seen: CaseShown, **named: Any) -> None:
        super().__init__(*arguments, **{**named, "auto_id": "hand_%s"})
        documents = [
            (f"DOCUMENT:{one.code}", worded(one.name_zh, one.name_en)) for one in seen.documents if not one.is_here
        ]
        others = [(kind, case_pages.PROOFS[kind]) for kind in ("PHOTO", "RECORDING", "PAPER", "SIGNATURE")]
        self.fields["what"].choices = [*documents, *others]  # type: ignore[attr-defined]


def missing_first(seen: CaseShown, steps: Sequence[str]) -> tuple[Any, ...]:
    """The fields to ask for at a step: its own, and earlier ones that are still missing."""
    return tuple(one for one in seen.fields if one.by in steps or one.code in seen.missing)
