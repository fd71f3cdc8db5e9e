"""Light markup of articles as safe HTML: a handful of signs at the beginning of a line, ``**`` inside it, nothing else.

Everything a person wrote is escaped; there is no way to write a tag, an address or a style.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_ORDERED = re.compile(r"\d{1,3}\. +")
_RULER = re.compile(r"\|[\s:|-]+\|?")


def drawn(text: str) -> SafeString:
    """The text as HTML: ``#`` and ``##`` headings, ``-`` and ``1.`` lists, ``>`` what is said, ``|`` tables, ``**`` strong."""
    lines = (line.strip() for line in text.splitlines())
    return _joined(_BLOCKS[kind](list(group)) for kind, group in groupby(lines, _kind) if kind)


def _kind(line: str) -> str:
    if not line:
        return ""
    if line.startswith("#"):
        return "heading"
    if line.startswith(("- ", "* ")):
        return "bullet"
    if _ORDERED.match(line):
        return "ordered"
    if line.startswith(">"):
        return "said"
    return "table" if line.startswith("|") else "plain"


def _inside(line: str) -> SafeString:
    parts = _STRONG.split(line)
    return _joined(
        format_html("<strong>{}</strong>", part) if place % 2 else format_html("{}", part)
        for place, part in enumerate(parts)
    )


def _heading(lines: list[str]) -> SafeString:
    return _joined(
        format_html("<h4>{}</h4>", _inside(line.lstrip("# ")))
        if line.startswith("##")
        else format_html("<h3>{}</h3>", _inside(line.lstrip("# ")))
        for line in lines
    )


def _bullets(lines: list[str]) -> SafeString:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_inside(line[2:]),) for line in lines)))


def _ordered(lines: list[str]) -> SafeString:
    items = ((_inside(_ORDERED.sub("", line, count=1)),) for line in lines)
    return format_html("<ol>{}</ol>", format_html_join("", "<li>{}</li>", items))


def _said(lines: list[str]) -> SafeString:
    return format_html(
        '<blockquote class="wd-said">{}</blockquote>',
        format_html_join("", "<p>{}</p>", ((_inside(line.lstrip("> ")),) for line in lines)),
    )


def _table(lines: list[str]) -> SafeString:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if not _RULER.fullmatch(line)]
    if not rows:
        return _joined(())
    head = format_html_join("", '<th scope="col">{}</th>', ((_inside(cell),) for cell in rows[0]))
    body = format_html_join(
        "", "<tr>{}</tr>", ((format_html_join("", "<td>{}</td>", ((_inside(c),) for c in row)),) for row in rows[1:])
    )
    return format_html('<table class="wd-table"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', head, body)


def _plain(lines: list[str]) -> SafeString:
    return format_html("<p>{}</p>", format_html_join("\n", "{}", ((_inside(line),) for line in lines)))


def _joined(parts: Iterator[SafeString] | tuple[()]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


_BLOCKS: dict[str, Callable[[list[str]], SafeString]] = {
    "heading": _heading,
    "bullet": _bullets,
    "ordered": _ordered,
    "said": _said,
    "table": _table,
    "plain": _plain,
}
