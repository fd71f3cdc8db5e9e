"""Lists of the price area: who is priced by what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter

from wandeng.domains.tariffs import queries
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import Choices, ListFilterSet
from wandeng.interfaces.doorway.rule_names import rule_name
from wandeng.interfaces.doorway.words import prices as words


class TermsFilter(ListFilterSet):
    """By price code, day and account. Without a day, the terms that hold today."""

    code = ChoiceFilter(label=_("电价"), field_name="price_code", choices=[])
    on = DateFilter(
        label=_("哪一天有效"), method="in_force", widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不选时为今天"),
    )  # fmt: skip
    account = CharFilter(label=_("户号"), field_name="usage_point__account__account_number", max_length=20)
    all = ChoiceFilter(label=_("历史"), method="as_they_are", choices=[("1", _("含过去和将来的"))])

    def offered(self) -> Mapping[str, Choices]:
        codes = queries.codes(rulebook.library(), self.request.today)
        return {"code": [(one.code, rule_name(f"{one.territory_zh} {one.name_zh}")) for one in codes]}

    def filter_queryset(self, queryset: Rows) -> Rows:
        rows: Rows = super().filter_queryset(queryset)
        if self.asked.get("on") or self.asked.get("all"):
            return rows
        return self.in_force(rows, "on", self.request.today)

    def in_force(self, rows: Rows, _name: str, on: Any) -> Rows:
        return rows.filter(valid_from__lte=on, valid_to__gt=on)

    def as_they_are(self, rows: Rows, _name: str, _value: str) -> Rows:
        return rows


def _rows(asking: Asking) -> Rows:
    return queries.terms_rows(asking.scope)


TERMS = ListDefinition(
    name="price-assignments",
    title=_("执行电价"),
    route="console:prices-accounts",
    rows=_rows,
    key="id",
    order=("-id",),
    filters=TermsFilter,
    columns=(
        Column("account_number", _("户号"), Kind.CODE, link="console:prices-terms"),
        Column("account_name", _("户名")),
        Column("point_code", _("计量点"), Kind.CODE),
        Column("unit_code", _("单位"), Kind.CODE, is_shown=False),
        Column("price_code", _("电价码"), Kind.CODE, link="console:prices-code"),
        Column("valid_from", _("自"), Kind.DAY),
        Column("valid_to", _("至（不含）"), Kind.DAY),
        Column("running_capacity_ckva", _("运行容量（kVA）"), Kind.ENERGY, is_shown=False),
        Column("contract_demand_ckw", _("合同需量（kW）"), Kind.ENERGY, is_shown=False),
        Column(
            "pf_standard",
            _("力率标准"),
            Kind.WORD,
            is_shown=False,
            words={str(k): v for k, v in words.PF_STANDARDS.items()},
        ),
        Column("id", _("编号"), Kind.CODE, is_shown=False, is_sortable=True),
    ),
    empty=Empty(_("没有执行这个电价的计量点"), _("换个电价或日期。"), "console:prices-list", _("电价本")),
)

LISTS = (TERMS,)
