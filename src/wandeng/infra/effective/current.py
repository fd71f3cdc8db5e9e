"""The rules as they stand on disk, read once a process and again when a file has changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root


def library() -> RuleLibrary:
    """The rules in force on this machine. Raises ``RuleFilesInvalid`` when a file was edited into something unreadable."""
    root = default_root()
    return _loaded(root, stamp([root]))


def stamp(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of all files below: another set is read anew."""
    files = sorted(path for folder in folders for path in folder.rglob("*.toml"))
    return tuple((str(path), (stat := path.stat()).st_mtime_ns, stat.st_size) for path in files)


@lru_cache(maxsize=1)
def _loaded(root: Path, _stamped: tuple[tuple[str, int, int], ...]) -> RuleLibrary:
    return RuleLibrary.load(root)
