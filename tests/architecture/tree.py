"""The product's own files, as the architecture tests see them."""

from __future__ import annotations

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "wandeng"
DOMAINS = PACKAGE / "domains"


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root of the tree and its text."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    def within(self, *folders: str) -> bool:
        return any(self.path.startswith(f"src/wandeng/{folder}/") for folder in folders)

    @property
    def is_test(self) -> bool:
        return "/tests/" in self.path or self.path.startswith(("tests/", "benchmarks/")) or "/" not in self.path

    @property
    def is_migration(self) -> bool:
        return "/migrations/" in self.path


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file of the project, written or about to be, without what ``.gitignore`` names."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


@functools.cache
def sources() -> tuple[Source, ...]:
    """Every Python file outside migrations."""
    found = (Source(str(p.relative_to(ROOT)), p.read_text("utf-8")) for p in files() if p.suffix == ".py")
    return tuple(source for source in found if not source.is_migration)


def product() -> Iterator[Source]:
    """The Python files that are installed: no tests, no benchmarks."""
    return (source for source in sources() if source.path.startswith("src/") and not source.is_test)


def domain_names() -> list[str]:
    return sorted(path.name for path in DOMAINS.iterdir() if (path / "__init__.py").exists())


def domain_of(model: type) -> str | None:
    """The domain whose table this is; none for tables of the plumbing."""
    parts = model.__module__.split(".")
    return parts[2] if parts[:2] == ["wandeng", "domains"] else None
