"""Forms of the price area: a change of terms, and a bill to be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.tariffs.types import ContractTerms, TermsChange
from wandeng.interfaces.doorway.lists.bills import MonthField
from wandeng.interfaces.doorway.words import prices as words
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled, parse_scaled

HUNDREDTHS = ("running_capacity_ckva", "contract_demand_ckw", "household_shift_ckwh", "free_ckwh", "loss_active_ckwh")
CHOICES: dict[str, dict[int, Any]] = {"basic_method": words.BASIC_METHODS, "pf_standard": words.PF_STANDARDS}
Codes = Sequence[tuple[str, Any]]


class HundredthsField(forms.CharField):
    """A quantity with at most two decimals, held in hundredths."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_scaled(text, 2)
        except InvalidInput:
            raise forms.ValidationError(_("写成数字，最多两位小数。")) from None


class ChangeForm(forms.Form):
    """What of the terms changes from a day on; what is left as it is stays."""

    from_on = forms.DateField(label=_("自哪天起"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    price_code = forms.ChoiceField(label=words.TERMS["price_code"])

    def __init__(self, *arguments: Any, codes: Codes, now: ContractTerms, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._now = now
        self.fields["price_code"].choices = codes  # type: ignore[attr-defined]
        self.fields["price_code"].initial = now.price_code
        for name, options in CHOICES.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words.TERMS[name], choices=list(options.items()), coerce=int, initial=getattr(now, name)
            )
        for name in HUNDREDTHS:
            shown = format_scaled(getattr(now, name), 2, trim=True)
            self.fields[name] = HundredthsField(label=words.TERMS[name], initial=shown, max_length=20)
        self.fields["reason"] = forms.CharField(
            label=_("原因"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=_("写入操作日志")
        )

    def changes(self) -> TermsChange:
        """What differs from the terms that hold now."""
        before = asdict(self._now)
        names = ("price_code", *CHOICES, *HUNDREDTHS)
        found = {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] not in (None, before[name])}
        return cast(TermsChange, found)


class BillForm(forms.Form):
    """A month of one usage point, by price code and energy: what most people want to know of a bill."""

    code = forms.ChoiceField(label=_("电价"))
    month = MonthField(label=_("电费年月"))
    total = HundredthsField(label=_("总电量（kWh）"), max_length=20)
    sharp = HundredthsField(label=_("其中 尖（kWh）"), required=False, max_length=20)
    peak = HundredthsField(label=_("其中 峰（kWh）"), required=False, max_length=20)
    valley = HundredthsField(label=_("其中 谷（kWh）"), required=False, max_length=20, help_text=_("平 = 总 − 其余"))
    deep = HundredthsField(label=_("其中 深谷（kWh）"), required=False, max_length=20)
    reactive = HundredthsField(label=_("无功（kvarh）"), required=False, max_length=20)
    standard = forms.ChoiceField(
        label=_("力率标准"),
        required=False,
        choices=[("", _("不考核")), *((text, text) for text in ("0.80", "0.85", "0.90"))],
    )
    capacity = HundredthsField(label=_("运行容量（kVA）"), required=False, max_length=20)
    basic = forms.ChoiceField(
        label=_("基本电费方式"), required=False,
        choices=[("", _("不收")), ("capacity", _("按容量")), ("contract_demand", _("按合同需量")), ("actual_demand", _("按实际需量"))],
    )  # fmt: skip
    contract_demand = HundredthsField(label=_("合同需量（kW）"), required=False, max_length=20)
    demand = HundredthsField(label=_("实际最大需量（kW）"), required=False, max_length=20)
    household = HundredthsField(label=_("多人口每月加档（kWh）"), required=False, max_length=20)
    base = HundredthsField(
        label=_("本年此前已用（kWh）"), required=False, max_length=20, help_text=_("只对按年阶梯的电价有作用")
    )

    def __init__(self, *arguments: Any, codes: Codes, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["code"].choices = codes  # type: ignore[attr-defined]

    def case(self) -> dict[str, Any]:
        """The case as a trial calculation takes it: decimals as text, nothing that was left empty."""
        given = self.cleaned_data
        month = given["month"]
        registers = {name: _register(given[name]) for name in ("total", "sharp", "peak", "valley", "deep", "reactive")}
        reading = {
            "meter": str(_("电能表")),
            "multiplier": 1,
            **_filled(registers),
            **_filled({"demand_kw": _text(given["demand"])}),
        }
        terms = {
            "price": given["code"],
            "running_capacity_kva": _text(given["capacity"]),
            "basic_charge": given["basic"],
            "contract_demand_kw": _text(given["contract_demand"]),
            "power_factor_standard": given["standard"],
            "extra_tier_kwh": _text(given["household"]),
        }
        return {
            "territory": given["code"].partition(".")[0],
            "from_on": month.first.isoformat(),
            "to_on": month.next().first.isoformat(),
            "terms": [_filled(terms)],
            "readings": [reading],
            **_filled({"tier_base_kwh": _text(given["base"])}),
        }


def _text(hundredths: int | None) -> str:
    return "" if hundredths is None else format_scaled(hundredths, 2, trim=True)


def _register(hundredths: int | None) -> dict[str, str] | None:
    return None if hundredths is None else {"start": "0", "end": _text(hundredths)}


def _filled(facts: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if value not in ("", None)}
