"""Forms of the cash desk: money is typed in yuan and becomes fen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization.types import UnitNode
from wandeng.domains.payments.actions.tills import FACES_FEN, Pieces, Slips
from wandeng.domains.payments.queries.tills import TillFacts
from wandeng.domains.payments.types import OpenBill
from wandeng.interfaces.doorway.templatetags.wandeng import in_brackets, yuan
from wandeng.interfaces.doorway.words import payments_till as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_scaled

SLIP_TENDERS = ("CARD", "QR")
WIDE_COMMA = chr(0xFF0C)
"""What a Chinese keyboard writes between thousands."""


class YuanField(forms.CharField):
    """An amount in yuan with at most two decimals; its value is fen."""

    def __init__(self, *, may_be_zero: bool = False, **named: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "form-control wd-number"}
        super().__init__(max_length=16, widget=forms.TextInput(attrs=attrs | named.pop("attrs", {})), **named)
        self.may_be_zero = may_be_zero

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = fen(text.replace(",", "").replace(WIDE_COMMA, "").removeprefix("¥"))
        except InvalidInput:
            raise forms.ValidationError(_("写成元，最多两位小数，例如 128.50。")) from None
        if amount < 0 or (amount == 0 and not self.may_be_zero):
            raise forms.ValidationError(_("金额须大于零。"))
        return amount


class OpenForm(forms.Form):
    """Which till, and with what float."""

    till = forms.ChoiceField(label=_("收费台"))
    opening = YuanField(
        label=_("备用金（元）"), may_be_zero=True, help_text=_("开班时抽屉里用来找零的现金；日结时留下同样多")
    )

    def __init__(self, *arguments: Any, tills: Sequence[TillFacts], **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(one.code, f"{one.name}{in_brackets(one.code)} {one.unit_name}") for one in tills]
        self.fields["till"].choices = choices  # type: ignore[attr-defined]


class TakeForm(forms.Form):
    """Money over the counter. ``key`` is drawn with the form: sent twice it takes money once."""

    account_number = forms.CharField(max_length=20, widget=forms.HiddenInput)
    key = forms.CharField(max_length=48, widget=forms.HiddenInput)
    amount = YuanField(label=_("收费金额（元）"), attrs={"autofocus": True, "data-select": "", "data-till-amount": ""})
    purpose = forms.ChoiceField(
        label=_("缴费方式"), choices=list(words.PURPOSES.items()), widget=forms.RadioSelect, initial="FULL"
    )
    tender = forms.ChoiceField(
        label=_("结算方式"), choices=list(words.TILL_TENDERS.items()), widget=forms.RadioSelect, initial="CASH"
    )
    tendered = YuanField(
        label=_("收到现金（元）"), required=False, attrs={"data-till-tendered": ""},
        help_text=_("不填即为恰好；填了就算出找零"),
    )  # fmt: skip
    payer = forms.CharField(label=_("交款人"), required=False, max_length=64, help_text=_("他人代交时填写，印在收据上"))
    bills = forms.MultipleChoiceField(
        label=_("指定账单"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("不选即先交最早的")
    )

    def __init__(self, *arguments: Any, open_bills: Sequence[OpenBill], **named: Any) -> None:
        super().__init__(*arguments, **named)
        if len(open_bills) > 1:
            choices = [(str(one.bill_id), f"{one.month} {yuan(one.open_fen + one.late_fee_fen)}") for one in open_bills]
            self.fields["bills"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["bills"]

    def chosen_bills(self) -> tuple[int, ...]:
        """Bills that the customer named."""
        return tuple(int(one) for one in self.cleaned_data.get("bills", ()))


class CountForm(forms.Form):
    """The drawer by notes and coins, the slips of the other tenders, and what goes to the bank."""

    deposit = YuanField(
        label=_("缴存金额（元）"),
        required=False,
        may_be_zero=True,
        help_text=_("缴款单上的金额；不填即为实点现金减备用金"),
    )
    deposit_number = forms.CharField(label=_("缴款单号"), required=False, max_length=64)
    reason = forms.CharField(
        label=_("差异原因"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("实点与账面不符时必填，由另一人复核"),
    )  # fmt: skip

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for face in FACES_FEN:
            attrs = {"inputmode": "numeric", "class": "form-control wd-number", "data-face": str(face),
                     "data-column": "pieces", "autocomplete": "off"}  # fmt: skip
            self.fields[f"face_{face}"] = forms.IntegerField(
                label=face_name(face),
                required=False,
                min_value=0,
                max_value=100_000,
                widget=forms.TextInput(attrs=attrs),
            )
        for tender in SLIP_TENDERS:
            label = _("%(tender)s单据合计（元）") % {"tender": words.TILL_TENDERS[tender]}
            self.fields[f"slip_{tender}"] = YuanField(label=label, required=False, may_be_zero=True)

    @property
    def faces(self) -> list[Any]:
        """The fields of notes and coins, largest first."""
        return [self[f"face_{face}"] for face in FACES_FEN]

    @property
    def others(self) -> list[Any]:
        """The other fields in the order in which they are filled."""
        return [
            self[name] for name in (*(f"slip_{one}" for one in SLIP_TENDERS), "deposit", "deposit_number", "reason")
        ]

    def drawer(self) -> tuple[Pieces, ...]:
        """What was counted."""
        found = [(face, self.cleaned_data[f"face_{face}"]) for face in FACES_FEN]
        return tuple(Pieces(face, number) for face, number in found if number)

    def slips(self) -> tuple[Slips, ...]:
        """Totals of the other tenders that were given."""
        found = [(tender, self.cleaned_data[f"slip_{tender}"]) for tender in SLIP_TENDERS]
        return tuple(Slips(tender, amount) for tender, amount in found if amount)


class TillForm(forms.Form):
    """A new till."""

    unit = forms.ChoiceField(label=_("单位"))
    code = forms.RegexField(
        r"[A-Za-z0-9-]{1,32}", label=_("编码"), max_length=32, help_text=_("字母、数字和短横，印在班次号里")
    )
    name = forms.CharField(label=_("名称"), max_length=64)
    kind = forms.ChoiceField(label=_("类型"), choices=list(words.TILL_KINDS.items()))

    def __init__(self, *arguments: Any, units: Sequence[UnitNode], **named: Any) -> None:
        super().__init__(*arguments, **named)
        choices = [(unit.code, unit.name + in_brackets(unit.code)) for unit in units]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]


def face_name(face_fen: int) -> str:
    """A face value as people say it.

    >>> face_name(10_000), face_name(50), face_name(1)
    ('100 元', '0.5 元', '0.01 元')
    """
    return gettext("%(yuan)s 元") % {"yuan": format_scaled(face_fen, 2, trim=True)}
