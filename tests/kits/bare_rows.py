"""Rows of any table, for tests of machinery that cares for one column only.

Keys point nowhere, so a test that uses them rolls back at its end (``refuse_commit``). Tests of the business make their
rows through the domains' own ``tests.make``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

FIRST_DAY = date(2026, 1, 1)


def bare_row(model: type[models.Model], **given: Any) -> models.Model:
    """Insert a row whose every column is filled, dates ascending in the order of the columns."""
    days = itertools.count()
    allowed, needed = _allowed(model), _needed(model)
    values = {
        field.attname: allowed.get(field.name) or _filling(field, next(days), is_needed=field.name in needed)
        for field in model._meta.concrete_fields
        if not (field.auto_created or field.has_default())
    }
    with connection.constraint_checks_disabled():
        return model._default_manager.create(**values | given)


def _allowed(model: type[models.Model]) -> dict[str, Any]:
    """Columns that a check constraint keeps to a list of values: the first of them."""
    conditions = [one.condition for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    alone = [q.children[0] for q in conditions if len(q.children) == 1 and not q.negated]
    either = [child for q in conditions if q.connector == models.Q.OR for child in q.children]
    return {
        child[0].removesuffix("__in").removesuffix("__range"): child[1][0]
        for child, ending in [*((child, "__in") for child in alone), *((child, "__range") for child in either)]
        if isinstance(child, tuple) and child[0].endswith(ending)
    }


def _needed(model: type[models.Model]) -> set[str]:
    """Columns that some state asks for: NOT (state = …) OR the column is there, or says something. Of columns of which one
    must be there and the other not, the first."""
    conditions = [one.condition for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    pairs = [q.children for q in conditions if q.connector == models.Q.OR and len(q.children) == 2]
    return {
        there[0].removesuffix("__isnull")
        for state, there in pairs
        if isinstance(state, models.Q) and state.negated and state.children[0][0].startswith("state")
        if isinstance(there, tuple) and there[0].endswith("__isnull") and there[1] is False
    } | {name for pair in pairs for name in (*_said(pair), *_one_of(pair))}


def _said(pair: Sequence[Any]) -> Iterator[str]:
    """Columns that are not empty: … OR NOT (column = '')."""
    for one in pair:
        if isinstance(one, models.Q) and one.negated and one.children[0][1] == "":
            yield one.children[0][0]


def _one_of(pair: Sequence[Any]) -> Iterator[str]:
    """The column that is there in the first of two choices."""
    names = [
        {child[0] for child in one.children if isinstance(child, tuple)} for one in pair if isinstance(one, models.Q)
    ]
    if len(names) == 2 and names[0] == names[1] and all(name.endswith("__isnull") for name in names[0]):
        yield from (name.removesuffix("__isnull") for name, is_absent in pair[0].children if not is_absent)


def _filling(field: models.Field[Any, Any], place: int, *, is_needed: bool = False) -> Any:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(field, models.ForeignKey) and field.null and not is_needed:
        return None
    if isinstance(target, models.DateTimeField):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=place)
    if isinstance(target, models.DateField):
        return FIRST_DAY + timedelta(days=place)
    if isinstance(target, models.CharField | models.TextField):
        return "" if field.blank and not is_needed else f"{field.name}"[: field.max_length]
    if isinstance(target, models.BooleanField):
        return False
    return place + 1


def refuse_commit() -> None:
    """The test's transaction is rolled back without looking at the keys."""
    transaction.set_rollback(True)
