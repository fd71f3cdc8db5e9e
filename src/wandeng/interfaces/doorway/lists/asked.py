"""What a reader asked of a list, read from the address: filters, order, page. The address holds the whole state."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import FieldError
from django.db import DataError
from django.http import QueryDict

from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists import beyond
from wandeng.interfaces.doorway.lists.definition import ListDefinition, Row, Rows
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.interfaces.doorway.lists.keys import keys_of
from wandeng.kernel.errors import InvalidInput

PAGE_SIZES = (20, 50, 100, 200)
DEFAULT_PAGE_SIZE = 50
MAX_PAGE = 1_000
FAR = 1_000
"""From this row on a page is far: its keys are found first."""


@dataclass(frozen=True)
class Asked:
    """A list as asked for: ``rows`` filtered and ordered, not yet read; ``filters`` bound to what was typed."""

    definition: ListDefinition
    rows: Rows
    filters: ListFilterSet
    order: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One page: its rows; ``total`` is exact up to :data:`beyond.COUNT_CAP` and ``None`` beyond."""

    rows: list[Row]
    number: int
    size: int
    total: int | None
    has_next: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.number - 1) * self.size + len(self.rows)


def ask(definition: ListDefinition, asking: Asking, query: QueryDict) -> Asked:
    """The list with the address's filters and order. A filter that cannot be understood narrows nothing and is shown
    with its fault beside the field."""
    order = definition.ordering(query.get("sort", ""))
    filters = definition.filters(query, queryset=definition.rows(asking), request=asking)
    return Asked(definition, filters.qs.order_by(*definition.in_database(order)), filters, order)


def page(asked: Asked, query: QueryDict) -> Page:
    """The page that the address names. Raises :class:`InvalidInput` for a page that is not a number."""
    number = _number(query.get("page", ""), 1, MAX_PAGE)
    size = _number(query.get("size", ""), DEFAULT_PAGE_SIZE, max(PAGE_SIZES))
    start = (number - 1) * size
    try:
        found = _rows(asked, start, size + 1)
        total = start + len(found)
        # The last page knows it; a page behind the end knows nothing.
        if len(found) > size or (start and not found):
            total = beyond.counted(asked.definition, asked.filters.request, query, lambda: _count(asked))
    except (DataError, FieldError, OverflowError, ValueError) as error:
        raise InvalidInput(f"the list cannot be filtered like this: {type(error).__name__}") from None
    return Page(found[:size], number, size, total if total <= beyond.COUNT_CAP else None, len(found) > size)


def _count(asked: Asked) -> int:
    return keys_of(asked.rows.order_by(), asked.definition.key)[: beyond.COUNT_CAP + 1].count()


def _rows(asked: Asked, start: int, most: int) -> list[Row]:
    """Rows from a place on. On the way to a far one only keys are read."""
    if start < FAR or asked.rows.query.group_by is not None:
        return list(asked.rows[start : start + most])
    key = asked.definition.key
    keys = [row[key] for row in keys_of(asked.rows, key)[start : start + most]]
    return list(asked.rows.filter(**{f"{key}__in": keys})) if keys else []


def _number(text: str, default: int, most: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise InvalidInput(f"expected a number from 1 to {most}, not '{text[:20]}'")
    return int(text)
