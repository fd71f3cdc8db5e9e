"""The approved texts in the memory of a process (知识架), as they are looked through while somebody waits on the telephone.

Five thousand articles are ten megabytes; to look through them here takes a fraction of what any database takes, and the same on
both. Which set of texts a process holds is told by a mark that stands in the database and is drawn anew, in the same
transaction, whenever a text begins or ceases to count: the mark is asked at each search, the texts are read when it is another.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from wandeng.domains.knowledge import keys
from wandeng.domains.knowledge.models import ArticlePlace, ArticleVersion, KnowledgeShelf
from wandeng.infra.statements import Reading

IN_TEXT, NOT_AT_ALL = 8, 9


@dataclass(frozen=True, slots=True)
class Held:
    """An approved version with the forms it is found by. ``processes``: where it belongs, an empty one for everywhere."""

    version: int
    article: int
    code: str
    shortcut: str
    kind: str
    valid_from: date
    closed_on: date | None
    title: str
    words: str
    sounds: str
    text: str
    processes: frozenset[str]

    def fit(self, word: str) -> int:
        """How well it fits a word, the best first: code or shortcut 0, the whole title 1, a whole keyword 2, the beginning of
        the title 3, in the title 4, in the keywords 5, the beginning of its initials or pinyin 6, in these 7, else 9."""
        bar = keys.BAR
        if word in (self.code, self.shortcut):
            return 0
        if word in self.words:
            if word == self.title:
                return 1
            if f"{bar}{word}{bar}" in self.words:
                return 2
            if word in self.title:
                return 3 if self.title.startswith(word) else 4
            return 5
        if _may_sound(word) and word in self.sounds:
            return 6 if f"{bar}{word}" in self.sounds else 7
        return NOT_AT_ALL


@dataclass(frozen=True, slots=True)
class Shelf:
    """All approved versions, those of an article in order of their days."""

    mark: str
    versions: tuple[tuple[Held, ...], ...]

    days: dict[date, tuple[Held, ...]] = field(default_factory=dict)

    def in_force(self, on: date) -> tuple[Held, ...]:
        """The versions that hold on a day, one an article at most; told once for each of the last days asked for."""
        found = self.days.get(on)
        if found is None:
            if len(self.days) >= _MOST_DAYS:
                self.days.clear()
            found = self.days[on] = tuple(self._in_force(on))
        return found

    def _in_force(self, on: date) -> Iterator[Held]:
        for versions in self.versions:
            held = next((one for one in reversed(versions) if one.valid_from <= on), None)
            if held and (held.closed_on is None or held.closed_on > on):
                yield held


def shelf() -> Shelf:
    """The shelf as the database has it now."""
    found = _MARK.first()
    mark = found[0] if found else ""
    kept = _KEPT.get("shelf")
    if kept is None or not mark or kept.mark != mark:
        # One thread reads, the others wait for it: each copy is as large as all texts together.
        with _READS:
            kept = _KEPT.get("shelf")
            if kept is None or not mark or kept.mark != mark:
                kept = _KEPT["shelf"] = Shelf(mark, tuple(_read()))
    return kept


def changed() -> None:
    """A text begins or ceases to count: draw another mark, in the caller's transaction."""
    KnowledgeShelf.objects.update_or_create(pk=1, defaults={"mark": secrets.token_hex(8)})


def fitting(held: Sequence[Held], words: Sequence[str]) -> dict[int, int]:
    """Version → how well it fits all of the words (the worst of its words' fits); those that do not are left out."""
    left, found = list(held), dict.fromkeys((one.version for one in held), 0)
    for word in words:
        # Most hold a word nowhere: that is asked of all at once, how well it fits only of the others.
        sounds = _may_sound(word)
        left = [one for one in left if word in one.words or (sounds and word in one.sounds)]
        found = {one.version: max(found[one.version], one.fit(word)) for one in left}
    return found


def in_text(held: Sequence[Held], words: Sequence[str]) -> Iterator[Held]:
    """Versions that hold each of the words somewhere: in the text, or, where there are several, in the short forms."""
    if len(words) == 1:
        word = words[0]
        return iter([one for one in held if word in one.text])
    return (one for one in held if all(word in one.text or one.fit(word) < NOT_AT_ALL for word in words))


def _may_sound(word: str) -> bool:
    return word.isascii() and not word.isdigit()


_MARK: Reading[tuple[str]] = Reading(lambda: KnowledgeShelf.objects.filter(pk=1).values_list("mark"))
_KEPT: dict[str, Shelf] = {}
_MOST_DAYS = 3
_READS = threading.Lock()


def _read() -> Iterator[tuple[Held, ...]]:
    places: dict[int, set[str]] = {}
    for version, process in ArticlePlace.objects.values_list("version_id", "process"):
        places.setdefault(version, set()).add(process)
    rows = ArticleVersion.objects.filter(state="APPROVED").order_by("article_id", "valid_from")
    columns = (
        "pk", "article_id", "article__code", "article__shortcut", "article__kind", "valid_from", "article__closed_on",
        "keys__title", "keys__words", "keys__sounds", "text_key",
    )  # fmt: skip
    by_article: dict[int, list[Held]] = {}
    for row in rows.values_list(*columns):
        by_article.setdefault(row[1], []).append(Held(*row, frozenset(places.get(row[0], ()))))  # type: ignore[call-arg]
    for versions in by_article.values():
        yield tuple(versions)
