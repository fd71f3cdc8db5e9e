"""Words of the network: kinds of switches, positions, ownership, supply, importance of customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SWITCH_KINDS = {
    "BREAKER": _("断路器"),
    "LOAD_BREAK_SWITCH": _("负荷开关"),
    "DISCONNECTOR": _("隔离开关"),
    "FUSE": _("熔断器"),
}
POSITIONS = {"True": pgettext_lazy("switch", "分"), "False": pgettext_lazy("switch", "合")}
"""By ``is_open``: 分位 and 合位, as operators say them."""
POSITION_TONES = {"True": "warn", "False": "ok"}
OWNERSHIPS = {"PUBLIC": _("公变"), "CUSTOMER": _("专变")}
POINT_KINDS = {"LOAD": _("用电"), "SUBMETER": _("扣减"), "FEED_IN": _("上网"), "SUPPLY": _("考核")}
IMPORTANCES = {
    "": _("普通"),
    "SPECIAL": _("特级重要"),
    "FIRST": _("一级重要"),
    "SECOND": _("二级重要"),
    "TEMPORARY": _("临时重要"),
}
IMPORTANCE_TONES = {"SPECIAL": "late", "FIRST": "late", "SECOND": "warn", "TEMPORARY": "warn"}
STATES = {"current": _("当前方式"), "normal": _("正常方式")}
