"""English names of what rule files name in Chinese: themselves, bill items, price codes, territories, fault cases, holidays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.words import rules as words


def rule_name(name: object) -> str:
    """A Chinese name out of a rule file as the reader's language has it; what has no English stays as the file says it.

    Names are looked up in this order: the file's own ``name_en`` or ``title_en``, a territory before the rest, then the words of the house.
    """
    text = "" if name is None else str(name)
    if not (get_language() or "").startswith("en"):
        return text
    names = _english()
    if text in names:
        return names[text]
    place, _space, rest = text.partition(" ")
    if rest and place in names:
        return f"{names[place]}: {rule_name(rest)}"
    return str(words.NAMES.get(text, text))


@lru_cache(maxsize=1)
def _english() -> Mapping[str, str]:
    """Chinese to English of every pair in the loaded files, read once a process."""
    library = rulebook.library()
    names = {one.name_zh: one.name_en for one in library.territories.values()}
    for versions in library.shelf.values():
        for version in versions:
            names |= dict(_pairs(version.body.model_dump()))
    return names


def _pairs(body: Any) -> Iterator[tuple[str, str]]:
    if isinstance(body, Mapping):
        for what in ("name", "title"):
            if body.get(f"{what}_zh") and body.get(f"{what}_en"):
                yield body[f"{what}_zh"], body[f"{what}_en"]
        for part in body.values():
            yield from _pairs(part)
    elif isinstance(body, list | tuple):
        for part in body:
            yield from _pairs(part)
