"""What every page of the console shows around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from wandeng.interfaces.console.menu import menu_for

NEUTRAL = {"name": _("万灯"), "logo": "", "version": ""}


def desk(request: HttpRequest) -> dict[str, Any]:
    """``menu`` of the person who asks, ``brand``."""
    asking = getattr(request, "asking", None)
    return {"menu": menu_for(asking, request.path) if asking else (), "brand": NEUTRAL}
