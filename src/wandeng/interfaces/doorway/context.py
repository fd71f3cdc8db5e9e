"""What every template of every door sees."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def asking(request: HttpRequest) -> dict[str, Any]:
    """``asking`` (``None`` for nobody), ``now``, ``demo``."""
    who = getattr(request, "asking", None)
    return {"asking": who, "now": who.now if who else None, "demo": settings.DEMO}
