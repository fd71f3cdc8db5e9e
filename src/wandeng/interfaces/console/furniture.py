"""Parts of a list that depend only on its columns, the address, the choices offered and the language: drawn once, and kept by the
process.

Nothing of a row or of a person may be among them: they are shown to whoever opens the same list in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import is_

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from wandeng.interfaces.doorway.lists.definition import Column

MOST = 512
"""So many are kept; then it begins anew. Addresses are many, the ones people open all day are few."""

_drawn: dict[tuple[Hashable, ...], tuple[tuple[Column, ...], SafeString]] = {}


def kept(what: tuple[Hashable, ...], columns: tuple[Column, ...], draw: Callable[[], SafeString]) -> SafeString:
    """What ``draw`` gives, kept under ``what`` and the reader's language as long as the columns are these very ones: a list made
    for one page may be called like another."""
    key = (*what, get_language())
    known = _drawn.get(key)
    if known is not None and len(known[0]) == len(columns) and all(map(is_, known[0], columns)):
        return known[1]
    if len(_drawn) >= MOST:
        _drawn.clear()
    made = draw()
    _drawn[key] = columns, made
    return made
