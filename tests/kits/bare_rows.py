"""Rows of any table, for tests of machinery that cares for one column only.

Keys point nowhere, so a test that uses them rolls back at its end (``refuse_commit``). Tests of the business make their
rows through the domains' own ``tests.make``.
"""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction

FIRST_DAY = date(2026, 1, 1)


def bare_row(model: type[models.Model], **given: Any) -> models.Model:
    """Insert a row whose every column is filled, dates ascending in the order of the columns."""
    days = itertools.count()
    allowed = _allowed(model)
    values = {
        field.attname: allowed.get(field.name) or _filling(field, next(days))
        for field in model._meta.concrete_fields
        if not (field.auto_created or field.has_default())
    }
    with connection.constraint_checks_disabled():
        return model._default_manager.create(**values | given)


def _allowed(model: type[models.Model]) -> dict[str, Any]:
    """Columns that a check constraint keeps to a list of values: the first of them."""
    conditions = [one.condition for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    alone = [q.children[0] for q in conditions if len(q.children) == 1 and not q.negated]
    return {
        child[0].removesuffix("__in"): child[1][0]
        for child in alone
        if isinstance(child, tuple) and child[0].endswith("__in")
    }


def _filling(field: models.Field[Any, Any], place: int) -> Any:
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(field, models.ForeignKey) and field.null:
        return None
    if isinstance(target, models.DateTimeField):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=place)
    if isinstance(target, models.DateField):
        return FIRST_DAY + timedelta(days=place)
    if isinstance(target, models.CharField | models.TextField):
        return "" if field.blank else f"{field.name}"[: field.max_length]
    if isinstance(target, models.BooleanField):
        return False
    return place + 1


def refuse_commit() -> None:
    """The test's transaction is rolled back without looking at the keys."""
    transaction.set_rollback(True)
