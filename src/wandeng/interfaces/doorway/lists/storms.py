"""Lists of storms: storm modes, generators."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter

from wandeng.domains.emergency.queries import announcing, generators, resupplying
from wandeng.domains.emergency.queries.generators import Rows
from wandeng.interfaces.doorway.lists.definition import Column, Empty, Kind, ListDefinition
from wandeng.interfaces.doorway.lists.within import UnitFilterSet
from wandeng.interfaces.doorway.words import storm as words


class StormFilter(UnitFilterSet):
    """By state."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.STORM_STATES.items()))


class GeneratorFilter(UnitFilterSet):
    """By state."""

    state = ChoiceFilter(label=_("状态"), choices=list(words.GENERATOR_STATES.items()))


class RatingFilter(UnitFilterSet):
    """By feeder, and by whether it is known what a switch may carry."""

    feeder = CharFilter(label=_("馈线编码"), field_name="feeder_code")
    rated = ChoiceFilter(label=_("资料"), method="known", choices=[("yes", _("有资料")), ("no", _("缺资料"))])

    def known(self, rows: Rows, _name: str, which: str) -> Rows:
        return rows.filter(is_rated=which == "yes")


STORMS = ListDefinition(
    name="storms",
    title=_("风暴模式记录"),
    route="console:storm-storms",
    rows=lambda asking: announcing.storms_rows(asking.scope),
    key="id",
    order=("-started_at", "id"),
    filters=StormFilter,
    columns=(
        Column("unit_name", _("单位")),
        Column("state", _("状态"), Kind.WORD, words=words.STORM_STATES),
        Column("reason", _("启动原因")),
        Column("announcement", _("话务公告")),
        Column("started_at", _("启动时间"), Kind.MOMENT, is_sortable=True),
        Column("started_by", _("启动人"), is_shown=False),
        Column("ended_at", _("解除时间"), Kind.MOMENT),
        Column("end_reason", _("解除原因"), is_shown=False),
    ),
    empty=Empty(_("没有启动过风暴模式"), _("大面积停电时，在风暴看板启动。")),
)
GENERATORS = ListDefinition(
    name="generators",
    title=_("应急发电车"),
    route="console:storm-generator-list",
    rows=lambda asking: generators.generators_rows(asking.scope),
    key="id",
    order=("code", "id"),
    filters=GeneratorFilter,
    columns=(
        Column("code", _("编号"), Kind.CODE),
        Column("name", _("名称")),
        Column("unit_name", _("单位")),
        Column("capacity_ckva", _("容量（0.01 kVA）"), Kind.INTEGER, is_sortable=True),
        Column("state", _("状态"), Kind.WORD, words=words.GENERATOR_STATES),
        Column("account_number", _("派往户号"), Kind.CODE),
        Column("need_ckva", _("需要（0.01 kVA）"), Kind.INTEGER, is_shown=False),
    ),
    empty=Empty(_("没有登记应急发电车"), _("先登记，再派往停电的重要用户。")),
)
RATINGS = ListDefinition(
    name="switch-ratings",
    title=_("开关载流能力"),
    route="console:storm-ratings",
    rows=lambda asking: resupplying.ratings_rows(asking.scope),
    key="code",
    order=("code",),
    filters=RatingFilter,
    columns=(
        Column("code", _("编码"), Kind.CODE, is_sortable=True, link="console:network-switch"),
        Column("name", _("名称")),
        Column("is_rated", _("资料"), Kind.WORD, words=words.RATED, tones=words.RATED_TONES),
        Column("may_ckva", _("允许负荷（kVA）"), Kind.QUANTITY, is_sortable=True),
        Column("document", _("依据")),
        Column("feeder_name", _("馈线"), link="console:network-feeder", link_by=("feeder_code",)),
        Column("feeder_code", _("馈线编码"), Kind.CODE, is_shown=False),
        Column("unit_name", _("单位")),
        Column("noted_at", _("登记时间"), Kind.MOMENT, is_shown=False),
        Column("noted_by", _("登记人"), is_shown=False),
    ),
    empty=Empty(_("没有开关"), _("先导入电网。")),
)
LISTS = (STORMS, GENERATORS, RATINGS)
