"""The processes as they stand on disk, with the rules they take their limits from; read again when a file has changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.processes.library import ProcessLibrary
from wandeng.infra.processes.roots import roots


def libraries() -> tuple[ProcessLibrary, RuleLibrary]:
    """The kinds of cases of this machine and its rules. Raises ``RuleFilesInvalid`` when a file of either was edited into
    something unreadable."""
    folders = roots(Path(settings.HOME))
    return _loaded(folders, current.stamp([*folders, default_root()]))


@lru_cache(maxsize=1)
def _loaded(
    folders: tuple[Path, ...], _stamped: tuple[tuple[str, int, int], ...]
) -> tuple[ProcessLibrary, RuleLibrary]:
    rules = current.library()
    return ProcessLibrary.load(folders, rules), rules
