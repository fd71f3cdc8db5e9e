"""The library of rules: loaded once, complete or not at all, then asked by topic, territory and day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Protocol, TypeVar, cast

from pydantic import ValidationError

from wandeng.infra.effective.files import dotted, read_toml, read_version
from wandeng.infra.effective.problems import RuleFilesInvalid, RuleProblem, TerritoryUnknown
from wandeng.infra.effective.references import dangling_references
from wandeng.infra.effective.territories import Territory
from wandeng.infra.effective.topics import TOPICS
from wandeng.infra.effective.values import TopicModel
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.errors import NoRuleInForce

Body = TypeVar("Body", bound=TopicModel)
Versions = tuple[RuleVersion[TopicModel], ...]

TERRITORY_FILE = "territory.toml"


class Ending(Protocol):
    """What a dated file says of its end."""

    @property
    def effective_to(self) -> date | None: ...
    @property
    def gap_after(self) -> str: ...


class Dated(Protocol):
    """A dated file among others of its subject."""

    @property
    def effective_from(self) -> date: ...
    @property
    def effective_to(self) -> date: ...
    @property
    def path(self) -> str: ...
    @property
    def body(self) -> Ending: ...


@dataclass(frozen=True, slots=True)
class RuleLibrary:
    """All versions of all rules. Immutable and picklable.

    ``territories`` by code; ``shelf`` by (territory, topic), each in order of time, without overlap and without an
    undeclared gap.
    """

    territories: dict[str, Territory]
    shelf: dict[tuple[str, str], Versions]

    @classmethod
    def load(cls, root: Path) -> RuleLibrary:
        """Read every file under ``root``.

        Raises :class:`RuleFilesInvalid` with every complaint found, each naming file, key and date.
        """
        territories, problems = _read_territories(root)
        shelf: dict[tuple[str, str], Versions] = {}
        for territory in territories:
            found, wrong = _read_topics(root, territory)
            shelf |= found
            problems += wrong
        library = cls(territories, shelf)
        problems += library.check()
        if not problems:
            problems = dangling_references(library)
        if problems:
            raise RuleFilesInvalid(problems)
        return library

    def check(self) -> list[RuleProblem]:
        """Complaints about versions that overlap, leave a gap, or about parents that do not exist."""
        problems = [problem for versions in self.shelf.values() for problem in continuity(versions)]
        for territory in self.territories.values():
            problems += _inheritance(territory, self.territories)
        return problems

    def chain(self, territory: str) -> tuple[str, ...]:
        """The territory, its parent, its parent's parent, and so on.

        Raises :class:`TerritoryUnknown`.
        """
        codes: list[str] = []
        code = territory
        while code:
            if code not in self.territories:
                raise TerritoryUnknown(f"there are no rules for territory '{code}'", territory=code)
            codes.append(code)
            code = self.territories[code].parent
        return tuple(codes)

    def home(self, topic: str, territory: str) -> str:
        """The territory whose files answer for this one: itself, or the ancestor it inherits the topic from; empty
        when nobody has the topic."""
        for code in self.chain(territory):
            if (code, topic) in self.shelf:
                return code
            if topic not in self.territories[code].inherits:
                return ""
        return ""

    def versions(self, topic: type[Body], territory: str) -> tuple[RuleVersion[Body], ...]:
        """Every version of a topic that holds for the territory, in order of time; empty when there is none."""
        found = self.shelf.get((self.home(topic.topic_name, territory), topic.topic_name), ())
        return cast("tuple[RuleVersion[Body], ...]", found)

    def version(self, topic: type[Body], *, on: date, territory: str) -> RuleVersion[Body]:
        """The one version in force on a day.

        Raises :class:`NoRuleInForce` where there is none, :class:`TerritoryUnknown`.
        """
        for version in self.versions(topic, territory):
            if version.covers(on):
                return version
        raise NoRuleInForce(topic.topic_name, on, territory)

    def in_force(self, topic: type[Body], *, on: date) -> dict[str, Body]:
        """Territory → what is in force there on a day, of all territories that have a version: for lists that reach over several."""
        found = {}
        for territory in self.territories:
            for version in self.versions(topic, territory):
                if version.covers(on):
                    found[territory] = version.body
        return found


def _read_territories(root: Path) -> tuple[dict[str, Territory], list[RuleProblem]]:
    territories: dict[str, Territory] = {}
    problems: list[RuleProblem] = []
    folders = sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    if not folders:
        problems.append(RuleProblem(str(root.name), "", None, "no territory folders here"))
    for folder in folders:
        shown = f"{folder.name}/{TERRITORY_FILE}"
        if not (folder / TERRITORY_FILE).is_file():
            problems.append(RuleProblem(shown, "", None, "every territory needs this file"))
            continue
        loaded = read_toml(folder / TERRITORY_FILE, shown)
        if isinstance(loaded, RuleProblem):
            problems.append(loaded)
            continue
        try:
            territory = Territory.model_validate(loaded[0])
        except ValidationError as error:
            problems += [RuleProblem(shown, dotted(entry["loc"]), None, entry["msg"]) for entry in error.errors()]
            continue
        if territory.code != folder.name:
            problems.append(RuleProblem(shown, "code", None, f"the folder is called {folder.name}"))
        territories[folder.name] = territory
    return territories, problems


def _read_topics(root: Path, territory: str) -> tuple[dict[tuple[str, str], Versions], list[RuleProblem]]:
    shelf: dict[tuple[str, str], list[RuleVersion[TopicModel]]] = defaultdict(list)
    problems: list[RuleProblem] = []
    for path in sorted((root / territory).rglob("*")):
        shown = path.relative_to(root).as_posix()
        if path.is_dir() or shown == f"{territory}/{TERRITORY_FILE}":
            continue
        parts = path.relative_to(root).parts
        if len(parts) != 3 or path.suffix != ".toml":
            message = "expected <territory>/<topic>/<effective-from>.toml"
            problems.append(RuleProblem(shown, "", None, message))
            continue
        if parts[1] not in TOPICS:
            problems.append(RuleProblem(shown, "", None, f"unknown topic '{parts[1]}'"))
            continue
        version, wrong = read_version(root, territory, parts[1], path)
        problems += wrong
        if version:
            shelf[territory, parts[1]].append(version)
    ordered = {key: tuple(sorted(found, key=lambda one: one.effective_from)) for key, found in shelf.items()}
    return ordered, problems


def continuity(versions: Sequence[Dated]) -> list[RuleProblem]:
    """A version followed by another says when it ends, and ends where the next begins unless it says why not."""
    problems = []
    for earlier, later in pairwise(versions):
        start, end = later.effective_from, earlier.effective_to
        if earlier.body.effective_to is None:
            message = f"no effective_to, and {later.path} follows"
            problems.append(RuleProblem(earlier.path, "effective_to", start, message))
        elif end > start:
            message = f"in force until {end}, overlaps {later.path}"
            problems.append(RuleProblem(earlier.path, "effective_to", start, message))
        elif end < start and not earlier.body.gap_after:
            message = f"nothing is in force from {end} to {start} ({later.path}), and gap_after does not say why"
            problems.append(RuleProblem(earlier.path, "effective_to", end, message))
    return problems


def _inheritance(territory: Territory, known: dict[str, Territory]) -> list[RuleProblem]:
    shown = f"{territory.code}/{TERRITORY_FILE}"
    problems = [
        RuleProblem(shown, "inherits", None, f"unknown topic '{topic}'")
        for topic in territory.inherits
        if topic not in TOPICS
    ]
    problems += [
        RuleProblem(shown, "commitments", None, f"no territory '{issuer}'")
        for issuer in territory.commitments
        if issuer not in known
    ]
    if territory.inherits and not territory.parent:
        problems.append(RuleProblem(shown, "parent", None, "inherits topics from nobody"))
    seen, code = [territory.code], territory.parent
    while code:
        if code not in known:
            problems.append(RuleProblem(shown, "parent", None, f"no territory '{code}'"))
            break
        if code in seen:
            problems.append(RuleProblem(shown, "parent", None, f"the parents form a ring: {seen}"))
            break
        seen.append(code)
        code = known[code].parent
    return problems
