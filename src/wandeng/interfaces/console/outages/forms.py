"""Forms by which outages are planned."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.domains.outages import queries
from wandeng.domains.outages.types import (
    IsolationKind,
    LiveLine,
    OutageCategory,
    OutageReason,
    PlanRequest,
    PlanView,
)
from wandeng.interfaces.doorway.words import outages as words
from wandeng.kernel.periods import BILLING_ZONE

_MOMENT = {"widget": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")}


class PlanForm(forms.Form):
    """An outage as it is asked for: when, what is isolated, which works share it."""

    unit_code = forms.ChoiceField(label=_("单位"))
    title = forms.CharField(label=_("停电计划名称"), max_length=200)
    category = forms.ChoiceField(label=_("停电类别"), choices=list(words.CATEGORIES.items()))
    reason_code = forms.ChoiceField(label=_("停电原因"), choices=list(words.REASONS.items()))
    starts_at = forms.DateTimeField(label=_("停电开始"), **_MOMENT)  # type: ignore[arg-type]
    ends_at = forms.DateTimeField(label=_("停电结束"), **_MOMENT)  # type: ignore[arg-type]
    opened = forms.CharField(
        label=_("断开的开关"), max_length=2000, required=False, help_text=_("开关编码，多个用逗号或空格隔开。")
    )
    closed = forms.CharField(
        label=_("合上的联络开关"), max_length=2000, required=False, help_text=_("合上后由其他馈线转供的台区不停电。")
    )
    out = forms.CharField(
        label=_("停运的台区"), max_length=2000, required=False, help_text=_("台区编码，只停配变时填写。")
    )
    live_line = forms.ChoiceField(label=_("带电作业"), choices=list(words.LIVE.items()))
    works = forms.CharField(
        label=_("作业"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("一行一项：作业单位，内容，班组，类别（电网、用户、上级），户号；后三项可不填。"),
    )
    place = forms.CharField(
        label=_("停电范围"), max_length=500, required=False, help_text=_("村、社区名称；不填由影响台区生成。")
    )

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit_code"].choices = [(one.code, one.name) for one in units]  # type: ignore[attr-defined]

    def request(self) -> PlanRequest:
        """What was asked. Raises ``InvalidInput`` for a work that is not written as works are."""
        given = self.cleaned_data
        return PlanRequest(
            unit_code=given["unit_code"], title=given["title"], reason=OutageReason(given["reason_code"]),
            starts_at=given["starts_at"], ends_at=given["ends_at"],
            isolation=queries.isolation_written(opened=given["opened"], closed=given["closed"], out=given["out"]),
            works=queries.works_written(given["works"].splitlines()), category=OutageCategory(given["category"]),
            place=given["place"], live_line=LiveLine(given["live_line"]),
        )  # fmt: skip


class ChangeForm(PlanForm):
    """The next version of a plan, and why."""

    reason = forms.CharField(label=_("变更原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for name in ("unit_code", "category"):
            self.fields[name].widget = forms.HiddenInput()


def initial_of(found: PlanView) -> dict[str, Any]:
    """The form of a plan as it stands."""
    version = found.standing
    codes = {
        kind: ", ".join(point.code for point in version.isolation if point.kind is kind) for kind in IsolationKind
    }  # fmt: skip
    return {
        "unit_code": found.unit_code, "title": found.title, "category": found.category, "reason_code": found.reason,
        "starts_at": version.starts_at.astimezone(BILLING_ZONE), "ends_at": version.ends_at.astimezone(BILLING_ZONE),
        "opened": codes[IsolationKind.OPEN], "closed": codes[IsolationKind.CLOSE], "out": codes[IsolationKind.OUT],
        "live_line": version.live_line, "works": queries.written(queries.request_of(found).works), "place": version.place,
    }  # fmt: skip
