"""Lists of outlets, of payment circles, of the settlements in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter, CharFilter, ChoiceFilter, NumberFilter

from wandeng.domains.outlets import queries
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import outlets as words


class OutletFilter(UnitFilterSet):
    """By code, name, kind, service."""

    code = CharFilter(label=_("网点编号"), lookup_expr="startswith", max_length=32)
    name = CharFilter(label=_("网点名称"), lookup_expr="icontains", max_length=64)
    kind = ChoiceFilter(label=_("网点类型"), choices=list(words.KINDS.items()))


class CircleFilter(UnitFilterSet):
    """By name of the scenario."""

    name = CharFilter(label=_("情景"), lookup_expr="icontains", max_length=64)


class ReachFilter(UnitFilterSet):
    """Of a circle, inside or not, what serves the village."""

    circle = NumberFilter(label=_("测算编号"), field_name="circle_id", min_value=1, max_value=2**53)
    is_inside = BooleanFilter(label=_("圈内"))
    area = ChoiceFilter(label=_("地区"), choices=list(words.AREAS.items()))
    served_by = ChoiceFilter(label=_("村村设点"), choices=list(words.SERVED.items()))
    name = CharFilter(label=_("居民点名称"), lookup_expr="icontains", max_length=64)


OUTLETS = ListDefinition(
    name="outlets",
    title=_("网点"),
    route="console:outlets",
    rows=lambda asking: queries.outlets_rows(asking.scope),
    key="id",
    order=("code", "id"),
    filters=OutletFilter,
    columns=(
        Column("code", _("网点编号"), Kind.CODE, link="console:outlet", link_by=("code",), is_sortable=True),
        Column("name", _("网点名称")),
        Column("kind", _("网点类型"), Kind.WORD, words=words.KINDS),
        Column("unit_name", _("单位")),
        Column("address", _("地址")),
        Column("public_phone", _("网点电话"), is_shown=False),
        Column("services", _("服务代码"), Kind.CODE, is_shown=False),
        Column("hours", _("营业时间代码"), Kind.CODE, is_shown=False),
        Column("open_on", _("节假日"), Kind.WORD, words=words.OPEN_ON, is_shown=False),
        Column("valid_from", _("启用日期"), Kind.DAY, is_sortable=True),
        Column("valid_to", _("停用日期"), Kind.DAY),
    ),
    empty=Empty(_("没有符合条件的网点"), _("导入网点。"), "console:imports-new", _("导入")),
)
CIRCLES = ListDefinition(
    name="payment-circles",
    title=_("缴费圈测算"),
    route="console:circles",
    rows=lambda asking: queries.circles_rows(asking.scope),
    key="id",
    order=("-id",),
    filters=CircleFilter,
    columns=(
        Column("id", _("测算编号"), Kind.CODE, link="console:circle", link_by=("id",)),
        Column("on", _("日期"), Kind.DAY, is_sortable=True),
        Column("unit_name", _("单位")),
        Column("name", _("情景")),
        Column("minutes", _("分钟"), Kind.INTEGER, is_shown=False),
        Column("outlets", _("网点数"), Kind.INTEGER),
        Column("people", _("人口"), Kind.INTEGER),
        Column("people_inside", _("圈内人口"), Kind.INTEGER, is_sortable=True),
        Column("customers", _("用电户数"), Kind.INTEGER, is_shown=False),
        Column("customers_outside", _("圈外户数"), Kind.INTEGER, is_sortable=True),
        Column("villages", _("行政村"), Kind.INTEGER, is_shown=False),
        Column("villages_without", _("没有网点的村"), Kind.INTEGER),
        Column("road_map_code", _("路网"), Kind.CODE, is_shown=False),
        Column("computed_at", _("测算时间"), Kind.MOMENT, is_shown=False),
        Column("computed_by", _("测算人"), Kind.CODE, is_shown=False),
    ),
    empty=Empty(
        _("还没有测算过缴费圈"),
        _("导入路网、居民点和网点，再测算。"),
        "console:circle-compute",
        _("测算"),
        makes_new=True,
    ),
)
REACHES = ListDefinition(
    name="circle-settlements",
    title=_("缴费圈居民点"),
    route="console:circle-settlements",
    rows=lambda asking: queries.reaches_rows(asking.scope),
    key="id",
    order=("-circle_id", "id"),
    filters=ReachFilter,
    columns=(
        Column("circle_id", _("测算编号"), Kind.CODE, link="console:circle", link_by=("open_circle_id",)),
        Column("code", _("居民点编号"), Kind.CODE, is_shown=False),
        Column("name", _("居民点名称")),
        Column("unit_name", _("单位")),
        Column("village", _("行政村编号"), Kind.CODE, is_shown=False),
        Column("area", _("地区"), Kind.WORD, words=words.AREAS),
        Column("people", _("人口"), Kind.INTEGER, is_sortable=True),
        Column("customers", _("用电户数"), Kind.INTEGER, is_sortable=True),
        Column("seconds", _("到网点（秒）"), Kind.INTEGER, is_sortable=True, none_last=True),
        Column("is_inside", _("圈内"), Kind.FLAG),
        Column("outlet_name", _("最近网点")),
        Column("outlet_code", _("网点编号"), Kind.CODE, is_shown=False),
        Column("served_by", _("村村设点"), Kind.WORD, words=words.SERVED, tones=words.SERVED_TONES),
    ),
    empty=Empty(_("没有符合条件的居民点"), _("先测算缴费圈。"), "console:circle-compute", _("测算")),
)
LISTS = (OUTLETS, CIRCLES, REACHES)
