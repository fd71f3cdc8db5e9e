"""What a list is. Areas define theirs in a module of this folder, and register them by being in ``LISTS`` there."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy

from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.kernel.errors import InvalidInput, NotFound

Row = dict[str, Any]
Rows = QuerySet[Any, Row]


class Kind(Enum):
    """How a value is shown, aligned and exported."""

    TEXT = "text"
    CODE = "code"
    WORD = "word"
    INTEGER = "integer"
    MONEY = "money"
    ENERGY = "energy"
    PERCENT = "percent"
    QUANTITY = "quantity"
    DAY = "day"
    MOMENT = "moment"
    FLAG = "flag"
    DEADLINE = "deadline"

    @property
    def is_number(self) -> bool:
        return self in {Kind.INTEGER, Kind.MONEY, Kind.ENERGY, Kind.PERCENT, Kind.QUANTITY}


@dataclass(frozen=True)
class Column:
    """A column: ``key`` of the row, ``title`` (lazy), kind.

    MONEY holds fen, ENERGY 0.01 kWh, PERCENT hundredths of a percent, QUANTITY hundredths of the unit in its title. ``words`` give a code its word and ``tones`` its
    tone (ok, warn, late, info, neutral). ``link`` is a route; ``link_by`` names the row keys that are its arguments. A DEADLINE is shown as
    what is left of it; ``held_by`` names the row key that says that it stands still. ``none_last``: what has no value comes last.
    """

    key: str
    title: Any
    kind: Kind = Kind.TEXT
    is_shown: bool = True
    is_sortable: bool = False
    words: Mapping[str, Any] = field(default_factory=dict)
    tones: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    link_by: tuple[str, ...] = ()
    held_by: str = ""
    none_last: bool = False

    def word(self, value: object) -> str:
        """The value in the reader's language; a code without a word shows as itself."""
        return str(self.words.get(str(value), value))


@dataclass(frozen=True)
class BulkAction:
    """Something done to the chosen rows. ``run(asking, keys, reason)`` returns how many it was done to.

    ``danger`` asks twice; ``wants_reason`` asks why. ``choices(asking)`` offers (value, words) of which one must be
    chosen, under the ``choice_title``; what was chosen is given to ``run`` in place of a reason.
    """

    name: str
    title: Any
    run: Callable[[Asking, list[str], str], int]
    consequence: Any = ""
    danger: bool = False
    wants_reason: bool = False
    choice_title: Any = ""
    choices: Callable[[Asking], Sequence[tuple[str, str]]] | None = None

    def told(self, asking: Asking, *, reason: str, choice: str) -> str:
        """What ``run`` is to be told beside the rows. Raises :class:`InvalidInput` where it lacks."""
        if self.choices is not None:
            if choice not in {value for value, _words in self.choices(asking)}:
                raise InvalidInput("choose one of those offered")
            return choice
        if self.wants_reason and not reason.strip():
            raise InvalidInput("a reason is needed")
        return reason.strip()


@dataclass(frozen=True)
class Empty:
    """What an empty list says, and where it sends the reader next. ``makes_new``: that way makes a row, so a list that is not
    empty offers it as well."""

    title: Any
    hint: Any = ""
    route: str = ""
    action: Any = ""
    makes_new: bool = False


@dataclass(frozen=True)
class ListDefinition:
    """A list. ``rows(asking)`` gives lazy rows within the scope, with every column's key and ``key``, which is unique.

    ``order`` is the default order, of columns that an index serves; ``key`` breaks ties. ``route`` is the page's route,
    which is also what the policy table guards, for pages, API and exports.
    """

    name: str
    title: Any
    route: str
    rows: Callable[[Asking], Rows]
    columns: tuple[Column, ...]
    key: str
    order: tuple[str, ...]
    filters: type[ListFilterSet]
    bulk: tuple[BulkAction, ...] = ()
    empty: Empty = Empty("")

    def column(self, key: str) -> Column:
        """Raises :class:`NotFound`."""
        for column in self.columns:
            if column.key == key:
                return column
        raise NotFound(f"list {self.name} has no column {key}")

    def chosen(self, keys: Iterable[str]) -> tuple[Column, ...]:
        """The columns with these keys in the list's order; the shown ones when none is known."""
        wanted = set(keys)
        found = tuple(column for column in self.columns if column.key in wanted)
        return found or tuple(column for column in self.columns if column.is_shown)

    def ordering(self, asked: str) -> tuple[str, ...]:
        """The order asked for (``key`` or ``-key`` of a sortable column), else the default, with ties broken."""
        name = asked.removeprefix("-")
        known = any(column.key == name and column.is_sortable for column in self.columns)
        order = (asked,) if known else self.order
        return order if any(part.lstrip("-") == self.key for part in order) else (*order, self.key)

    def in_database(self, order: Iterable[str]) -> tuple[str | OrderBy, ...]:
        """The order as the database is told it: by columns whose empty values come last whichever way they are sorted."""
        last = {column.key for column in self.columns if column.none_last}
        return tuple(_none_last(part) if part.removeprefix("-") in last else part for part in order)


def _none_last(part: str) -> OrderBy:
    field = F(part.removeprefix("-"))
    return field.desc(nulls_last=True) if part.startswith("-") else field.asc(nulls_last=True)


@cache
def registered() -> dict[str, ListDefinition]:
    """Every list of the product by name."""
    package = __name__.rpartition(".")[0]
    folder = import_module(package).__path__
    modules = [import_module(f"{package}.{module.name}") for module in pkgutil.iter_modules(folder)]
    found: dict[str, ListDefinition] = {}
    for definition in (one for module in modules for one in getattr(module, "LISTS", ())):
        if definition.name in found:
            raise RuntimeError(f"two lists are called {definition.name}")
        found[definition.name] = definition
    return found


def by_name(name: str) -> ListDefinition:
    """Raises :class:`NotFound`."""
    found = registered().get(name)
    if found is None:
        raise NotFound(f"there is no list {name}")
    return found
