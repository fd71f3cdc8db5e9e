"""Residents of a demonstration (演示居民): by which number each logs in, what is to be seen there, and in which version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class DemoResident:
    """Somebody whom a demonstration's login page offers."""

    phone: str
    told: Any
    is_elder: bool = False


FAMILY = DemoResident("13800001001", _("两处住房：一处分时电价"))
BEHIND = DemoResident("13800001002", _("有电费没交"))
DARK = DemoResident("13800001003", _("家里没电，已经报修"))
ELDER = DemoResident("13800001004", _("长辈，用大字版"), is_elder=True)
ALL = (FAMILY, BEHIND, DARK, ELDER)
