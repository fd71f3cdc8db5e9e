"""All addresses of the console, area by area."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from django.urls import URLPattern, URLResolver

from wandeng.interfaces.console import __path__ as folders

app_name = "console"


def _areas() -> list[URLPattern | URLResolver]:
    """The ``urlpatterns`` of every area's ``urls`` module."""
    found: list[URLPattern | URLResolver] = []
    for area in pkgutil.iter_modules(folders):
        if area.ispkg and area.name != "tests":
            found += import_module(f"{__package__}.{area.name}.urls").urlpatterns
    return found


urlpatterns = _areas()
