"""Forms by which a month plan is begun and its jobs are moved."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.domains.outages.types.months import At, MonthPlanView
from wandeng.kernel.periods import Month

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NewForm(forms.Form):
    """A month of a unit."""

    unit_code = forms.ChoiceField(label=_("单位"))
    month = forms.CharField(label=_("月份"), max_length=7, widget=forms.TextInput(attrs={"type": "month"}))
    announced_on = forms.DateField(
        label=_("公布日期"), widget=_DAY, help_text=_("从这一天起计算提前通知天数。")
    )  # fmt: skip
    live_crews = forms.IntegerField(
        label=_("带电作业班组数"), min_value=0, max_value=99, initial=0, help_text=_("同一时段可以同时出动的班组数。")
    )

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """A day and a part of it."""

    on = forms.DateField(label=_("日期"), widget=_DAY)
    window = forms.ChoiceField(label=_("时段"))
    is_live = forms.BooleanField(label=_("带电作业"), required=False)

    def __init__(
        self, *arguments: Any, plan: MonthPlanView, windows: list[tuple[str, str]], can_be_live: bool, **named: Any
    ) -> None:
        super().__init__(*arguments, **named)
        period = Month.parse(plan.brief.month).period
        self.fields["on"].widget.attrs |= {
            "min": period.from_on.isoformat(), "max": (period.to_on - timedelta(days=1)).isoformat(),
        }  # fmt: skip
        self.fields["window"].choices = windows  # type: ignore[attr-defined]
        if not can_be_live:
            del self.fields["is_live"]

    @property
    def place(self) -> At:
        """Where it is to lie; of a valid form."""
        given = self.cleaned_data
        return At(given["on"], given["window"], bool(given.get("is_live")))


class LimitForm(forms.Form):
    """From when a job can be done, and by when it should."""

    not_before = forms.DateField(label=_("最早日期"), widget=_DAY, required=False)
    due_on = forms.DateField(label=_("最迟日期"), widget=_DAY, required=False)
