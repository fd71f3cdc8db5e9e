"""The menu: one table. A person sees the items whose routes the policy table lets them read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.doorway.asking import Asking

MENU: tuple[tuple[Any, tuple[tuple[Any, str], ...]], ...] = ((_("工作台"), ((_("首页"), "console:home"),)),)
"""(group, ((title, route), …)), in the order shown."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu; ``active`` when the page shown belongs to it."""

    title: Any
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A heading and its lines."""

    title: Any
    items: tuple[Item, ...]


def menu_for(asking: Asking, path: str) -> tuple[Group, ...]:
    """What this person may open, with the item marked whose address is the longest beginning of ``path``."""
    groups = [(title, [(name, reverse(route)) for name, route in items if asking.may(route)]) for title, items in MENU]
    here = max((url for _title, items in groups for _name, url in items if path.startswith(url)), key=len, default="")
    return tuple(
        Group(title, tuple(Item(name, url, url == here) for name, url in items)) for title, items in groups if items
    )
