"""The words for codes (states, classes, kinds), one module an area: code → what people call it. Chinese in the source."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module
from typing import Any


def tables() -> list[tuple[str, str, list[tuple[str, Any]]]]:
    """Every table of words: area, name, and its codes with their words; tables of tones are none."""
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda one: one.name):
        for name, table in vars(import_module(f"{__name__}.{module.name}")).items():
            if name.isupper() and isinstance(table, Mapping) and not name.endswith("TONES"):
                entries = [
                    (code, word)
                    for code, word in table.items()
                    if isinstance(code, str) and code and code.isascii() and not isinstance(word, Mapping)
                ]
                if entries:
                    found.append((module.name, name, entries))
    return found
