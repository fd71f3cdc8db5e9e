"""Forms of administration."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import ParameterKind
from wandeng.domains.organization.types import Role, UnitNode
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import administration as words


class DayInput(forms.DateInput):
    """A day, by the browser's own calendar."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)


def unit_choices(units: tuple[UnitNode, ...]) -> list[tuple[str, str]]:
    """Open units as choices, indented by their place in the tree."""
    top = min((unit.depth for unit in units), default=0)
    return [
        (unit.code, "　" * (unit.depth - top) + unit.name + in_brackets(unit.code))
        for unit in units
        if unit.closed_on is None
    ]


class UnitForm(forms.Form):
    """A new unit below one of the scope."""

    code = forms.CharField(label=_("编码"), max_length=32, help_text=_("字母、数字、“.”、“_”或“-”，之后不能更改。"))
    name = forms.CharField(label=_("名称"), max_length=128)
    kind = forms.ChoiceField(label=_("类型"), choices=list(words.UNIT_KINDS.items()), initial="OFFICE")
    parent = forms.ChoiceField(label=_("上级单位"))

    def __init__(self, *args: Any, units: tuple[UnitNode, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].choices = unit_choices(units)  # type: ignore[attr-defined]


class RenameForm(forms.Form):
    """Another name for a unit."""

    name = forms.CharField(label=_("新名称"), max_length=128)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class CloseForm(forms.Form):
    """The first day without a unit, and why."""

    on = forms.DateField(label=_("自"), widget=DayInput(), help_text=_("从这一天起不再有这个单位。"))
    reason = forms.CharField(label=_("原因"), max_length=500)


class PersonForm(forms.Form):
    """A new member of staff."""

    code = forms.CharField(label=_("工号"), max_length=64, help_text=_("登录和记录都用它，之后不能更改。"))
    name = forms.CharField(label=_("姓名"), max_length=64)
    unit = forms.ChoiceField(label=_("所属单位"))

    def __init__(self, *args: Any, units: tuple[UnitNode, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]


class AppointForm(forms.Form):
    """A role over a unit, from a day on."""

    person = forms.CharField(label=_("工号"), max_length=64)
    role = forms.ChoiceField(label=_("角色"), choices=list(words.ROLES.items()))
    unit = forms.ChoiceField(label=_("管辖单位"), help_text=_("能看到、能办理的是这个单位和它的所有下级。"))
    from_on = forms.DateField(label=_("自"), widget=DayInput())
    to_on = forms.DateField(
        label=_("至（不含）"), widget=DayInput(), required=False, help_text=_("不填：长期。临时授权请填到期日。")
    )

    def __init__(self, *args: Any, units: tuple[UnitNode, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]


class SuggestedReasonForm(forms.Form):
    """Why, with the words of a dictionary offered; anything else may be typed."""

    reason = forms.CharField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, dictionary: str, required: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        english = (get_language() or "").startswith("en")
        self.suggestions = [
            entry.label_en if english else entry.label_zh for entry in organization.dictionary(dictionary)
        ]
        self.fields["reason"].required = required
        self.fields["reason"].widget.attrs["list"] = f"words-{dictionary}"
        self.dictionary = dictionary


class ParameterForm(forms.Form):
    """A proposed value from a day on."""

    value = forms.CharField(label=_("新取值"), max_length=12, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    valid_from = forms.DateField(label=_("自"), widget=DayInput(), help_text=_("从这一天 0 时起执行，不能早于今天。"))
    reason = forms.CharField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, kind: ParameterKind, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind.is_clock:
            self.fields["value"].widget = forms.TextInput(attrs={"type": "time"})
        if kind.is_flag:
            self.fields["value"] = forms.ChoiceField(label=_("新取值"), choices=[("1", _("是")), ("0", _("否"))])
            self.order_fields(["value", "valid_from", "reason"])


class EntryForm(forms.Form):
    """A word of the utility's own."""

    code = forms.CharField(
        label=_("编码"), max_length=32, help_text=_("大写字母、数字或“_”。编码已有时，修改原来的那一项。")
    )
    label = forms.CharField(label=_("名称"), max_length=128)
    place = forms.IntegerField(label=_("顺序"), initial=0, min_value=0, max_value=9999)
    is_offered = forms.BooleanField(label=_("可供选择"), required=False, initial=True)


class AnnouncementForm(forms.Form):
    """A notice to the roles of a unit."""

    title = forms.CharField(label=_("标题"), max_length=128)
    body = forms.CharField(label=_("正文"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 8}))
    unit = forms.ChoiceField(label=_("发往单位（含下级）"))
    roles = forms.MultipleChoiceField(
        label=_("只发给这些岗位"), choices=list(words.ROLES.items()), required=False, help_text=_("不选：发给所有人。"),
        widget=forms.CheckboxSelectMultiple(),
    )  # fmt: skip
    visible_from = forms.DateField(label=_("自"), widget=DayInput())
    visible_to = forms.DateField(label=_("至（不含）"), widget=DayInput())
    is_urgent = forms.BooleanField(label=_("紧急"), required=False)

    def __init__(self, *args: Any, units: tuple[UnitNode, ...], today: date, **options: Any) -> None:
        usual = {"visible_from": today, "visible_to": today + timedelta(days=14)}
        options["initial"] = usual | options.get("initial", {})
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices(units)  # type: ignore[attr-defined]

    def chosen_roles(self) -> tuple[Role, ...]:
        return tuple(Role(role) for role in self.cleaned_data["roles"])


class BrandForm(forms.Form):
    """Name, logo and the five colours."""

    title = forms.CharField(
        label=_("名称"), max_length=64, required=False, help_text=_("显示在每页顶部；不填则为“万灯”。")
    )
    logo = forms.FileField(
        label=_("徽标"), required=False, help_text=_("PNG，最大 200 kB、1024 × 1024 像素；图片以外的内容会被去除。"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/png"}),
    )  # fmt: skip
    remove_logo = forms.BooleanField(label=_("去掉现有徽标"), required=False)

    def __init__(self, *args: Any, colours: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, value in colours.items():
            self.fields[name] = forms.CharField(
                label=words.COLOURS[name], initial=value, required=False, max_length=7,
                widget=forms.TextInput(attrs={"type": "color"}),
            )  # fmt: skip
        self.order_fields(["title", "logo", "remove_logo", *colours])
        self.colour_names = tuple(colours)

    def chosen_colours(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.colour_names}
