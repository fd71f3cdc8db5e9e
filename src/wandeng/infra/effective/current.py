"""The rules as they stand on disk, read once a process and again when a file has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root


def library() -> RuleLibrary:
    """The rules in force on this machine. Raises ``RuleFilesInvalid`` when a file was edited into something unreadable."""
    root = default_root()
    return _loaded(root, stamp([root]))


def stamp(folders: Sequence[Path]) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of all files below: another set is read anew."""
    return tuple(sorted(found for folder in folders for found in _stamped(folder)))


def _stamped(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    # Asked by every request, often more than once: half the time that objects of paths take.
    if not os.path.isdir(folder):
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _stamped(entry.path)
            elif entry.name.endswith(".toml"):
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=1)
def _loaded(root: Path, _stamped: tuple[tuple[str, int, int], ...]) -> RuleLibrary:
    return RuleLibrary.load(root)
