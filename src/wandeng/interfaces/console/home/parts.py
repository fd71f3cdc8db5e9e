"""What first pages are made of: figures that lead somewhere, and lines of work that burn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from wandeng.interfaces.doorway.addresses import address_of, plain
from wandeng.interfaces.doorway.asking import Asking


@dataclass(frozen=True, slots=True)
class Kpi:
    """A figure; ``href`` is the list behind it, empty where the reader may not open it."""

    label: Any
    value: str
    unit: Any = ""
    note: Any = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """A line of work: what, how much or how late, and where to do it."""

    text: Any
    mark: Any
    tone: str
    href: str = ""


Part = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Later:
    """A part that the page asks for after it stands: what its card is called, and the route that answers it."""

    title: Any
    route: str

    @property
    def href(self) -> str:
        return reverse(self.route)


@dataclass(frozen=True, slots=True)
class Home:
    """A first page: figures, what burns, parts (template → what it shows) two in a row and then one, and those that
    follow by themselves once the page stands."""

    kpis: tuple[Kpi, ...] = ()
    todos: tuple[Todo, ...] = ()
    beside: tuple[Part, ...] = ()
    parts: tuple[Part, ...] = ()
    later: tuple[Later, ...] = ()
    finds: bool = field(default=False)


def link(asking: Asking, route: str, *args: object, **query: object) -> str:
    """The address of a page with filters; empty where the person may not open it."""
    if not asking.may(route):
        return ""
    asked = {name: value for name, value in query.items() if value not in (None, "")}
    return (address_of(route, len(args))(args) if args else plain(route)) + (f"?{urlencode(asked)}" if asked else "")


def counted(number: int, most: int | None = None) -> str:
    """1,234, or 1,000+ where counting stopped."""
    return f"{number:,}+" if most is not None and number >= most else f"{number:,}"


def todos(*lines: tuple[int, Any, Any, str, str]) -> tuple[Todo, ...]:
    """Lines of work of which there is some: (count, what, unit, tone, where)."""
    return tuple(Todo(text, f"{count:,} {unit}", tone, href) for count, text, unit, tone, href in lines if count)
