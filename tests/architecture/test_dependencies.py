"""What is imported is declared: a machine that happens to have a package hides that it is missing elsewhere."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata

from tests.architecture.tree import ROOT, Source, sources

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
PROVIDERS = metadata.packages_distributions()
OWN = {"wandeng", "tests", "scripts", "conftest"} | {
    path.stem for folder in ("benchmarks", "scripts") for path in (ROOT / folder).glob("*.py")
}
TOOLS = ("scripts/", "hatch_build.py")
"""What builds and looks at the product; it may use the packages of the build group and those of the tests."""


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(*extras: str) -> set[str]:
    texts = [*PROJECT["dependencies"], *(text for extra in extras for text in PROJECT["optional-dependencies"][extra])]
    return names_of(texts)


def names_of(requirements: list[str]) -> set[str]:
    return {normal(re.match(r"[\w.-]+", text)[0]) for text in requirements}


def imported(source: Source) -> set[str]:
    """Top-level names of what a file imports, without the standard library and ourselves."""
    names = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - OWN


def undeclared(source: Source, allowed: set[str]) -> list[str]:
    return [
        f"{source.path}: {name}"
        for name in sorted(imported(source))
        if not allowed & {normal(provider) for provider in PROVIDERS.get(name, [])}
    ]


def test_every_imported_package_is_declared() -> None:
    for_use, for_tests = declared("simbench", "spark"), declared("simbench", "spark", "dev")
    for_tools = for_tests | names_of(PYPROJECT["dependency-groups"]["build"])
    faults = [
        fault
        for s in sources()
        for fault in undeclared(s, for_tools if str(s.path).startswith(TOOLS) else for_tests if s.is_test else for_use)
    ]
    assert not faults, "\n".join(faults)


def test_a_planted_import_of_a_package_that_only_others_need_is_seen() -> None:
    assert undeclared(Source("src/wandeng/calc/x.py", "import pytest, sqlparse, nowhere"), declared()) == [
        "src/wandeng/calc/x.py: nowhere",
        "src/wandeng/calc/x.py: pytest",
        "src/wandeng/calc/x.py: sqlparse",
    ]
