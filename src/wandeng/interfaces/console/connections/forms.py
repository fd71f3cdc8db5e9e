"""Forms of a connection: who surveys and leads, where to look, which sources, by which price, what became of a need."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wandeng.domains.connections.types import Position, SourceWanted, SupplyTerms
from wandeng.interfaces.doorway.words import connections as words

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_E6 = Decimal(1_000_000)


class AppointForm(forms.Form):
    """The surveyor whom the customer chose, and the project manager."""

    surveyor = forms.ChoiceField(label=_("勘查员（客户选择）"), required=False)
    manager = forms.CharField(label=_("项目经理工号"), required=False, max_length=64)

    def __init__(self, *arguments: Any, surveyors: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        chosen = forms.ChoiceField(label=_("勘查员（客户选择）"), required=False,
                                   choices=[("", "–"), *((code, f"{name} {code}") for code, name in surveyors)])  # fmt: skip
        self.fields["surveyor"] = chosen
        self.order_fields(["surveyor", "manager"])


class DraftForm(forms.Form):
    """Where the premises stand: degrees, or words of the place."""

    longitude = forms.DecimalField(
        label=_("经度"), required=False, min_value=-180, max_value=180, max_digits=9, decimal_places=6
    )
    latitude = forms.DecimalField(
        label=_("纬度"), required=False, min_value=-90, max_value=90, max_digits=8, decimal_places=6
    )
    address = forms.CharField(label=_("村、小区或道路"), required=False, max_length=128)

    def position(self) -> Position | None:
        """The place, when both its numbers were given."""
        east, north = self.cleaned_data["longitude"], self.cleaned_data["latitude"]
        return None if east is None or north is None else Position(int(east * _E6), int(north * _E6))


class ChooseForm(forms.Form):
    """A candidate, and the boundary of ownership where the usual words do not fit."""

    place = forms.IntegerField(min_value=1, max_value=99, widget=forms.HiddenInput)
    boundary = forms.CharField(label=_("产权分界点"), required=False, max_length=200)


class SourceForm(forms.Form):
    """One source of a high-voltage supply."""

    feeder_code = forms.CharField(label=_("馈线编号"), max_length=64)
    capacity = forms.DecimalField(label=_("容量（kVA）"), min_value=1, max_digits=10, decimal_places=2)
    boundary = forms.CharField(label=_("产权分界点"), max_length=200)
    is_interlocked = forms.BooleanField(label=_("备用，与主供联锁"), required=False)

    def source(self) -> SourceWanted:
        """The source as it was typed."""
        given = self.cleaned_data
        return SourceWanted(
            given["feeder_code"],
            int(given["capacity"] * 100),
            given["boundary"],
            is_interlocked=given["is_interlocked"],
        )


class TermsForm(forms.Form):
    """Price and terms of the connection."""

    price_code = forms.ChoiceField(label=_("执行电价"))
    basic_method = forms.TypedChoiceField(label=_("基本电费"), choices=list(words.METHODS.items()), coerce=int)
    contract_demand = forms.IntegerField(label=_("合同需量（kW）"), required=False, min_value=0, max_value=10_000_000)
    pf_standard = forms.TypedChoiceField(
        label=_("力率标准"), choices=[(0, "–"), (80, "0.80"), (85, "0.85"), (90, "0.90")], coerce=int
    )
    route_code = forms.CharField(
        label=_("抄表段"), required=False, max_length=32, help_text=_("不填则与同台区其他用户相同")
    )

    def __init__(self, *arguments: Any, prices: Sequence[tuple[str, str]] = (), **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["price_code"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(prices)

    def terms(self) -> SupplyTerms:
        """The terms as they were typed."""
        given = self.cleaned_data
        return SupplyTerms(
            given["price_code"], given["basic_method"], (given["contract_demand"] or 0) * 100, given["pf_standard"],
            given["route_code"],
        )  # fmt: skip


class NeedForm(forms.Form):
    """When a reinforcement is planned or was done."""

    planned_on = forms.DateField(label=_("计划日期"), required=False, widget=_DAY)
    done_on = forms.DateField(label=_("完成日期"), required=False, widget=_DAY)
    note = forms.CharField(label=_("说明"), max_length=500)
