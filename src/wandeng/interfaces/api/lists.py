"""Every list of the console, as an operation: the same rows, the same filters, read by cursor."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.http import QueryDict
from django_filters import filters as kinds
from ninja import Query, Schema
from pydantic import Field, create_model

from wandeng.domains.organization import queries as organization
from wandeng.interfaces.api import idempotency, operations
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.operations import Done
from wandeng.interfaces.api.shapes import Strict
from wandeng.interfaces.api.values import Cursor, PageLimit, SafeStr
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists import asked, cursor
from wandeng.interfaces.doorway.lists.definition import BulkAction, Column, Kind, ListDefinition, registered
from wandeng.interfaces.doorway.lists.filtering import ListFilterSet
from wandeng.kernel.errors import InvalidInput

_TYPES: dict[Kind, Any] = {
    Kind.INTEGER: int,
    Kind.MONEY: int,
    Kind.ENERGY: int,
    Kind.PERCENT: int,
    Kind.QUANTITY: int,
    Kind.DAY: date,
    Kind.MOMENT: datetime,
    Kind.DEADLINE: datetime,
    Kind.FLAG: bool,
}
_UNITS = {Kind.MONEY: "fen 分", Kind.ENERGY: "0.01 kWh", Kind.PERCENT: "0.01 %", Kind.QUANTITY: "0.01"}


def publish(definition: ListDefinition) -> None:
    """Add ``GET /<name>`` for a list."""
    row = create_model(f"{definition.name}_row", __base__=Schema, **{c.key: _field(c) for c in definition.columns})
    page = create_model(
        f"{definition.name}_page",
        __base__=Schema,
        items=(list[row], ...),  # type: ignore[valid-type]
        next=(str | None, Field(description="cursor of the next page; null at the end")),
    )
    params = create_model(
        f"{definition.name}_query",
        __base__=Schema,
        **_filters(definition.filters),
        limit=(PageLimit, 100),
        cursor=(Cursor, ""),
    )
    name = definition.name.replace("-", "_")

    def read(request: Request, query: Any) -> dict[str, Any]:
        return _answer(definition, request, query)

    operations.guard(definition.name, definition.route, writes=False)
    # The schema is made here, so no annotation in the source could name it.
    read.__annotations__ = {"request": Request, "query": params}
    read.__defaults__ = (Query(...),)  # type: ignore[type-arg]
    read.__name__ = f"list_{name}"
    read.__doc__ = str(definition.title)
    api.get(
        f"/{definition.name}",
        response=page,
        url_name=definition.name,
        operation_id=f"list_{name}",
        tags=["lists"],
        summary=str(definition.title),
    )(read)


class Chosen(Strict):
    """The rows of a list, by their key, that something is done to."""

    keys: Annotated[list[SafeStr], Field(min_length=1, max_length=500)]
    reason: Annotated[SafeStr, Field(max_length=500)] = ""


class ChosenFor(Chosen):
    """The same with one of the choices that the action offers."""

    choice: SafeStr


def publish_bulk(definition: ListDefinition, action: BulkAction) -> None:
    """Add ``POST /<name>/bulk/<action>``: the same that the page does to the rows that were ticked."""
    name = f"{definition.name}-{action.name}"

    def act(request: Request, chosen: Any) -> dict[str, Any]:
        told = action.told(request.asking, reason=chosen.reason, choice=getattr(chosen, "choice", ""))
        question = asked.ask(definition, request.asking, QueryDict())
        try:
            keys = [str(row[definition.key]) for row in question.rows.filter(**{f"{definition.key}__in": chosen.keys})]
        except (ValueError, OverflowError):
            raise InvalidInput("choose at least one row") from None
        if not keys:
            raise InvalidInput("choose at least one row")
        return {"result": action.run(request.asking, keys, told)}

    operations.guard(name, definition.route, writes=True)
    idempotency.COMMITTING.add(f"api:{name}")
    act.__annotations__ = {"request": Request, "chosen": ChosenFor if action.choices else Chosen}
    act.__name__, act.__doc__ = name.replace("-", "_"), f"{definition.title}：{action.title}。{action.consequence}"
    api.post(
        f"/{definition.name}/bulk/{action.name}",
        response=Done,
        url_name=name,
        operation_id=act.__name__,
        tags=["lists"],
        summary=f"{definition.title}：{action.title}",
    )(act)


def _answer(definition: ListDefinition, request: Request, query: Any) -> dict[str, Any]:
    address = QueryDict(mutable=True)
    for name, value in query.dict(exclude={"limit", "cursor"}).items():
        if value not in (None, ""):
            address[name] = str(value)
    question = asked.ask(definition, request.asking, address)
    if not question.filters.is_valid():
        faults = {name: [str(one) for one in found] for name, found in question.filters.errors.items()}
        raise InvalidInput("a filter is not of the expected form", faults=faults)
    most = organization.parameter_int("export.rows", request.asking.today)
    rows, following = cursor.after(question, query.cursor, query.limit, most=most)
    keys = [column.key for column in definition.columns]
    return {"items": [{key: row[key] for key in keys} for row in rows], "next": following or None}


def _field(column: Column) -> Any:
    unit = _UNITS.get(column.kind, "")
    title = f"{column.title} ({unit})" if unit else str(column.title)
    return (_TYPES.get(column.kind, str | int | bool) | None, Field(None, description=title))


def _filters(filters: type[ListFilterSet]) -> dict[str, Any]:
    """The filters as query parameters: text, described by their label and choices."""
    found: dict[str, Any] = {}
    for name, one in filters.base_filters.items():
        names = [f"{name}_{end}" for end in _ends(one)] or [name]
        for part in names:
            found[part] = (SafeStr, Field("", description=str(one.label or name)))
    return found


def _ends(one: Any) -> tuple[str, ...]:
    """A range filter has two parameters."""
    if isinstance(one, kinds.DateFromToRangeFilter):
        return ("after", "before")
    return ("min", "max") if isinstance(one, kinds.RangeFilter) else ()


for _definition in registered().values():
    publish(_definition)
    for _action in _definition.bulk:
        publish_bulk(_definition, _action)
