"""Every sentence a refusal may carry, read from the source: templates with named places, and where they stand.

A sentence is the message of a call that makes a refusal, or of the ``__init__`` of a class of refusals. Names that were
given a text in the same function are looked up; a choice between two texts gives two templates.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from pathlib import Path

import wandeng

SOURCE = Path(wandeng.__file__).parent
NOT_SHOWN = ("interfaces/cli/", "twin/")
"""Doors and tools of the shell speak English."""
READER = {"Refusal": 1}
"""The reader of workbooks runs alone and knows nothing of the product: its refusals are told on by the one who called."""
HANDED_ON = {"infra/imports/workbook.py"}
"""Where the sentence of another is handed on word for word."""

Piece = str | ast.expr
"""A literal part of a sentence, or the expression of a place in it."""


@dataclass(frozen=True)
class Sentence:
    """``template`` has a ``{name}`` for each value."""

    template: str
    at: str


@dataclass(frozen=True)
class _Function:
    """What a sentence may refer to: the parameters, and every text that was given to a name."""

    parameters: frozenset[str]
    given: dict[str, list[ast.expr]]


@lru_cache(maxsize=1)
def refusal_sentences() -> tuple[Sentence, ...]:
    """All of them, by file and line."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in _files()}
    family = refusal_classes(trees.values())
    own_words = {name: _message_position(node) for name, node in family.items()} | READER
    found = []
    for path, tree in trees.items():
        shown = path.relative_to(SOURCE).as_posix()
        for function, scope in _functions(tree):
            for call in _calls(function):
                message = _message(call, own_words)
                if message is not None:
                    hands_on = shown in HANDED_ON and isinstance(message, ast.Name)
                    texts = _templates(message, scope)
                    found += [
                        Sentence(one, f"{shown}:{call.lineno}")
                        for one in texts
                        if not (hands_on and one == "{message}")
                    ]
    return tuple(found)


def _files() -> Iterator[Path]:
    for path in sorted(SOURCE.rglob("*.py")):
        shown = path.relative_to(SOURCE).as_posix()
        if "/tests/" not in shown and "/migrations/" not in shown and not shown.startswith(NOT_SHOWN):
            yield path


def refusal_classes(trees: Iterable[ast.Module]) -> dict[str, ast.ClassDef]:
    """The classes that descend from Refused, by name, and the workbook reader's own, which becomes one of them."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    family = {node.name: node for node in classes if node.name in ("Refused", "Refusal")}
    size = 0
    while size != len(family):
        size = len(family)
        family |= {node.name: node for node in classes if any(_called(base) in family for base in node.bases)}
    return family


def _message_position(node: ast.ClassDef) -> int | None:
    """Which argument of a call is the message: the first, or that of its own ``__init__``; ``None`` where it takes none."""
    init = next((one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None)
    if init is None:
        return 0
    names = [argument.arg for argument in init.args.args[1:]]
    return names.index("message") if "message" in names else None


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, _Function]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            given: dict[str, list[ast.expr]] = {}
            for inner in ast.walk(node):
                if isinstance(inner, ast.Assign) and len(inner.targets) == 1 and isinstance(inner.targets[0], ast.Name):
                    given.setdefault(inner.targets[0].id, []).append(inner.value)
            yield node, _Function(frozenset(argument.arg for argument in arguments), given)


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    """Calls in a function itself, not in functions inside it."""
    waiting = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call):
            yield node
        waiting.extend(ast.iter_child_nodes(node))


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _message(call: ast.Call, own_words: dict[str, int | None]) -> ast.expr | None:
    name = _called(call.func)
    if name in own_words:
        position = own_words[name]
        return call.args[position] if position is not None and len(call.args) > position else None
    is_super = isinstance(call.func, ast.Attribute) and ast.unparse(call.func) == "super().__init__"
    if not is_super or not call.args or not isinstance(call.args[0], ast.JoinedStr | ast.Constant):
        return None
    hands_on = any(isinstance(node, ast.Name) and node.id == "message" for node in ast.walk(call.args[0]))
    return None if hands_on else call.args[0]


def _templates(message: ast.expr, scope: _Function) -> list[str]:
    return [_named(pieces) for pieces in _readings(message, scope)]


def _readings(node: ast.expr, scope: _Function) -> list[list[Piece]]:
    """Every way a text may read, as pieces; an expression that is no text is a place."""
    if isinstance(node, ast.Constant):
        return [[str(node.value)]]
    if isinstance(node, ast.JoinedStr):
        return _joined([_readings(part, scope) for part in node.values])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _joined([_readings(node.left, scope), _readings(node.right, scope)])
    if isinstance(node, ast.FormattedValue):
        return _readings(node.value, scope) if _is_text(node.value, scope) else [[node.value]]
    if isinstance(node, ast.IfExp) and _is_text(node, scope):
        return _readings(node.body, scope) + _readings(node.orelse, scope)
    if isinstance(node, ast.Name) and _is_text(node, scope):
        return [reading for value in scope.given[node.id] for reading in _readings(value, scope)]
    return [[node]]


def _is_text(node: ast.expr, scope: _Function) -> bool:
    if isinstance(node, ast.IfExp):
        return _is_text(node.body, scope) and _is_text(node.orelse, scope)
    if isinstance(node, ast.Name):
        values = scope.given.get(node.id, []) if node.id not in scope.parameters else []
        return bool(values) and all(_is_text(value, scope) for value in values)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _joined(parts: list[list[list[Piece]]]) -> list[list[Piece]]:
    return [[piece for reading in chosen for piece in reading] for chosen in product(*parts)]


def _named(pieces: list[Piece]) -> str:
    text, used = "", dict[str, int]()
    for piece in pieces:
        if isinstance(piece, str):
            text += piece
            continue
        name = _place(piece)
        used[name] = used.get(name, 0) + 1
        text += f"{{{name}}}" if used[name] == 1 else f"{{{name}{used[name]}}}"
    return text


def _place(node: ast.expr) -> str:
    """A name for a place, for people: the last name of the expression."""
    if isinstance(node, ast.Name):
        return node.id.lower()
    if isinstance(node, ast.Attribute):
        return node.attr.lower()
    if isinstance(node, ast.Call):
        inner = [*node.args, *([node.func.value] if isinstance(node.func, ast.Attribute) else []), node.func]
        return next((name for one in inner if (name := _place(one)) != "value"), "value")
    if isinstance(node, ast.Subscript | ast.Starred | ast.UnaryOp):
        return _place(node.value if not isinstance(node, ast.UnaryOp) else node.operand)
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return _place(node.generators[0].iter)
    return "value"
