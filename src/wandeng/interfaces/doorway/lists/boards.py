"""Lists of community boards and of the cards of people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter

from wandeng.domains.boards import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import boards as words


class BoardFilter(UnitFilterSet):
    """By place, state, what is shown."""

    place = CharFilter(label=_("公示地点"), lookup_expr="icontains", max_length=64)
    state = ChoiceFilter(label=_("状态"), choices=list(words.STATES.items()))
    shows_arrears = BooleanFilter(label=_("显示欠费"))
    is_seen = BooleanFilter(label=_("屏幕已打开过"), field_name="seen_at", lookup_expr="isnull", exclude=True)


class CardFilter(UnitFilterSet):
    """By name."""

    name = CharFilter(label=_("姓名"), lookup_expr="icontains", max_length=64)
    has_photo = BooleanFilter(label=_("有照片"))


BOARDS = ListDefinition(
    name="community-boards",
    title=_("公示栏"),
    route="console:boards",
    rows=lambda asking: queries.boards_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=BoardFilter,
    columns=(
        Column("id", _("公示栏编号"), Kind.CODE, link="console:board", link_by=("id",), is_sortable=True),
        Column("place", _("公示地点")),
        Column("area_code", _("台区编号"), Kind.CODE),
        Column("unit_name", _("单位")),
        Column("keeper_name", _("指定负责人"), is_shown=False),
        Column("state", _("状态"), Kind.WORD, words=words.STATES, tones=words.TONES),
        Column("shows_arrears", _("显示欠费"), Kind.FLAG),
        Column("made_at", _("设立时间"), Kind.MOMENT, is_sortable=True),
        Column("made_by", _("设立人"), Kind.CODE, is_shown=False),
        Column("printed_at", _("上次打印"), Kind.MOMENT, is_sortable=True, none_last=True),
        Column("seen_at", _("屏幕上次打开"), Kind.MOMENT, is_sortable=True, none_last=True),
        Column("handle", _("公示栏地址"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("还没有公示栏"), _("按台区或小区设立。"), "console:boards-manage", _("设立公示栏"), makes_new=True),
)
CARDS = ListDefinition(
    name="service-cards",
    title=_("服务名片"),
    route="console:service-cards",
    rows=lambda asking: queries.cards_rows(asking.scope),
    key="id",
    order=("code", "id"),
    filters=CardFilter,
    columns=(
        Column("code", _("工号"), Kind.CODE, link="console:service-card", link_by=("code",), is_sortable=True),
        Column("name", _("姓名")),
        Column("unit_name", _("单位")),
        Column("title", _("职务")),
        Column("phone", _("公示电话"), Kind.CODE),
        Column("has_photo", _("有照片"), Kind.FLAG),
        Column("set_at", _("登记时间"), Kind.MOMENT),
        Column("set_by", _("登记人"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(_("还没有服务名片"), _("在公示栏的责任人处登记。"), "console:boards", _("公示栏")),
)
LISTS = (BOARDS, CARDS)
