"""Lists of the ledger."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.ledger import queries
from wandeng.domains.purchases import queries as purchases
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.bills import MonthFilter
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.words import ledger as words
from wandeng.kernel.periods import Month


class EntryFilter(ListFilterSet):
    """By accounting month, kind and business key."""

    month = MonthFilter(label=_("记账月份"), method="of_month")
    kind = ChoiceFilter(label=_("业务类型"), choices=list(words.KINDS.items()))
    key = CharFilter(label=_("业务键"), field_name="biz_key", lookup_expr="startswith", max_length=128)
    unit = CharFilter(label=_("单位编码"), field_name="unit__code", max_length=32)

    def of_month(self, rows: Rows, _name: str, month: Month) -> Rows:
        return rows.filter(month=str(month))


def _entries(asking: Asking) -> Rows:
    return queries.entry_rows(asking.scope)


ENTRIES = ListDefinition(
    name="ledger-entries",
    title=_("记账凭证"),
    route="console:ledger-entries",
    rows=_entries,
    key="id",
    order=("-id",),
    filters=EntryFilter,
    columns=(
        Column("id", _("凭证号"), Kind.CODE, link="console:ledger-entry"),
        Column("month", _("记账月份"), Kind.CODE),
        Column("unit_name", _("单位")),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("kind", _("业务类型"), Kind.WORD, words=words.KINDS),
        Column("biz_key", _("业务键"), Kind.CODE),
        Column("posted_at", _("记账时间"), Kind.MOMENT),
        Column("actor", _("记账人"), Kind.CODE),
    ),
    empty=Empty(
        _("没有符合条件的凭证"), _("电费发行、收费之后，这里有记账凭证。"), "console:ledger-balance", _("看科目余额")
    ),
)


class PurchaseFilter(ListFilterSet):
    """By month, source and supplier."""

    month = MonthFilter(label=_("月份"), method="of_month")
    source = ChoiceFilter(
        label=_("购电来源"), choices=[(code, word) for code, word in words.SOURCES.items() if code != "FEED_IN"]
    )
    supplier = CharFilter(label=_("供电方"), lookup_expr="icontains", max_length=64)
    current = ChoiceFilter(label=_("状态"), method="as_it_stands", choices=[("1", _("当前")), ("0", _("已更正"))])

    def of_month(self, rows: Rows, _name: str, month: Month) -> Rows:
        return rows.filter(month=str(month))

    def as_it_stands(self, rows: Rows, _name: str, value: str) -> Rows:
        return rows.filter(is_current=value == "1")


def _purchases(asking: Asking) -> Rows:
    return purchases.purchase_rows(asking.scope)


PURCHASES = ListDefinition(
    name="purchases",
    title=_("购电结算"),
    route="console:ledger-purchases",
    rows=_purchases,
    key="id",
    order=("-month", "-id"),
    filters=PurchaseFilter,
    columns=(
        Column("month", _("月份"), Kind.CODE),
        Column("unit_name", _("单位")),
        Column("unit_code", _("单位编码"), Kind.CODE, is_shown=False),
        Column("source", _("购电来源"), Kind.WORD, words=words.SOURCES),
        Column("supplier", _("供电方"), link="console:ledger-purchase-correct", link_by=("id",)),
        Column("energy_ckwh", _("电量（千瓦时）"), Kind.ENERGY),
        Column("amount_fen", _("金额"), Kind.MONEY),
        Column("document_number", _("结算单号"), Kind.CODE),
        Column("is_current", _("当前"), Kind.FLAG),
        Column("reason", _("更正原因"), is_shown=False),
        Column("recorded_at", _("登记时间"), Kind.MOMENT, is_shown=False),
        Column("recorded_by", _("登记人"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(
        _("没有符合条件的购电结算"), _("逐笔登记，或导入结算文件。"), "console:ledger-purchase-new", _("登记购电")
    ),
)
LISTS = (ENTRIES, PURCHASES)
