"""From a case file to a case: exact JSON, the schema of the kind, and complaints that name key and
expectation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from wandeng.calc.trial.fields import Case, Facts
from wandeng.kernel.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about one key, written as people write paths: ``bills[0].due_on``."""

    key: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.key or 'case'}: {self.found}; expected {self.expected}"


class CaseInvalid(InvalidInput):
    """The case file cannot be calculated. ``problems`` lists every complaint found."""

    code = "CASE_INVALID"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems), count=len(problems))
        self.problems = problems


def read_json(text: str) -> Facts:
    """A JSON object with its decimals kept exact.

    Raises :class:`CaseInvalid` when it is no JSON, no object, holds a key twice or a number that is not
    finite.
    """
    try:
        facts = json.loads(text, parse_float=Decimal, parse_constant=_not_finite, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise _invalid("", f"line {error.lineno} column {error.colno}: {error.msg}", "a case written as JSON") from None
    if not isinstance(facts, dict):
        raise _invalid("", "the file holds no object", "a JSON object { … }")
    return facts


def read_case(facts: Facts, schemas: Mapping[str, type[Case]], tag: str) -> Case:
    """The case of a kind. ``schemas`` by the value of the key ``tag``; a kind with one schema has the tag
    ``""``.

    Raises :class:`CaseInvalid` with every complaint.
    """
    if tag:
        chosen = facts.get(tag)
        if not isinstance(chosen, str) or chosen not in schemas:
            found = f"found {_shown(chosen)}" if tag in facts else "is missing"
            raise _invalid(tag, found, "one of " + ", ".join(schemas))
        schema = schemas[chosen]
    else:
        schema = schemas[""]
    try:
        return schema.model_validate(facts)
    except ValidationError as error:
        raise CaseInvalid(_problems(error, schema)) from None


def _problems(error: ValidationError, schema: type[BaseModel]) -> tuple[Problem, ...]:
    """Every complaint once: a list whose entries are wrong is not called too short as well."""
    entries = error.errors(include_url=False)
    inner = {entry["loc"][:length] for entry in entries for length in range(1, len(entry["loc"]))}
    kept = [entry for entry in entries if not (entry["type"] == "too_short" and entry["loc"] in inner)]
    return tuple(_problem(entry, schema) for entry in kept)


def _problem(entry: Any, schema: type[BaseModel]) -> Problem:
    location = tuple(step for step in entry["loc"] if isinstance(step, int) or not step.startswith("function-"))
    key = _written(location)
    if entry["type"] == "extra_forbidden":
        known = ", ".join(_model_at(schema, location[:-1]).model_fields)
        return Problem(key, "is not a key of this case", f"one of {known}")
    expected = _expectation(schema, location)
    if entry["type"] == "missing":
        return Problem(key, "is missing", expected)
    why = entry["msg"].removeprefix("Value error, ") if entry["type"] == "value_error" else ""
    if isinstance(entry["input"], BaseModel | dict | list) and why:
        return Problem(key, "does not fit together", why)
    return Problem(key, f"found {_shown(entry['input'])}" + (f" ({why})" if why else ""), expected)


def _expectation(schema: type[BaseModel], location: tuple[int | str, ...]) -> str:
    """The description of the deepest named key on the way."""
    described, model = "a value of another form", schema
    for step in location:
        if isinstance(step, str) and step in model.model_fields:
            field = model.model_fields[step]
            described = field.description or described
            model = _nested(field.annotation) or model
    return described


def _model_at(schema: type[BaseModel], location: tuple[int | str, ...]) -> type[BaseModel]:
    model = schema
    for step in location:
        if isinstance(step, str) and step in model.model_fields:
            model = _nested(model.model_fields[step].annotation) or model
    return model


def _nested(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``tuple[Bill, ...]`` or ``Meter | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        if found := _nested(argument):
            return found
    return None


def _written(location: tuple[int | str, ...]) -> str:
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None else f"'{value}'"


def _not_finite(written: str) -> None:
    raise _invalid("", f"found {written}", "finite numbers only")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise _invalid(twice, "is written twice", "every key once")
    return facts


def _invalid(key: str, found: str, expected: str) -> CaseInvalid:
    return CaseInvalid((Problem(key, found, expected),))
