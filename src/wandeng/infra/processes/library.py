"""The library of process definitions: loaded once, complete or not at all, then asked by process and day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from wandeng.infra.effective.files import read_dated
from wandeng.infra.effective.library import RuleLibrary, continuity
from wandeng.infra.effective.problems import RuleFilesInvalid, RuleProblem
from wandeng.infra.effective.service_limits import declared_keys
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.kernel.errors import NoRuleInForce, NotFound
from wandeng.kernel.periods import FAR_FUTURE


@dataclass(frozen=True, slots=True)
class ProcessVersion:
    """A definition as loaded. ``path`` begins with the name of its root folder; ``content_hash`` is as that of a rule."""

    process: str
    effective_from: date
    effective_to: date
    path: str
    content_hash: str
    body: ProcessDefinition

    def covers(self, on: date) -> bool:
        return self.effective_from <= on < self.effective_to


@dataclass(frozen=True, slots=True)
class ProcessLibrary:
    """All versions of all processes by code, each in order of time, without overlap and without an undeclared gap."""

    shelf: dict[str, tuple[ProcessVersion, ...]]

    @classmethod
    def load(cls, roots: Sequence[Path], rules: RuleLibrary) -> ProcessLibrary:
        """Read every file ``<process>/<effective-from>.toml`` under the roots. A later root takes a process over whole: one
        file of its own there, and the earlier roots no longer count for that process.

        Raises :class:`RuleFilesInvalid` with every complaint found, each naming file, key and date, among them time limits
        that no rule declares.
        """
        shelf: dict[str, tuple[ProcessVersion, ...]] = {}
        problems: list[RuleProblem] = []
        for root in roots:
            found, wrong = _read_root(root)
            shelf |= found
            problems += wrong
        problems += [problem for versions in shelf.values() for problem in continuity(versions)]
        problems += _dangling_limits(shelf.values(), declared_keys(rules))
        if problems:
            raise RuleFilesInvalid(problems)
        return cls(dict(sorted(shelf.items())))

    def versions(self, process: str) -> tuple[ProcessVersion, ...]:
        """Every version, in order of time. Raises :class:`NotFound` for a process nobody described."""
        if process not in self.shelf:
            raise NotFound(f"there is no process {process}", process=process)
        return self.shelf[process]

    def version(self, process: str, *, on: date) -> ProcessVersion:
        """The one version in force on a day. Raises :class:`NotFound`, :class:`NoRuleInForce`."""
        for version in self.versions(process):
            if version.covers(on):
                return version
        raise NoRuleInForce(f"process {process}", on)

    def in_force(self, on: date) -> tuple[ProcessVersion, ...]:
        """The kinds of cases that can be opened on a day, by code."""
        return tuple(one for versions in self.shelf.values() for one in versions if one.covers(on))


def _read_root(root: Path) -> tuple[dict[str, tuple[ProcessVersion, ...]], list[RuleProblem]]:
    found: dict[str, list[ProcessVersion]] = {}
    problems: list[RuleProblem] = []
    if not root.is_dir():
        return {}, [RuleProblem(root.name, "", None, "there is no such folder of processes")]
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        shown = f"{root.name}/{path.relative_to(root).as_posix()}"
        if len(path.relative_to(root).parts) != 2 or path.suffix != ".toml":
            problems.append(RuleProblem(shown, "", None, "expected <process>/<effective-from>.toml"))
            continue
        version, wrong = _read_version(path, shown)
        problems += wrong
        if version:
            found.setdefault(version.process, []).append(version)
    return {code: tuple(sorted(rows, key=lambda one: one.effective_from)) for code, rows in found.items()}, problems


def _read_version(path: Path, shown: str) -> tuple[ProcessVersion | None, list[RuleProblem]]:
    read, problems = read_dated(path, shown, ProcessDefinition, {"process": path.parent.name})
    if read is None:
        return None, problems
    on, until = read.effective_from, read.body.effective_to or FAR_FUTURE
    return ProcessVersion(read.body.process, on, until, shown, read.content_hash, read.body), []


def _dangling_limits(shelf: Iterable[Sequence[ProcessVersion]], known: frozenset[str]) -> list[RuleProblem]:
    return [
        RuleProblem(one.path, "limit", one.effective_from, f"no rule of service_limits declares '{key}' for each case")
        for versions in shelf
        for one in versions
        for key in one.body.limit_keys
        if key not in known
    ]
