"""docs/reference/problems.md from the refusals themselves: ``python -m tests.api.problems`` writes it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import wandeng
from wandeng.kernel.errors import Refused

HEAD = """# Problems 拒绝代码

An operation of the API that does not do what was asked answers with `application/problem+json` (RFC 9457): `type`, `title`,
`status`, `detail` (a sentence in the language of `Accept-Language`) and `code`. `code` is stable and for programs; `type` is an
identifier made of it, not an address to fetch. `INVALID_INPUT` may carry `faults`: where (`at`) something else was `expected`.

What lies outside the scope of the token answers as what does not exist: `NOT_FOUND`. A defect of the product answers with
status 500 and the code `DEFECT`; it is written to the server's log.

This page is made from the source (`python -m tests.api.problems`), and a test compares them.

| code | status | meaning |
|---|---|---|
"""
LEFT_OUT = re.compile(r"\.(tests|migrations)(\.|$)|^wandeng\.(twin|config)\.")


def refusals() -> Iterator[type[Refused]]:
    """Every refusal of the product."""
    for module in pkgutil.walk_packages(wandeng.__path__, "wandeng."):
        if not LEFT_OUT.search(module.name):
            importlib.import_module(module.name)
    found, left = set(), [Refused]
    while left:
        kind = left.pop()
        found.add(kind)
        left += kind.__subclasses__()
    yield from sorted((kind for kind in found if kind.__module__.startswith("wandeng.")), key=lambda kind: kind.code)


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"| `{kind.code}` | {_status(kind)} | {_meaning(kind)} |\n" for kind in refusals())


def _status(kind: type[Refused]) -> int:
    from wandeng.interfaces.doorway import errors  # Needs Django, which the program below sets up first.

    return errors.status_of(kind.__new__(kind))


def _meaning(kind: type[Refused]) -> str:
    first = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
    return re.sub(r":\w+:`(?:[\w.]*\.)?(\w+)`", r"`\1`", first).replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    import os
    from pathlib import Path

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
    django.setup()
    Path("docs/reference/problems.md").write_text(page(), encoding="utf-8")
