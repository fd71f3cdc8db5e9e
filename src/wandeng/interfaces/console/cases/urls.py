"""Addresses of cases: the ``urlpatterns`` of every module of this area whose name ends in ``_urls``."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from django.urls import URLPattern

from wandeng.interfaces.console.cases import __path__ as folder

urlpatterns: list[URLPattern] = [
    route
    for module in pkgutil.iter_modules(folder)
    if module.name.endswith("_urls")
    for route in import_module(f"{__package__}.{module.name}").urlpatterns
]
