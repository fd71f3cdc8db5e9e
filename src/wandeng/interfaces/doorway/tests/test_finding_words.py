"""Every complaint of an import has its word, and what was expected is said in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import wandeng
from wandeng.flows.imports.kinds import KINDS
from wandeng.infra.imports import cells
from wandeng.interfaces.doorway.wording import findings
from wandeng.interfaces.doorway.words import imports as words

FOLDERS = ("infra/imports", "flows/imports")
CODE = re.compile(r"[A-Z][A-Z_]{3,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OF_CELLS = {cells.expected(column.form) for kind in KINDS for section in kind.sections for column in section.columns}


def modules() -> Iterator[ast.Module]:
    for folder in FOLDERS:
        for path in sorted((Path(wandeng.__file__).parent / folder).glob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def complaints() -> dict[str, str]:
    """Code → an expectation, of every call of ``findings.about`` and every tuple that holds both."""
    found: dict[str, str] = {}
    for tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "FileRefused":
                continue
            parts = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
            texts = [_text(part) for part in parts]
            codes = [text for text in texts if CODE.fullmatch(text)]
            told = [text for text in texts if CHINESE.search(text)]
            if len(codes) == 1 and (
                told or (isinstance(node, ast.Call) and ast.unparse(node.func) == "findings.about")
            ):
                found[codes[0]] = told[-1] if told else ""
    return found


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def test_every_complaint_has_its_word() -> None:
    checks = {code for tree in modules() for code in _codes_of_checks(tree)}
    said = set(complaints()) | checks
    assert len(said) > 15
    assert sorted(said - words.FAULTS.keys()) == []


def _codes_of_checks(tree: ast.Module) -> Iterator[str]:
    """Pairs of a mask and a code, as the readers of cells give them."""
    pairs = (node.elts for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2)
    for mask, code in pairs:
        if CODE.fullmatch(_text(code)) and not isinstance(mask, ast.Constant):
            yield _text(code)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, text in complaints().items() if text])
def test_what_was_expected_is_said_in_both_languages(code: str, text: str) -> None:
    chinese, english = findings.expected(text, "zh-hans"), findings.expected(text, "en")
    assert CHINESE.search(chinese), code
    assert not CHINESE.search(english), code
    assert "(" not in chinese
    assert english


@pytest.mark.parametrize("text", sorted(OF_CELLS))
def test_what_a_form_expects_is_said_in_both_languages(text: str) -> None:
    assert CHINESE.search(findings.expected(text, "zh-hans"))
    assert not CHINESE.search(findings.expected(text, "en"))


def test_what_columns_are_about_is_said_in_one_language_at_a_time() -> None:
    for kind in KINDS:
        for column in (column for section in kind.sections for column in section.columns):
            if column.about:
                told = findings.about(column.about, "zh-hans")
                assert not re.search(r"[a-z]{4,}", told.replace("territory", "")), (kind.name, column.name, told)
                assert not CHINESE.search(findings.about(column.about, "en")), (kind.name, column.name)
