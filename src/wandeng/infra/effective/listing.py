"""The rule files of an installation as people look through them: what is loaded, whence, how far confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RuleFile:
    """One loaded file; ``to_on`` is the first day it does not hold, ``holds`` whether it does on the day asked about."""

    path: str
    topic: str
    territory: str
    territory_zh: str
    title_zh: str
    from_on: date
    to_on: date
    is_open: bool
    holds: bool
    status: str
    citation: str
    note: str
    content_hash: str


def rule_files(library: RuleLibrary, on: date, *, territory: str = "", topic: str = "") -> tuple[RuleFile, ...]:
    """All loaded files by territory, topic and day; ``territory`` and ``topic`` narrow them."""
    found = []
    for (home, name), versions in sorted(library.shelf.items()):
        if (territory and home != territory) or (topic and name != topic):
            continue
        for version in reversed(versions):
            body = version.body
            found.append(
                RuleFile(
                    version.path, name, home, library.territories[home].name_zh, body.title_zh, version.effective_from,
                    version.effective_to, version.is_open, version.covers(on), body.status, body.citation, body.note,
                    version.content_hash,
                )
            )  # fmt: skip
    return tuple(found)


def rule_file(library: RuleLibrary, path: str, on: date) -> RuleFile:
    """One of them. Raises :class:`NotFound` for a path that is not loaded."""
    for one in rule_files(library, on):
        if one.path == path:
            return one
    raise NotFound(f"there is no rule file {path}")


def rule_text(root: Path, library: RuleLibrary, path: str) -> str:
    """The file word for word. Raises :class:`NotFound` for a path that is not loaded: nothing else is read."""
    rule_file(library, path, date.min)
    return (root / path).read_text(encoding="utf-8")
