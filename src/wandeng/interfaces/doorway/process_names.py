"""What kinds of cases, their steps, stages, classes and the like are called: words that stand in the definitions.

A definition may be added or changed while the product runs, so these words are looked up when they are shown. Where the
versions of a process call the same code differently, the newest says it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from django.conf import settings
from django.utils.translation import get_language

from wandeng.domains.cases.types import Charter
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.library import ProcessLibrary

Pair = tuple[str, str]
"""Chinese, English."""
Pairs = Callable[[ProcessDefinition], Iterator[tuple[str, Pair]]]


def worded(chinese: str, english: str) -> str:
    """A word of a definition in the reader's language."""
    return english if (get_language() or "").startswith("en") else chinese


class Names(Mapping[str, str]):
    """Code → word in the reader's language, told from every definition there is."""

    def __init__(self, pairs: Pairs) -> None:
        self._pairs = pairs

    def __getitem__(self, code: str) -> str:
        return worded(*self._all()[code])

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, Pair]:
        return _read(self._pairs, _Same(_library(str(settings.HOME), int(time.monotonic()))))


@lru_cache(maxsize=1)
def _library(_home: str, _second: int) -> ProcessLibrary:
    """The definitions, looked at once a second at most: a page has hundreds of words, and each look asks for the time of
    every file."""
    return Charter.current().processes


class _Same:
    """A library by its identity: one that was loaded anew is another."""

    def __init__(self, library: ProcessLibrary) -> None:
        self.library = library

    def __hash__(self) -> int:
        return id(self.library)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.library is self.library


@lru_cache(maxsize=32)
def _read(pairs: Pairs, same: _Same) -> dict[str, Pair]:
    versions = [version.body for of_one in same.library.shelf.values() for version in of_one]
    return dict(pair for body in versions for pair in pairs(body))


def _kinds(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    yield body.process, (body.title_zh, body.title_en)


def _steps(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.steps:
        yield f"{body.process}/{one.code}", (one.name_zh, one.name_en)


def _stages(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.stages:
        yield f"{body.process}/{one.code}", (one.name_zh, one.name_en)


def _clocks(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.clocks:
        yield f"{body.process}/{one.code}", (one.name_zh, one.name_en)


def _pauses(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.pauses:
        yield f"{body.process}/{one.code}", (one.name_zh, one.name_en)


def _urgencies(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.urgency.values if body.urgency else ():
        yield one.code, (one.name_zh, one.name_en)


def _grades(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.grades.values if body.grades else ():
        yield one.code, (one.name_zh, one.name_en)


def _results(body: ProcessDefinition) -> Iterator[tuple[str, Pair]]:
    for one in body.closing.results:
        yield f"{body.process}/{one.code}", (one.name_zh, one.name_en)


KINDS = Names(_kinds)
"""Kinds of cases by process."""
STEPS = Names(_steps)
"""Steps by ``process/step``."""
STAGES = Names(_stages)
"""Stages by ``process/stage``."""
CLOCKS = Names(_clocks)
"""Clocks by ``process/clock``."""
PAUSES = Names(_pauses)
"""Reasons for which clocks stand still, by ``process/pause``."""
URGENCIES = Names(_urgencies)
"""Degrees of urgency by code: processes share the scale."""
GRADES = Names(_grades)
"""Grades by code: processes share the scale."""
RESULTS = Names(_results)
"""How a case ended by ``process/result``."""
