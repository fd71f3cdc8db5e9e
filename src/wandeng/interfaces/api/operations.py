"""An operation of the API is a query or an action of the product under an address: its arguments become path, query and
body, its frozen types the schema. Who asks, their scope and the time come from the door."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from datetime import date
from typing import Any, get_type_hints

from ninja import Body, Query, Schema
from ninja import Path as InPath
from pydantic import Field, create_model

from wandeng.interfaces.api import shapes
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.json import plain
from wandeng.interfaces.api.values import Code, Day, PageLimit, Reason
from wandeng.interfaces.doorway import policy, rulebook
from wandeng.interfaces.doorway.asking import Request

GIVEN: dict[str, Callable[[Request], Any]] = {
    "scope": lambda request: request.asking.scope,
    "actor": lambda request: request.asking.actor,
    "at": lambda request: request.asking.now,
    "now": lambda request: request.asking.now,
    "library": lambda request: rulebook.library(),
    "shop": lambda request: rulebook.workshop(),
}
"""Arguments that no caller gives."""


class Done(Schema):
    """What a write answers: what the action returned, if anything."""

    result: Any = None


def read(address: str, query: Callable[..., Any], *, name: str, like: str, tag: str, about: str) -> None:
    """``GET address`` answers the query. ``like`` is the page's route whose rule guards it too."""
    _publish("GET", address, query, name=name, like=like, tag=tag, about=about)


def write(
    address: str, action: Callable[..., Any], *, name: str, like: str, tag: str, about: str, method: str = "POST"
) -> None:
    """``POST address`` does the action; its answer is ``{"result": …}``."""
    _publish(method, address, action, name=name, like=like, tag=tag, about=about)


def _publish(
    method: str, address: str, function: Callable[..., Any], *, name: str, like: str, tag: str, about: str
) -> None:
    policy.same_as(f"api:{name}", like)
    hints = get_type_hints(function)
    in_path = re.findall(r"\{(?:\w+:)?(\w+)\}", address)
    parameters = inspect.signature(function).parameters
    asked = {key: one for key, one in parameters.items() if key not in GIVEN and key not in in_path}
    fields = {key: _field(key, hints[key], one, reading=method == "GET") for key, one in asked.items()}
    model = create_model(
        f"{name.title().replace('-', '')}{'Query' if method == 'GET' else 'Body'}",
        __base__=Schema if method == "GET" else shapes.Strict,
        **fields,
    )

    def view(request: Request, **values: Any) -> Any:
        found = _call(function, request, values, hints)
        return plain(found) if method == "GET" else {"result": plain(found)}

    signature = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)]
    for key in in_path:
        kind = Code if hints[key] is str else shapes.taken(hints[key])
        place: Any = InPath(...)  # type: ignore[type-arg]
        signature.append(inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=place))
    if fields:
        place = Query(...) if method == "GET" else Body(...)  # type: ignore[type-arg]
        signature.append(inspect.Parameter("given", inspect.Parameter.KEYWORD_ONLY, annotation=model, default=place))
    view.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    view.__name__, view.__doc__ = name.replace("-", "_"), inspect.getdoc(function)
    response = shapes.answered(hints.get("return")) if method == "GET" else Done
    api.api_operation(
        [method],
        address,
        response=response,
        url_name=name,
        operation_id=name.replace("-", "_"),
        tags=[tag],
        summary=about,
    )(view)


def _field(key: str, hint: Any, parameter: inspect.Parameter, *, reading: bool) -> Any:
    """One argument as a schema field: a day that is not given is today, a limit is bounded."""
    if key == "limit":
        usual = parameter.default if isinstance(parameter.default, int) else 100
        return (PageLimit, min(usual, 500))
    if key == "on" and hint is date and reading:
        return (Day | None, Field(None, description="today when it is not given"))
    if key == "reason":
        return (Reason, ...)
    kind = shapes.taken(hint)
    required = parameter.default is inspect.Parameter.empty
    return (kind, ... if required else parameter.default)


def _call(function: Callable[..., Any], request: Request, values: dict[str, Any], hints: dict[str, Any]) -> Any:
    """Call with what was given, what the door knows, and today for a day that was left out."""
    given = values.pop("given", None)
    found = dict(values) | ({key: getattr(given, key) for key in type(given).model_fields} if given else {})
    positional, named = [], {}
    for key, parameter in inspect.signature(function).parameters.items():
        if key in GIVEN:
            value = GIVEN[key](request)
        else:
            value = found[key]
            if key == "on" and value is None:
                value = request.asking.today
            value = shapes.built(hints[key], value)
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            named[key] = value
        else:
            positional.append(value)
    return function(*positional, **named)
