"""Every route that writes, from the tables that the product itself is made of, and what is sent to it.

A new route is found by itself. What it names is found by the names of its arguments; where those say nothing, or the
form is not good enough to reach the thing that it names, the tests ask for a sample in :mod:`tests.scope.samples`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse

from tests.api import world
from tests.scope import samples
from wandeng.interfaces.api.app import load
from wandeng.interfaces.console.urls import areas
from wandeng.interfaces.doorway import policy
from wandeng.interfaces.doorway.lists.definition import ListDefinition, registered

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Written:
    """A route that writes: its name, its arguments, and the names of the things in what is sent."""

    name: str
    address: str
    inside: frozenset[str]
    schema: Mapping[str, Any]
    is_form: bool = False

    @property
    def in_address(self) -> frozenset[str]:
        return frozenset(re.findall(r"\{(?:\w+:)?(\w+)\}", self.address))

    def things(self, known: Values) -> frozenset[str]:
        """The arguments that name something of an office."""
        own = samples.NAMES.get(self.name, {})
        named = (self.in_address | self.inside) & (known.keys() | own.keys())
        return frozenset(named) - world.PLAIN - samples.NO_THING.get(self.name, frozenset())

    def path(self, values: Values) -> str:
        return re.sub(r"\{(?:\w+:)?(\w+)\}", lambda found: str(values[found[1]]), self.address)

    def body(self, values: Values) -> dict[str, Any]:
        """What is sent: things by their names, the rest of the schema by its types."""
        made = _sample(self.schema) if self.schema else {}
        made |= {name: values[name] for name in self.inside if name in values}
        return made | samples.BODIES.get(self.name, {})


def operations() -> list[Written]:
    """The operations of the API that write, without those on the rows of a list."""
    document = load().get_openapi_schema()
    shapes = document["components"]["schemas"]
    names = {one.operation_id: one.url_name for _prefix, router in load()._routers
             for view in router.path_operations.values() for one in view.operations}  # fmt: skip
    found = []
    for address, methods in document["paths"].items():
        if (operation := methods.get("post")) and "/bulk/" not in address:
            content = operation.get("requestBody", {}).get("content", {})
            schema = _resolved(next(iter(content.values()))["schema"], shapes) if content else {}
            found.append(
                Written(
                    names[operation["operationId"]], address.removeprefix("/api/v1"),
                    frozenset(schema.get("properties", {})), schema, "multipart/form-data" in content,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: one.name)


def bulk_actions() -> list[tuple[ListDefinition, str]]:
    """(list, action) of everything that is done to chosen rows."""
    return [(one, action.name) for one in registered().values() for action in one.bulk]


def pages(method: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(route, arguments) of the console's pages that answer to ``GET`` about one thing or take a form by ``POST``,
    without lists, whose rows are chosen by key."""
    lists = {one.route for one in registered().values()}
    for pattern in areas():
        route, arguments = f"console:{pattern.name}", tuple(pattern.pattern.converters)
        rule = policy.rule_of(route)
        if route not in lists and (rule.write if method == "POST" else rule.read and arguments):
            yield route, arguments


def page_address(route: str, arguments: tuple[str, ...], values: Values) -> str:
    """The address of a page. Raises ``KeyError`` where a sample lacks."""
    own = {name: values[name] for name in arguments}
    try:
        return reverse(route, kwargs=own)
    except NoReverseMatch as wrong:
        raise KeyError(f"{route} {own}: {wrong}") from None


def _resolved(schema: Any, shapes: Mapping[str, Any]) -> Any:
    """A schema with its references filled in."""
    if isinstance(schema, list):
        return [_resolved(one, shapes) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    return {key: _resolved(one, shapes) for key, one in schema.items()}


def _sample(schema: Mapping[str, Any]) -> Any:
    """A value that the schema lets through: the least of its kind."""
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if chosen := schema.get("anyOf") or schema.get("allOf"):
        return _sample(chosen[0])
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {name: _sample(one) for name, one in schema.get("properties", {}).items() if name in wanted}
        case "array":
            return [_sample(schema["items"])] if "items" in schema else []
        case "integer":
            return max(1, schema.get("minimum", 1))
        case "boolean":
            return False
        case "string":
            return _text(schema)
    return None


def _text(schema: Mapping[str, Any]) -> str:
    dated = {"date": "2026-11-01", "date-time": "2026-11-01T08:00:00+08:00"}
    if (kind := schema.get("format")) in dated:
        return dated[str(kind)]
    examples = schema.get("examples")
    return str(examples[0]) if examples else "样本"
