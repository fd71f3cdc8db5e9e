"""Text becomes markup in few places: each is named here with why it is harmless (S6)."""

from __future__ import annotations

import ast
import re

from tests.architecture.tree import PACKAGE

TRUSTED = {
    "interfaces/console/cells.py": "cells of lists, each escaped where it was made",
    "interfaces/console/payments/till_receipts.py": "a code of squares, drawn here from our own text",
    "interfaces/doorway/fields.py": "fields of forms, escaped as their component does it: a test compares the two",
    "interfaces/doorway/flat_nodes.py": "values of templates, escaped as the framework does it: a test compares the two",
    "interfaces/doorway/templatetags/wandeng.py": "widgets, drawn by the framework",
    "interfaces/doorway/widgets.py": "controls, escaped as the framework's templates do it: a test compares the two",
}
"""Modules that call ``mark_safe`` or make a ``SafeString``, and why."""
UNESCAPED = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off")


def test_only_named_modules_declare_text_to_be_markup() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "tests" not in path.parts and {"mark_safe", "SafeString", "SafeText"} & set(_called(path.read_text()))
    }
    assert found <= set(TRUSTED), found - set(TRUSTED)


def test_what_is_filled_into_markup_stands_in_the_source() -> None:
    """``format_html`` escapes what it fills in, not the text it fills: that must be a literal."""
    loose = [
        f"{path.relative_to(PACKAGE)}:{call.lineno}"
        for path in PACKAGE.rglob("*.py")
        if "format_html" in (text := path.read_text())
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and _name(call) in {"format_html", "format_html_join"}
        and not all(isinstance(one, ast.Constant) for one in call.args[: 1 + (_name(call) == "format_html_join")])
    ]  # fmt: skip
    assert loose == []


def test_no_template_shows_text_unescaped() -> None:
    found = [str(path.relative_to(PACKAGE)) for path in PACKAGE.rglob("*.html") if UNESCAPED.search(path.read_text())]
    assert found == []


def _called(text: str) -> list[str]:
    return [_name(call) for call in ast.walk(ast.parse(text)) if isinstance(call, ast.Call)]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
