"""Where the process definitions are: beside the source in a checkout, inside the package once installed."""

from __future__ import annotations

from pathlib import Path

from wandeng.kernel.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[2]


def shipped_root() -> Path:
    """The folder of the definitions shipped with this product; a checkout's own ``processes/`` comes first.

    Raises :class:`NotFound` when neither is there.
    """
    for folder in (_PACKAGE.parents[1] / "processes", _PACKAGE / "processes"):
        if folder.is_dir():
            return folder
    raise NotFound(
        "the process definitions are missing: neither processes/ of a checkout nor the installed ones were found"
    )


def roots(home: Path) -> tuple[Path, ...]:
    """The shipped folder and, where there is one, the utility's own: ``processes`` below ``home`` (``WANDENG_HOME``).

    Raises :class:`NotFound` as :func:`shipped_root`.
    """
    own = home / "processes"
    return (shipped_root(), own) if own.is_dir() else (shipped_root(),)
