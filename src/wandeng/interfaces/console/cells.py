"""The cells of a list: a value of each kind as a reader sees it, and the body of the table.

The body is put together here and not in the template: a page has hundreds of cells, and a template walks a tree for each.
Everything that comes from data goes through :func:`escaped`, which does what a template does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wandeng.interfaces.doorway.addresses import address_of
from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.escaping import escaped
from wandeng.interfaces.doorway.lists.definition import Column, Kind, Row
from wandeng.interfaces.doorway.templatetags import durations
from wandeng.interfaces.doorway.templatetags import wandeng as shown

WARN_MINUTES = 60
"""How long before its end a deadline is shown as near."""


def cell(column: Column, value: Any) -> str | SafeString:
    """A value as a reader sees it; a dash for none."""
    if value is None or value == "":
        return "—"
    match column.kind:
        case Kind.MONEY:
            return shown.yuan(value)
        case Kind.ENERGY:
            return shown.kwh_number(value)
        case Kind.INTEGER:
            return shown.count(value)
        case Kind.QUANTITY:
            return shown.kwh_number(value)
        case Kind.PERCENT:
            return shown.percent(value)
        case Kind.DAY if isinstance(value, date):
            return shown.short_day(value)
        case Kind.MOMENT | Kind.DEADLINE if isinstance(value, datetime):
            return shown.short_moment(value)
        case Kind.FLAG:
            return _("是") if value else _("否")
        case Kind.WORD:
            tone = column.tones.get(str(value))
            word = column.word(value)
            return format_html('<span class="wd-badge wd-{}">{}</span>', tone, word) if tone else word
        case _:
            return column.word(value)


def body(columns: Sequence[Column], rows: Iterable[Row], key: str, *, choosing: bool, asking: Asking) -> SafeString:
    """The rows of a table; with ``choosing`` each begins with a box to tick. A cell links only where the reader
    may go; deadlines count from when they ask."""
    drawers = [
        _deadline(column, asking.now)
        if column.kind is Kind.DEADLINE
        else _drawer(column, linked=bool(column.link) and asking.may(column.link))
        for column in columns
    ]
    chooser = _chooser(key) if choosing else None
    parts: list[str] = []
    for row in rows:
        parts.append('<tr role="row">')
        if chooser:
            parts.append(chooser(row))
        parts.extend(draw(row) for draw in drawers)
        parts.append("</tr>")
    return mark_safe("".join(parts))  # every part was escaped where it was made


def _drawer(column: Column, *, linked: bool) -> Callable[[Row], str]:
    """Draws one column's cell of a row."""
    number = " num" if column.kind.is_number else ""
    title = escaped(column.title)
    opening = f'<td role="cell" class="wd-{column.kind.value}{number}" data-label="{title}">'
    links = column.link_by or (column.key,)
    address = address_of(column.link, len(links)) if linked else None

    # Codes are few and come again in every row: each is translated and escaped once a page.
    known: dict[Any, str] = {}

    def text_of(value: Any) -> str:
        return escaped(cell(column, value))

    def word_of(value: Any) -> str:
        if value not in known:
            known[value] = text_of(value)
        return known[value]

    show = word_of if column.kind in {Kind.WORD, Kind.FLAG} else text_of

    def draw(row: Row) -> str:
        text = show(row[column.key])
        if address is not None:
            arguments = [row[name] for name in links]
            if all(part not in (None, "") for part in arguments):
                text = f'<a href="{escaped(address(arguments))}">{text}</a>'
        return f"{opening}{text}</td>"

    return draw


def _deadline(column: Column, now: datetime) -> Callable[[Row], str]:
    """Draws what is left until a deadline: its tone, a word and, by the style sheet, a sign; scripts count it on."""
    opening = f'<td role="cell" class="wd-deadline" data-label="{escaped(column.title)}">'
    held = escaped(_("暂停计时"))

    def draw(row: Row) -> str:
        due = row[column.key]
        if column.held_by and row[column.held_by] and due is None:
            return f'{opening}<span class="wd-badge wd-due wd-info">{held}</span></td>'
        if due is None:
            return f"{opening}—</td>"
        text, tone = durations.left(due, now, WARN_MINUTES)
        until = due.isoformat(timespec="seconds")
        return (
            f'{opening}<span class="wd-badge wd-due wd-{tone}" data-due="{until}" data-warn="{WARN_MINUTES}">'
            f"{escaped(text)}</span></td>"
        )

    return draw


def _chooser(key: str) -> Callable[[Row], str]:
    label = escaped(_("选择"))

    def draw(row: Row) -> str:
        value = escaped(str(row[key]))
        return (
            '<td class="wd-check" role="cell"><input class="form-check-input" type="checkbox" name="keys" '
            f'form="wd-bulk-form" value="{value}" x-on:change="count()" aria-label="{label} {value}"></td>'
        )

    return draw
