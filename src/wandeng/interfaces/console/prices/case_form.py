"""A form made from the schema of a case: every key a field with its description, lists as rows, choices as choices."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from django.http import QueryDict
from pydantic import BaseModel

from wandeng.interfaces.doorway.words import prices as words

MOST_ROWS = 30
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Input:
    """One value: ``kind`` is text, date, choice or check; ``error`` what was wrong with it."""

    path: str
    label: Any
    hint: str
    kind: str
    value: str
    required: bool
    choices: tuple[tuple[str, Any], ...] = ()
    error: str = ""


@dataclass(frozen=True)
class Group:
    """The fields of an object, or of a row of a list."""

    path: str
    label: Any
    parts: tuple[Any, ...]
    is_group: bool = True


@dataclass(frozen=True)
class Rows:
    """A list of objects; ``path`` is what a button sends to have one more."""

    path: str
    label: Any
    rows: tuple[Group, ...]
    is_rows: bool = True


@dataclass(frozen=True)
class Drawn:
    """What is being drawn: complaints by path, and the list that gets one more row."""

    errors: Mapping[str, str] = field(default_factory=dict)
    add: str = ""


def parts(
    schema: type[BaseModel], facts: Facts, drawn: Drawn, *, prefix: str = "", without: str = ""
) -> tuple[Any, ...]:
    """The fields of a schema filled with facts, in the schema's order."""
    return tuple(
        part
        for name, info in schema.model_fields.items()
        if name != without
        for part in _part(name, info.annotation, info.description or "", info.is_required(), facts, drawn, prefix)
    )


def _part(name: str, annotation: Any, hint: str, required: bool, facts: Facts, drawn: Drawn, prefix: str) -> list[Any]:
    path, value, plain = f"{prefix}{name}", facts.get(name), _plain(annotation)
    label = words.CASE_KEYS.get(name, name)
    if _is_schema(plain):
        inner = value if isinstance(value, Mapping) else {}
        return [Group(path, label, parts(plain, inner, drawn, prefix=f"{path}."))]
    row = _row_of(plain)
    if row is not None:
        found = [one for one in value if isinstance(one, Mapping)] if isinstance(value, Sequence) else []
        found = found or ([{}] if required else [])
        if drawn.add == path and len(found) < MOST_ROWS:
            found.append({})
        groups = [
            Group(f"{path}.{place}", label, parts(row, one, drawn, prefix=f"{path}.{place}."))
            for place, one in enumerate(found)
        ]
        return [Rows(path, label, tuple(groups))]
    if get_origin(plain) is dict:
        return []  # free names: only in the JSON view
    choices = _choices(plain)
    kind = "date" if plain is date else "check" if plain is bool else "choice" if choices else "text"
    return [Input(path, label, hint, kind, _shown(value), required, choices, drawn.errors.get(path, ""))]


def facts_of(schema: type[BaseModel], query: QueryDict, *, prefix: str = "") -> dict[str, Any]:
    """The case that a form was sent with: what was left empty is left out."""
    found: dict[str, Any] = {}
    for name, info in schema.model_fields.items():
        value = _value(_plain(info.annotation), query, f"{prefix}{name}")
        if value not in (None, "", {}, []):
            found[name] = value
    return found


def _value(plain: Any, query: QueryDict, path: str) -> Any:
    if _is_schema(plain):
        return facts_of(plain, query, prefix=f"{path}.")
    row = _row_of(plain)
    if row is not None:
        places = {key[len(path) + 1 :].partition(".")[0] for key in query if key.startswith(f"{path}.")}
        numbers = sorted(int(place) for place in places if place.isascii() and place.isdigit() and len(place) < 4)
        rows = [facts_of(row, query, prefix=f"{path}.{number}.") for number in numbers[:MOST_ROWS]]
        return [one for one in rows if one]
    text = query.get(path, "").strip()
    if plain is bool:
        return True if text else None
    if get_origin(plain) is tuple:
        return text.replace("，", " ").replace(",", " ").split()  # Chinese on purpose
    if text and get_origin(plain) is Literal:
        return next((one for one in get_args(plain) if str(one) == text), text)
    return text


def _plain(annotation: Any) -> Any:
    """The type inside ``Annotated`` and ``… | None``."""
    if get_origin(annotation) is Annotated:
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return _plain(next(one for one in get_args(annotation) if one is not type(None)))
    return annotation


def _is_schema(plain: Any) -> bool:
    return isinstance(plain, type) and issubclass(plain, BaseModel)


def _row_of(plain: Any) -> type[BaseModel] | None:
    """The schema of the rows of a list of objects."""
    if get_origin(plain) is not tuple:
        return None
    inner = _plain(get_args(plain)[0])
    return inner if _is_schema(inner) else None


def _choices(plain: Any) -> tuple[tuple[str, Any], ...]:
    if get_origin(plain) is Literal:
        values = [str(one) for one in get_args(plain)]
    elif isinstance(plain, type) and issubclass(plain, Enum):
        values = [str(one.value) for one in plain]
    else:
        return ()
    return tuple((value, words.OPTIONS.get(value, value)) for value in values)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, list | tuple):
        return " ".join(str(one) for one in value)
    return "" if value is None else str(value)


def path_of(key: str) -> str:
    """A complaint's key as a field's path.

    >>> path_of("bills[0].due_on")
    'bills.0.due_on'
    """
    return key.replace("[", ".").replace("]", "")
