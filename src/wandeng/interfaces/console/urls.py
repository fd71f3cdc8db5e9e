"""All addresses of the console, area by area."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from django.urls import URLPattern, URLResolver, path
from django.urls.resolvers import RoutePattern

from wandeng.interfaces.console import __path__ as folders

app_name = "console"


def areas() -> list[URLPattern]:
    """The ``urlpatterns`` of every area's ``urls`` module."""
    found: list[URLPattern] = []
    for area in pkgutil.iter_modules(folders):
        if area.ispkg and area.name != "tests":
            found += import_module(f"{__package__}.{area.name}.urls").urlpatterns
    return found


def _by_first_part(patterns: list[URLPattern]) -> list[URLPattern | URLResolver]:
    """The same addresses, those that begin alike under one roof: the framework tries one after another, and with hundreds in a row
    looking for the page would take longer than asking who wants it."""
    roofs: dict[str, list[URLPattern]] = {}
    for one in patterns:
        first, slash, _rest = str(one.pattern).partition("/")
        assert "<" not in first, f"{one.pattern}: the first part of an address is a word"
        roofs.setdefault(first + slash, []).append(one)
    return [one for first, below in roofs.items() for one in ([_roof(first, below)] if len(below) > 1 else below)]


def _roof(first: str, below: list[URLPattern]) -> URLResolver:
    rests = [path(str(one.pattern).removeprefix(first), one.callback, one.default_args, one.name) for one in below]
    return URLResolver(RoutePattern(first, is_endpoint=False), rests)


urlpatterns = _by_first_part(areas())
