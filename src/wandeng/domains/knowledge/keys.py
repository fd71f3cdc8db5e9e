"""The forms an article is found by: words, initials and whole pinyin, each between bars so that beginnings can be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wandeng.infra.search import text as forms

BAR = "|"
MOST_SOUNDED = 40
"""Longer titles are found by the sound of their beginning; nobody spells out more."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What stands beside a version for finding it."""

    title: str
    words: str
    sounds: str
    text: str


def keys_of(code: str, shortcut: str, title: str, keywords: Iterable[str], text: str) -> Keys:
    """
    >>> keys_of("tiers", "", "阶梯电价", ["一户一表"], "第一档").sounds
    '|jtdj|jietidianjia|yhyb|yihuyibiao|'
    """
    written = [forms.key(one) for one in (title, *keywords)]
    sounded = [sound for one in written for sound in (forms.initials(one), forms.pinyin(one[:MOST_SOUNDED])) if sound]
    return Keys(
        title=written[0],
        words=_barred([forms.key(code), *([forms.key(shortcut)] if shortcut else []), *written]),
        sounds=_barred(sounded),
        text=forms.key(text),
    )


def asked(text: str) -> list[str]:
    """The words somebody asks for, in the form in which they are compared."""
    return [word for part in text.replace(BAR, " ").split() if (word := forms.key(part))]


def _barred(parts: Iterable[str]) -> str:
    return BAR + "".join(f"{part}{BAR}" for part in dict.fromkeys(part.replace(BAR, "") for part in parts))
