"""Where texts belong, in words and as codes that a person types: the definitions of processes say what there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from wandeng.domains.knowledge.types import Belongs
from wandeng.infra.processes import current
from wandeng.infra.processes.definition import ProcessDefinition

NOTHING = "-"
MOST_PARTS = 3
"""Business, class, step."""


@dataclass(frozen=True, slots=True)
class ProcessCodes:
    """A process with its classes and steps: (code, name)."""

    code: str
    name: str
    classes: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]


def known(on: date) -> tuple[ProcessCodes, ...]:
    """Every process in force on a day, in the reader's language."""
    return tuple(_codes(version.body) for version in current.libraries()[0].in_force(on))


def told(places: tuple[Belongs, ...], on: date) -> list[str]:
    """Places in words: business, class, step."""
    by_code = {one.code: one for one in known(on)}
    return [_told(place, by_code.get(place.process)) for place in places]


def written(places: tuple[Belongs, ...]) -> str:
    """Places as a person types them, one a line."""
    return "\n".join(
        " ".join((one.process, one.case_class or NOTHING, one.step or NOTHING)).removesuffix(" - -") for one in places
    )


def read(text: str, on: date) -> tuple[tuple[Belongs, ...], tuple[str, ...]]:
    """Places out of what was typed, and the lines that name nothing there is."""
    by_code = {one.code: one for one in known(on)}
    found, strange = [], []
    for line in filter(None, (one.strip() for one in text.splitlines())):
        parts = [("" if part == NOTHING else part) for part in line.split()]
        process, case_class, step = (*parts, "", "")[:3]
        one = by_code.get(process)
        if one is None or len(parts) > MOST_PARTS or not _has(one.classes, case_class) or not _has(one.steps, step):
            strange.append(line)
        else:
            found.append(Belongs(process, case_class, step))
    return tuple(dict.fromkeys(found)), tuple(strange)


def _has(pairs: tuple[tuple[str, str], ...], code: str) -> bool:
    return not code or code in dict(pairs)


def _codes(body: ProcessDefinition) -> ProcessCodes:
    firsts = body.classification.first if body.classification else ()
    levels = [level for first in firsts for level in (first, *first.second)]
    return ProcessCodes(
        body.process,
        _worded(body.title_zh, body.title_en),
        tuple((one.code, _worded(one.name_zh, one.name_en)) for one in levels),
        tuple((one.code, _worded(one.name_zh, one.name_en)) for one in body.steps),
    )


def _told(place: Belongs, process: ProcessCodes | None) -> str:
    if process is None:
        return place.process
    names = (
        process.name,
        dict(process.classes).get(place.case_class, place.case_class),
        dict(process.steps).get(place.step, place.step),
    )
    return " · ".join(name for name in names if name)


def _worded(chinese: str, english: str) -> str:
    return english if (get_language() or "").startswith("en") else chinese
