"""Forms of dunning: how a visit, a notice or a call went, a promise, a new responsible person, a protection."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.collections.actions import Result
from wandeng.interfaces.doorway.words import dunning as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen
from wandeng.kernel.periods import BILLING_ZONE

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
NOBODY = ""


class ResultForm(forms.Form):
    """Whom it reached, when, and what proves it."""

    whom = forms.ChoiceField(
        label=_("见到谁"),
        required=False,
        choices=[*words.WHOM.items(), (NOBODY, _("未见到人"))],
        widget=forms.RadioSelect,
    )
    happened_at = forms.DateTimeField(label=_("时间"), widget=_MOMENT)
    evidence = forms.CharField(
        label=_("签收或照片编号"), max_length=255, required=False, help_text=_("停电通知书和留置送达必填")
    )
    authority_reference = forms.CharField(
        label=_("报送电力管理部门文号"), max_length=64, required=False, help_text=_("重要用户的停电通知书必填")
    )
    note = forms.CharField(
        label=_("情况"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("未见到人时必填"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, now: datetime, kind: str, is_important: bool = False, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["happened_at"].initial = now.astimezone(BILLING_ZONE).replace(tzinfo=None, second=0, microsecond=0)
        if kind != "NOTICE" or not is_important:
            del self.fields["authority_reference"]
        if kind == "VOICE":
            del self.fields["evidence"]
            said = [(code, word) for code, word in words.WHOM.items() if code != "WITNESS"]
            self.fields["whom"] = forms.ChoiceField(
                label=_("接听人"), required=False, choices=[*said, (NOBODY, _("无人接听"))], widget=forms.RadioSelect
            )
        self.fields["whom"].initial = "CUSTOMER"
        self.order_fields(["whom", "happened_at", "evidence", "authority_reference", "note"])

    def result(self) -> Result:
        """As the action takes it; a time without seconds that is this very minute's is not in the future."""
        given = self.cleaned_data
        return Result(
            happened_at=given["happened_at"],
            whom=given["whom"],
            evidence=given.get("evidence", ""),
            note=given.get("note", ""),
            authority_reference=given.get("authority_reference", ""),
        )


class PromiseForm(forms.Form):
    """How much by when, and how it was said."""

    promised_on = forms.DateField(label=_("承诺日"), widget=_DAY)
    amount = forms.CharField(
        label=_("承诺金额（元）"), max_length=16, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    channel = forms.ChoiceField(label=_("方式"), choices=list(words.PROMISE_CHANNELS.items()))
    note = forms.CharField(label=_("备注"), max_length=500, required=False)

    def __init__(self, *arguments: Any, today: date, open_fen: int, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["promised_on"].initial = today + timedelta(days=7)
        self.fields["amount"].initial = f"{open_fen // 100}.{open_fen % 100:02d}"

    def clean_amount(self) -> int:
        """Fen."""
        try:
            return fen(self.cleaned_data["amount"])
        except (InvalidInput, ArithmeticError, ValueError):
            raise forms.ValidationError(_("金额写作数字，最多两位小数。")) from None


class AssignForm(forms.Form):
    """Who is responsible from now on."""

    responsible = forms.CharField(label=_("责任人工号"), max_length=64)
    reason = forms.CharField(label=_("原因"), max_length=500, required=False)


class ProtectForm(forms.Form):
    """Whom to protect, why, by which paper, from when to when."""

    account = forms.CharField(label=_("户号"), max_length=20)
    kind = forms.ChoiceField(label=_("类型"), choices=list(words.PROTECTION_KINDS.items()))
    evidence = forms.CharField(label=_("依据（证明名称和编号）"), max_length=255)
    valid_from = forms.DateField(label=_("保护起始"), widget=_DAY)
    valid_to = forms.DateField(label=_("保护截止"), widget=_DAY, help_text=_("截止日当天起不再保护"))
    reason = forms.CharField(label=_("说明"), max_length=500, required=False)

    def __init__(self, *arguments: Any, today: date, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["valid_from"].initial = today
        self.fields["valid_to"].initial = today.replace(year=today.year + 1, day=min(today.day, 28))
