"""Forms of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.infra.webhooks import PING
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets
from wandeng.interfaces.doorway.words import integrations as words
from wandeng.kernel.periods import BILLING_ZONE


class EndpointForm(forms.Form):
    """What an endpoint is called, where it is, and what it hears."""

    name = forms.CharField(label=_("名称"), max_length=64)
    url = forms.CharField(
        label=_("地址"),
        max_length=2000,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
        help_text=_("须在服务器设置 WANDENG_OUTGOING 允许的范围内"),
    )
    unit = forms.ChoiceField(label=_("单位范围"), required=False, help_text=_("只推送该单位及其下级的事件"))
    kinds = forms.MultipleChoiceField(
        label=_("事件"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, word) for name, word in words.EVENTS.items() if name != PING],
        help_text=_("一项不选即全部推送，包括以后新增的事件"),
    )

    def __init__(self, *arguments: Any, units: tuple[UnitNode, ...], whole: bool, **named: Any) -> None:
        super().__init__(*arguments, **named)
        top = units[0].depth if units else 0
        first = [("", _("整个系统"))] if whole else []
        rows = [(unit.code, "　" * (unit.depth - top) + unit.name + in_brackets(unit.code)) for unit in units]
        self.fields["unit"].choices = [*first, *rows]  # type: ignore[attr-defined]
        self.fields["unit"].required = not whole


class RangeForm(forms.Form):
    """A stretch of time whose deliveries are sent again."""

    made_from = forms.DateTimeField(label=_("自"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    made_to = forms.DateTimeField(label=_("至"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    only_parked = forms.BooleanField(label=_("只重放已搁置的"), required=False, initial=True)

    def moments(self) -> dict[str, datetime]:
        """Both ends, in the zone in which they were typed."""
        return {name: self.cleaned_data[name].replace(tzinfo=BILLING_ZONE) for name in ("made_from", "made_to")}
