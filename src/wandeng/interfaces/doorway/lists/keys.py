"""A list by its keys alone: without the tables that only give it columns.

The framework joins every table that a column of the list comes from, also where the rows are only counted, or walked past
on the way to a far page. A join to what every row refers to exactly once changes neither, and is left out here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models.expressions import OrderBy
from django.db.models.sql import Query
from django.db.models.sql.constants import LOUTER
from django.db.models.sql.datastructures import Join

from wandeng.interfaces.doorway.lists.definition import Rows


def keys_of(rows: Rows, key: str) -> Rows:
    """The rows with nothing but their key, as many and in the same order."""
    found: Rows = rows.values(key)
    query = found.query
    if query.group_by is not None or query.distinct or query.combinator or query.is_sliced:
        return found
    ordered = list(_ordered(query))
    if None in ordered:
        return found
    _leave_out(query, _used(query, ordered))
    return found


def _ordered(query: Query) -> Iterable[Any]:
    """What the rows are ordered by; ``None`` stands for what is not known here."""
    fields = {name for one in query.get_meta().concrete_fields for name in (one.name, one.attname)} | {"pk"}
    for part in query.order_by:
        name = part.expression.name if isinstance(part, OrderBy) and hasattr(part.expression, "name") else part
        name = name.lstrip("-") if isinstance(name, str) else ""
        if name in query.annotations:
            yield query.annotations[name]
        elif name not in fields:
            yield None


def _used(query: Query, ordered: list[Any]) -> set[str]:
    """The tables that conditions, keys and the order speak of."""
    told = [query.where, *query.select, *query.annotation_select.values(), *ordered]
    return {column.alias for column in Query._gen_cols(told, include_external=True)}  # type: ignore[attr-defined]


def _leave_out(query: Query, used: set[str]) -> None:
    for alias, join in reversed(list(query.alias_map.items())):
        if not isinstance(join, Join):
            continue
        if alias in used or not _changes_nothing(join):
            used.add(join.parent_alias)
        else:
            query.alias_refcount[alias] = 0


def _changes_nothing(join: Join) -> bool:
    """Whether each row has exactly one partner, or is kept without one."""
    field = join.join_field
    forward = bool(getattr(field, "many_to_one", False)) and getattr(field, "concrete", False)
    return forward and join.filtered_relation is None and (join.join_type == LOUTER or not getattr(field, "null", True))
