"""Where the rule files are: beside the source in a checkout, inside the package once installed."""

from __future__ import annotations

from pathlib import Path

from wandeng.kernel.errors import NotFound

_PACKAGE = Path(__file__).resolve().parents[2]


def default_root() -> Path:
    """The folder of the rules shipped with this product.

    A checkout's own ``rules/`` comes first, so that an edited file is the one that counts.

    Raises :class:`NotFound` when neither is there.
    """
    for folder in (_PACKAGE.parents[1] / "rules", _PACKAGE / "rules"):
        if (folder / "national" / "territory.toml").is_file():
            return folder
    raise NotFound("the rule files are missing: neither rules/ of a checkout nor the installed ones were found")
