"""The English of the pages. The sources are Chinese; one catalogue holds the English beside it.

    scripts/messages update     take over what is marked in templates and Python into the catalogue
    scripts/messages compile    write the .mo that the pages read (part of `make assets`)
    scripts/messages check      name what has no English, and Chinese text that nobody marked; 1 when there is any

Marked means ``{% trans %}``, ``{% blocktrans %}`` in templates, ``gettext`` and its kin in Python. No gettext program.
"""

from __future__ import annotations

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, pofile
from babel.messages.extract import extract
from django.template.base import Lexer, Token, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/wandeng"
DOORWAY = SOURCE / "interfaces/doorway"
CATALOGUE = DOORWAY / "locale/en/LC_MESSAGES/django.po"
HEADER = "# English of Wandeng's pages. The sources are Chinese: scripts/messages update takes them over."

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")
CHINESE = re.compile(r"[\u3400-\u9fff，。：；、（）？！“”《》]")

DOORS = ("interfaces/console", "interfaces/doorway", "interfaces/api", "config")
"""Where every Chinese sentence is read by people: what is not marked there cannot be English."""
SAID_IN_BOTH = ("interfaces/api/", "interfaces/doorway/wording/", "console/500.html", "doorway/refusals.py")
"""These hold both languages themselves."""
ON_PURPOSE = "# Chinese on purpose"
"""Behind a line of Python whose Chinese nobody reads as a sentence: patterns, numerals of a law."""
NAMES = ("万灯", "简体中文", "中文")
"""Said alike in every language; a language is offered in its own words."""


def is_chinese(text: str) -> bool:
    """Whether a text holds Chinese that is no name.

    >>> is_chinese("Wandeng 万灯"), is_chinese("户号")
    (False, True)
    """
    for name in NAMES:
        text = text.replace(name, "")
    return bool(CHINESE.search(text))


def templates() -> Iterator[Path]:
    """Every template of the doors."""
    yield from sorted(path for path in SOURCE.rglob("templates/**/*") if path.suffix in {".html", ".txt"})


def modules() -> Iterator[Path]:
    """Every module of the doors, without tests."""
    for door in DOORS:
        yield from sorted(path for path in (SOURCE / door).rglob("*.py") if "tests" not in path.parts)


def extracted() -> Catalog:
    """What is marked in the sources."""
    catalog = Catalog(locale="en")
    for path in [*templates(), *modules()]:
        text = path.read_text()
        if path.suffix != ".py":
            # Babel reads the result as Python, where an indent would mean something.
            text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
        name = path.relative_to(ROOT).as_posix()
        for line, message, comments, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
            catalog.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return catalog


def stored() -> Catalog:
    """The catalogue as it is in the tree."""
    if not CATALOGUE.exists():
        return Catalog(locale="en")
    with CATALOGUE.open("rb") as text:
        return pofile.read_po(text, locale="en")


def update() -> None:
    """Bring the catalogue up to what is marked: new messages come without English, those gone are removed."""
    catalog = stored()
    catalog.update(extracted(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    catalog.header_comment = HEADER
    catalog.fuzzy = False
    catalog.project, catalog.version = "wandeng", "pages"
    buffer = io.BytesIO()
    pofile.write_po(buffer, catalog, width=110, sort_by_file=True, include_lineno=False, omit_header=False)
    # Dates and the tool's version would change with every run, and mean nothing here.
    noise = (
        rb'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Report-Msgid[^:]*): .*\n'
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(re.sub(noise, b"", buffer.getvalue(), flags=re.MULTILINE))


def problems() -> Iterator[str]:
    """Everything that an English reader would meet in Chinese."""
    catalog = stored()
    for message in extracted():
        if not message.id:
            continue
        found = catalog.get(_key(message.id), message.context)
        where = message.locations[0][0] if message.locations else ""
        if found is None:
            yield f"{where}: not in the catalogue: {_key(message.id)}"
        elif not all(found.string if isinstance(found.string, tuple | list) else [found.string]):
            yield f"{where}: no English: {_key(message.id)}"
        elif found.fuzzy:
            yield f"{where}: to be looked at: {_key(message.id)}"
    for paths, unmarked in ((templates(), unmarked_in_template), (modules(), unmarked_in_module)):
        for path in paths:
            name = path.relative_to(ROOT).as_posix()
            if not any(part in name for part in SAID_IN_BOTH):
                yield from (f"{name}: {_unmarked(text)}: {text}" for text in unmarked(path))


def _unmarked(text: str) -> str:
    """Punctuation of full width is told apart: it is mended by marking the whole phrase, or by ``listed``."""
    return "not marked" if IDEOGRAPH.search(text) else "punctuation not marked"


def unmarked_in_template(path: Path) -> Iterator[str]:
    """Chinese text of a template outside ``trans`` and ``blocktrans``."""
    within = ""
    for token in Lexer(path.read_text()).tokenize():
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK and token.contents.split() else ""
        if word in {"blocktrans", "blocktranslate", "comment"}:
            within = word
        elif within and word == f"end{within}":
            within = ""
        elif not within and _is_said(token, word):
            text = " ".join(token.contents.split())
            yield from (piece.strip() for piece in re.findall(r"[^<>{}\"]+", text) if is_chinese(piece))


def _is_said(token: Token, word: str) -> bool:
    if token.token_type == TokenType.COMMENT or word in {"trans", "translate"}:
        return False
    return is_chinese(re.sub(r"_\([^)]*\)", "", token.contents))


def unmarked_in_module(path: Path) -> Iterator[str]:
    """Chinese text of a module outside docstrings and ``gettext``."""
    source = path.read_text()
    lines, tree = source.splitlines(), ast.parse(source)
    passed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) in KEYWORDS:
            passed.update(id(part) for argument in node.args for part in ast.walk(argument))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        said = isinstance(node, ast.Constant) and isinstance(node.value, str) and is_chinese(node.value)
        if said and id(node) not in passed and ON_PURPOSE not in lines[node.lineno - 1]:
            yield f"line {node.lineno}: {node.value[:60]}"


def _called(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _key(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


def main(order: str) -> int:
    """One of the three commands."""
    # Every template source is read as text here: the settings of an installation do not matter.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wandeng.config.settings")
    match order:
        case "update":
            update()
        case "compile":
            sys.path.insert(0, str(ROOT / "scripts"))
            import assets

            assets.compile_messages()
        case "check":
            found = list(problems())
            print("\n".join(found) or "Everything has its English.")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
