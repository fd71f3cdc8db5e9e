"""Finds the sentence of the reader's language for a sentence of the product, and carries its values over.

``<language>/*.toml`` maps an English sentence with named places to the other language's; ``words.toml`` beside them
translates codes that stand in places. Where several sentences fit, the one with the most literal text wins.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wandeng.kernel.money import format_scaled

HOME = Path(__file__).parent
WORDS_FILE = "words.toml"
_PLACE = re.compile(r"\{([a-z_0-9]+)(?:\|([a-z_]+))?\}")
_LISTED = re.compile(r"(, | or )")
_LIST_MARKS = {", ": "、", " or ": "或"}

Words = Mapping[str, str]


@dataclass(frozen=True)
class Entry:
    """One sentence in both languages; ``literal`` is how many characters of the first are not values."""

    english: str
    told: str
    shape: re.Pattern[str]
    literal: int


@lru_cache(maxsize=4)
def entries(language: str) -> tuple[Entry, ...]:
    """All sentences of a language, those with the most literal text first."""
    known = words(language)
    read = [_entry(english, told, known) for english, told in sentences(language).items()]
    return tuple(sorted(read, key=lambda entry: -entry.literal))


def sentences(language: str) -> dict[str, str]:
    """English → the other language, of all files.

    Raises ``ValueError`` for a sentence that stands in two files.
    """
    found: dict[str, str] = {}
    for path in sorted((HOME / language).glob("*.toml")):
        if path.name != WORDS_FILE:
            read: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
            twice = found.keys() & read.keys()
            if twice:
                raise ValueError(f"{path.name}: told before: {', '.join(sorted(twice))}")
            found |= read
    return found


@lru_cache(maxsize=4)
def words(language: str) -> Mapping[str, Words]:
    """Table → code → word."""
    read: dict[str, Words] = tomllib.loads((HOME / language / WORDS_FILE).read_text(encoding="utf-8"))
    return read


def shape(template: str) -> str:
    """A sentence without the names of its places: two with the same shape are the same sentence."""
    return _PLACE.sub("{}", template)


def places(template: str) -> list[str]:
    """The names of the places of a sentence, in order."""
    return [found[1] for found in _PLACE.finditer(template)]


def tables(template: str) -> list[str]:
    """The tables of words that the places of a sentence ask for."""
    return [found[2] for found in _PLACE.finditer(template) if found[2]]


def _entry(english: str, told: str, known: Mapping[str, Words]) -> Entry:
    parts = _PLACE.split(english)
    # Split gives literal, name, table, literal, …: every third is literal.
    literals = parts[::3]
    asked = {found[1]: found[2] for found in _PLACE.finditer(told) if found[2]}
    pattern = "".join(
        re.escape(literal) + (f"(?P<{name}>{_choices(known.get(asked.get(name, ''), {}))}.*?)" if name else "")
        for literal, name in zip(literals, [*parts[1::3], ""], strict=True)
    )
    return Entry(english, told, re.compile(pattern, re.DOTALL), sum(map(len, literals)))


def _choices(known: Words) -> str:
    """What a place most likely holds: "bill run 12" is a bill run and its number, not a bill and "run 12"."""
    return "".join(f"{re.escape(code)}|" for code in sorted(known, key=len, reverse=True))


def told(sentence: str, language: str, extra: Mapping[str, Words], converters: Mapping[str, Converter]) -> str | None:
    """The sentence in the reader's language; ``None`` when nobody has written it. ``extra`` are tables of words besides
    those of the file, ``converters`` functions that places may name like tables."""
    for entry in entries(language):
        found = entry.shape.fullmatch(sentence)
        if found:
            return _filled(entry.told, found.groupdict(), {**words(language), **extra}, converters)
    return None


def _filled(
    template: str, values: Mapping[str, str], known: Mapping[str, Words], converters: Mapping[str, Converter]
) -> str:
    def value(place: re.Match[str]) -> str:
        text, table = values[place[1]], place[2]
        if not table:
            return listed(text, {})
        return converters[table](text) if table in converters else listed(text, known[table])

    return _PLACE.sub(value, template)


def listed(text: str, known: Words) -> str:
    """A value, or each of a list of values, by its word.

    >>> listed("DRAFT or SIGNED", {"DRAFT": "草稿"})
    '草稿或SIGNED'
    """
    if text in known:
        return known[text]
    parts = _LISTED.split(text)
    if not known or len(parts) == 1:
        return text
    return "".join(_LIST_MARKS.get(part, known.get(part, part)) for part in parts)


def hundredths(text: str) -> str:
    """0.01 of a unit as people write the unit.

    >>> hundredths("123456")
    '1234.56'
    """
    return format_scaled(int(text), 2) if text.lstrip("-").isdigit() else text


Converter = Callable[[str], str]
