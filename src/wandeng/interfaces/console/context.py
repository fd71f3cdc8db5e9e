"""What every page of the console shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.console.menu import menu_for

PRODUCT = _("万灯")


def desk(request: HttpRequest) -> dict[str, Any]:
    """``menu`` of the person who asks, ``brand``: the utility's name and logo, or the product's own."""
    asking = getattr(request, "asking", None)
    # Looked up when a template comes to them: a fragment shows neither.
    return {
        "menu": SimpleLazyObject(lambda: menu_for(asking, request.path) if asking else ()),
        "brand": SimpleLazyObject(_brand),
    }


def _brand() -> dict[str, Any]:
    brand = organization.brand()
    logo = reverse("console:brand-logo", args=[brand.logo_hash]) if brand.logo_hash else ""
    return {"name": brand.title or PRODUCT, "logo": logo, "version": ""}
