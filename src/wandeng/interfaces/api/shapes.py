"""From the frozen types of the domains to the schemas of the API: one source, so the document cannot lie."""

from __future__ import annotations

import types
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin, get_type_hints

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from wandeng.interfaces.api.values import Base64, BigInt, Day, LongestBase64, Moment, MonthText, SafeStr
from wandeng.kernel.periods import Month

_PLAIN: dict[Any, Any] = {
    int: BigInt,
    str: SafeStr,
    Base64: LongestBase64,
    bool: bool,
    date: Day,
    datetime: Moment,
    Decimal: Annotated[str, Field(pattern=r"^-?\d+(\.\d+)?$")],
    Month: MonthText,
    Any: Any,
    object: Any,
    type(None): None,
}
_SHOWN = {int: int, str: str, date: date, datetime: datetime, Decimal: str, Month: str}
"""What is answered needs no bounds: it comes from the columns themselves."""


class Strict(Schema):
    """A body: a field that nobody knows is a mistake of the caller, not something to pass over."""

    model_config = ConfigDict(extra="forbid")


def taken(kind: Any) -> Any:
    """The schema type of a value that a caller gives."""
    return _shape(kind, taking=True)


def answered(kind: Any) -> Any:
    """The schema type of a value that is answered."""
    return _shape(kind, taking=False)


def _shape(kind: Any, *, taking: bool) -> Any:
    if not taking and kind in _SHOWN:
        return _SHOWN[kind]
    if (isinstance(kind, type) and kind in _PLAIN) or kind is Any:
        return _PLAIN[kind]
    if isinstance(kind, NewType):
        return _shape(kind.__supertype__, taking=taking)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind
    if origin in (Union, types.UnionType):
        return Union[tuple(_shape(one, taking=taking) for one in inner)]  # noqa: UP007  (built from a tuple)
    if origin in (tuple, list, Sequence, set, frozenset):
        return _sequence(origin, inner, taking)
    if origin in (dict, Mapping):
        return dict[str, _shape(inner[1], taking=taking)]  # type: ignore[misc]
    if is_dataclass(kind) and isinstance(kind, type):
        return _model(kind, taking)
    return Any


def _sequence(origin: Any, inner: tuple[Any, ...], taking: bool) -> Any:
    if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
        return tuple[tuple(_shape(one, taking=taking) for one in inner)]  # type: ignore[misc]
    items: Any = list[_shape(inner[0], taking=taking)]  # type: ignore[misc]
    return Annotated[items, Field(max_length=1_000)] if taking else items


_named: dict[str, type] = {}


def _name(kind: type) -> str:
    """The name of a frozen type; where two share one, the later carries its module's name too, or its folders' names."""
    inner = [part.title().replace("_", "") for part in kind.__module__.split(".")[2:]]
    for name in (kind.__name__, f"{inner[-1]}{kind.__name__}", f"{''.join(inner)}{kind.__name__}"):
        if _named.setdefault(name, kind) is kind:
            return name
    raise RuntimeError(f"two types are called {name}")


@cache
def _hints(kind: Any) -> dict[str, Any]:
    """The types of the fields of a frozen type."""
    return get_type_hints(kind)


@cache
def _model(kind: Any, taking: bool) -> type[Schema]:
    """A frozen type as a schema of the same name and fields."""
    hints = _hints(kind)
    columns: dict[str, Any] = {}
    for one in fields(kind):
        shape = _shape(hints[one.name], taking=taking)
        default = ... if one.default is MISSING else one.default
        columns[one.name] = (shape, default if taking else ...)
    name = f"{_name(kind)}In" if taking else _name(kind)
    with warnings.catch_warnings():
        # A reading has a register, and a schema has a method of that name from its abstract base; nobody calls it.
        warnings.filterwarnings("ignore", message=r'Field name "register"')
        return create_model(name, __base__=Strict if taking else Schema, __doc__=kind.__doc__, **columns)


def built(kind: Any, value: Any) -> Any:
    """A value that a caller gave, as the type that the action takes."""
    if isinstance(kind, NewType):
        return built(kind.__supertype__, value)
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Month:
        return Month.parse(value)
    if kind is Decimal:
        return Decimal(value)
    if origin in (Union, types.UnionType) and value is not None:
        return built(next(one for one in inner if one is not type(None)), value)
    if is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        return kind(**{one.name: built(hints[one.name], getattr(value, one.name)) for one in fields(kind)})
    if origin in (list, tuple, Sequence):
        return tuple(built(inner[0], one) for one in value)
    return value
