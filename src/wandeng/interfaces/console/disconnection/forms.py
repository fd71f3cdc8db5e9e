"""Forms of disconnection: a proposal, a moment in the field, a halt, a quota."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.interfaces.console.forms import ReasonForm
from wandeng.kernel.periods import BILLING_ZONE

_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class ProposeForm(ReasonForm):
    """Which account, and why."""

    account_number = forms.CharField(label=_("户号"), max_length=20)
    field_order = ("account_number", "reason")


class MomentForm(forms.Form):
    """When it happened, or will: by the clock of the wall."""

    moment = forms.DateTimeField(label=_("时间"), widget=_MOMENT)

    def __init__(self, *arguments: Any, now: datetime, label: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["moment"].initial = now.astimezone(BILLING_ZONE).replace(tzinfo=None, second=0, microsecond=0)
        self.fields["moment"].label = label

    def since(self, floor: datetime | None) -> datetime:
        """The moment; typed without seconds, it is not taken for one before ``floor`` in the same minute."""
        given: datetime = self.cleaned_data["moment"]
        if floor is not None and timedelta(0) < floor - given < timedelta(minutes=1):
            return floor
        return given


class HaltForm(ReasonForm):
    """For which unit, why, and whether it is a drill."""

    unit = forms.ChoiceField(label=_("单位"))
    is_drill = forms.BooleanField(label=_("演练（同样停发，记入演练记录）"), required=False)
    field_order = ("unit", "reason", "is_drill")

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units]  # type: ignore[attr-defined]


class QuotaForm(ReasonForm):
    """How many orders an hour, or as the rule says."""

    unit = forms.ChoiceField(label=_("单位"))
    per_hour = forms.IntegerField(
        label=_("每小时最多（户）"), min_value=0, max_value=1_000, required=False, help_text=_("不填则按规则")
    )
    field_order = ("unit", "per_hour", "reason")

    def __init__(self, *arguments: Any, units: Iterable[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["unit"].choices = [(unit.code, unit.name) for unit in units]  # type: ignore[attr-defined]
