"""An operation of the API is a query or an action of the product under an address: its arguments become path, query and
body, its frozen types the schema. Who asks, their scope and the time come from the door."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args, get_type_hints
from urllib.parse import quote

from django.http import HttpResponse
from ninja import Body, Query, Schema
from ninja import Path as InPath
from ninja.constants import NOT_SET
from pydantic import Field, create_model

from wandeng.interfaces.api import idempotency, shapes
from wandeng.interfaces.api.app import FILES, PersonalToken, api
from wandeng.interfaces.api.json import plain
from wandeng.interfaces.api.values import Code, Day, PageLimit, PageStart, Reason
from wandeng.interfaces.doorway import holding, middleware, policy, rulebook
from wandeng.interfaces.doorway.asking import Request

GIVEN: dict[str, Callable[[Request], Any]] = {
    "scope": lambda request: request.asking.scope,
    "actor": lambda request: request.asking.actor,
    "at": lambda request: request.asking.now,
    "now": lambda request: request.asking.now,
    "library": lambda request: rulebook.library(),
    "charter": lambda request: rulebook.charter(),
    "shop": lambda request: rulebook.workshop(),
    "clock": lambda request: middleware.now,
    "held": holding.of,
}
"""Arguments that no caller gives."""

READS: dict[str, str] = {}
"""Operation that reads → the page's route whose rule guards it."""
WRITES: dict[str, str] = {}
"""Operation that writes → the page's route whose rule guards it."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file as an answer."""

    name: str
    kind: str
    content: bytes

    def response(self) -> HttpResponse:
        disposition = f"attachment; filename*=UTF-8''{quote(self.name)}"
        return HttpResponse(self.content, content_type=self.kind, headers={"Content-Disposition": disposition})


class Done(Schema):
    """What a write answers: what the action returned, if anything."""

    result: Any = None


def read(
    address: str,
    query: Callable[..., Any],
    *,
    name: str,
    like: str,
    tag: str,
    about: str,
    files: tuple[str, ...] = (),
    of: Callable[..., object] | None = None,
) -> None:
    """``GET address`` answers the query. ``like`` is the page's route whose rule guards it too. ``files``: the media types
    of a query that answers a :class:`Download`. ``of``: finds, within the scope, the thing that the query lists something
    of, so that nothing of an unknown thing is no empty list."""
    _publish("GET", address, query, name=name, like=like, tag=tag, about=about, files=files, of=of)


def write(
    address: str,
    action: Callable[..., Any],
    *,
    name: str,
    like: str,
    tag: str,
    about: str,
    files: tuple[str, ...] = (),
    commits_itself: bool = False,
) -> None:
    """``POST address`` does the action; its answer is ``{"result": …}``. ``commits_itself``: the action works on columns
    and commits as it goes, so that a key is claimed before it and answered after it."""
    if commits_itself:
        idempotency.COMMITTING.add(f"api:{name}")
    _publish("POST", address, action, name=name, like=like, tag=tag, about=about, files=files)


def guard(name: str, like: str, *, writes: bool) -> None:
    """Guard an operation by the rule of a page's route, and remember which page it is the sibling of."""
    policy.same_as(f"api:{name}", like)
    (WRITES if writes else READS)[name] = like


def _publish(
    method: str,
    address: str,
    function: Callable[..., Any],
    *,
    name: str,
    like: str,
    tag: str,
    about: str,
    files: tuple[str, ...],
    of: Callable[..., object] | None = None,
) -> None:
    is_read = method == "GET"
    guard(name, like, writes=not is_read)
    if files:
        FILES[name.replace("-", "_")] = files
    hints = get_type_hints(function)
    in_path = re.findall(r"\{(?:\w+:)?(\w+)\}", address)
    model = _model(
        f"{name.title().replace('-', '')}{'Query' if is_read else 'Body'}", function, hints, in_path, is_read
    )

    parameters = tuple(inspect.signature(function).parameters.items())

    def view(request: Request, **values: Any) -> Any:
        if of is not None:
            of(request.asking.scope, values[in_path[0]])
        found = _call(function, parameters, request, values, hints)
        if isinstance(found, Download):
            return found.response()
        return plain(found) if is_read else {"result": plain(found)}

    signature = [inspect.Parameter("request", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Request)]
    for key in in_path:
        kind = Code if hints[key] is str else shapes.taken(hints[key])
        place: Any = InPath(...)  # type: ignore[type-arg]
        signature.append(inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=place))
    if model is not None:
        place = Query(...) if is_read else Body(...)  # type: ignore[type-arg]
        signature.append(inspect.Parameter("given", inspect.Parameter.KEYWORD_ONLY, annotation=model, default=place))
    view.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    view.__name__, view.__doc__ = name.replace("-", "_"), inspect.getdoc(function)
    response = Done if not is_read else Any if files else shapes.answered(hints.get("return"))
    api.api_operation(
        [method],
        address,
        response=response,
        url_name=name,
        operation_id=name.replace("-", "_"),
        tags=[tag],
        summary=about,
        auth=PersonalToken() if policy.rule_of(like).resident else NOT_SET,
    )(view)


def _model(
    name: str, function: Callable[..., Any], hints: dict[str, Any], in_path: list[str], is_read: bool
) -> type[Schema] | None:
    """What the caller gives beside the address: the query, or the body."""
    fields: dict[str, Any] = {}
    for key, one in inspect.signature(function).parameters.items():
        if key in GIVEN or key in in_path:
            continue
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            fields |= {part: (shapes.taken(hint) | None, None) for part, hint in _parts(hints[key]).items()}
        else:
            fields[key] = _field(key, hints[key], one, reading=is_read)
    return create_model(name, __base__=Schema if is_read else shapes.Strict, **fields) if fields else None


def _parts(hint: Any) -> dict[str, Any]:
    """The keys of ``**changes: Unpack[SomeTypedDict]``."""
    return get_type_hints(get_args(hint)[0])


def _field(key: str, hint: Any, parameter: inspect.Parameter, *, reading: bool) -> Any:
    """One argument as a schema field: a day that is not given is today, a limit is bounded."""
    if key == "limit":
        usual = parameter.default if isinstance(parameter.default, int) else 100
        return (PageLimit, min(usual, 500))
    if key == "start" and hint is int:
        return (PageStart, 0)
    if key == "on" and hint is date and reading:
        return (Day | None, Field(None, description="today when it is not given"))
    if key == "reason":
        return (Reason, ...)
    kind = shapes.taken(hint)
    required = parameter.default is inspect.Parameter.empty
    return (kind, ... if required else parameter.default)


def _call(
    function: Callable[..., Any], parameters: Sequence[tuple[str, inspect.Parameter]], request: Request,
    values: dict[str, Any], hints: dict[str, Any],
) -> Any:  # fmt: skip
    """Call with what was given, what the door knows, and today for a day that was left out."""
    given = values.pop("given", None)
    found = dict(values) | ({key: getattr(given, key) for key in type(given).model_fields} if given else {})
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for key, parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            named |= {part: found[part] for part in _parts(hints[key]) if found[part] is not None}
            continue
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
