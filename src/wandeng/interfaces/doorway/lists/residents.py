"""The list of bindings: which resident holds or held which account."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter

from wandeng.domains.residents import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition, Rows
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import residents as words


class BindingFilter(UnitFilterSet):
    """By account, phone, how it was proved, whether it holds."""

    account_number = CharFilter(label=_("户号"), max_length=32)
    phone = CharFilter(label=_("登录手机"), max_length=20, method="of_phone")
    proof = ChoiceFilter(label=_("绑定方式"), choices=list(words.PROOFS.items()))
    is_held = BooleanFilter(label=_("绑定中"))

    def of_phone(self, rows: Rows, _name: str, phone: str) -> Rows:
        """Of the resident with a number: the whole of it, since only blind indexes are compared."""
        return queries.of_phone(rows, phone)


BINDINGS = ListDefinition(
    name="resident-bindings",
    title=_("自助用户"),
    route="console:residents",
    rows=lambda asking: queries.binding_rows(asking.scope),
    key="id",
    order=("-bound_at", "-id"),
    filters=BindingFilter,
    columns=(
        Column("resident_id", _("自助用户编号"), Kind.CODE, link="console:resident", link_by=("resident_id",)),
        Column("account_number", _("户号"), Kind.CODE, link="console:customers-detail", link_by=("account_number",)),
        Column("unit_name", _("单位")),
        Column("proof", _("绑定方式"), Kind.WORD, words=words.PROOFS),
        Column("is_held", _("绑定中"), Kind.FLAG),
        Column("bound_at", _("绑定时间"), Kind.MOMENT, is_sortable=True),
        Column("bound_by", _("绑定人"), Kind.CODE, is_shown=False),
        Column("ended_at", _("解绑时间"), Kind.MOMENT, is_sortable=True),
        Column("ended_by", _("解绑人"), Kind.CODE, is_shown=False),
        Column("seen_at", _("最近登录"), Kind.MOMENT, is_sortable=True),
    ),
    empty=Empty(_("没有符合条件的绑定"), _("居民在自助页面绑定户号后，列在这里。")),
)
LISTS = (BINDINGS,)
