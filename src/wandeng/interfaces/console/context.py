"""What every page of the console shows around its content."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.menu import COOKIE, menu_for
from wandeng.interfaces.doorway.asking import Asking

PRODUCT = _("万灯")


def desk(request: HttpRequest) -> dict[str, Any]:
    """``menu`` of the person who asks; ``brand``, the utility's name and logo or the product's own; ``reveal_reasons``."""
    asking = getattr(request, "asking", None)
    # Looked up when a template comes to them: a fragment shows neither.
    return {
        "menu": SimpleLazyObject(lambda: _menu(request, asking) if asking else ""),
        "brand": SimpleLazyObject(lambda: _brand_of(asking.brand_mark) if asking else _brand_if_known()),
        "reveal_reasons": SimpleLazyObject(lambda: _reveal_reasons(asking) if asking else ()),
    }


def _menu(request: HttpRequest, asking: Asking) -> SafeString:
    return menu_for(asking.actor, request.path, request.COOKIES.get(COOKIE))


@lru_cache(maxsize=2)
def _brand_of(_mark: str) -> dict[str, Any]:
    """The brand as this process knows it: the door says with every request whether it is still the one that holds."""
    return _brand()


def _brand() -> dict[str, Any]:
    brand = organization.brand()
    logo = reverse("console:brand-logo", args=[brand.logo_hash]) if brand.logo_hash else ""
    return {"name": brand.title or PRODUCT, "logo": logo, "version": ""}


def _brand_if_known() -> dict[str, Any]:
    """The brand for anybody's page; the product's own while the database is down, since such a page is asked for then."""
    try:
        return _brand()
    except DatabaseError:
        return {"name": PRODUCT, "logo": "", "version": ""}


def _reveal_reasons(asking: Asking) -> tuple[str, ...]:
    """The reasons offered when a number is shown in the clear: the product's and the utility's own."""
    return _reasons((get_language() or "").startswith("en"), int(asking.now.timestamp()) // 60)


@lru_cache(maxsize=4)
def _reasons(english: bool, _minute: int) -> tuple[str, ...]:
    entries = organization.dictionary("reveal-reason")
    return tuple(entry.label_en if english else entry.label_zh for entry in entries)
