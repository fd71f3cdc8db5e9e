"""What was expected in a cell, in the reader's language. Findings say it in both at once: ``中文 (English)``."""

from __future__ import annotations

import re

_BOTH = re.compile(r"(?P<zh>.*?[\u4e00-\u9fff].*?)\s*\((?P<en>[^\u4e00-\u9fff]+)\)", re.DOTALL)
_SPLIT = re.compile(r"(?P<zh>.*[\u4e00-\u9fff，。：（）…])\s+(?P<en>[A-Za-z(][^\u4e00-\u9fff]*)", re.DOTALL)
_CHOICE = "之一 one of: "
_LABEL = re.compile(r"(?P<zh>[^、()]+) \((?P<en>[^()]*)\)")


def expected(text: str, language: str) -> str:
    """The part of an expectation in one language.

    >>> expected("日期，如 2026-01-31 (a date)", "zh-hans"), expected("日期，如 2026-01-31 (a date)", "en")
    ('日期，如 2026-01-31', 'a date')
    >>> expected("之一 one of: 城镇 (URBAN)、农村 (RURAL)", "zh-hans")
    '以下之一：城镇、农村'
    """
    english = language.startswith("en")
    if text.startswith(_CHOICE):
        words = _LABEL.sub("\\g<en>" if english else "\\g<zh>", text.removeprefix(_CHOICE))
        return f"one of {words.replace('、', ', ')}" if english else f"以下之一：{words}"
    found = _BOTH.fullmatch(text)
    if found is None:
        return text
    return found["en" if english else "zh"].strip()


def about(text: str, language: str) -> str:
    """The same for what a column is about, written one after the other: ``加密保存 stored sealed``."""
    both = expected(text, language)
    if both != text:
        return both
    found = _SPLIT.fullmatch(text)
    return found["en" if language.startswith("en") else "zh"] if found else text
