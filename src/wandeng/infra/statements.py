"""Statements that are put together once and then only run: the framework writes one anew each time, which costs an action on
one row more than the database does.

:class:`Reading` keeps the text of a query whose values vary; :func:`insert` and :func:`change` write rows. All of them run on
the framework's own connection, inside whatever transaction is open there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import ModelIterable, get_related_populators

from wandeng.infra import prepared

Row = TypeVar("Row")
_ROWS_A_STATEMENT = 200
_LATE = datetime(9000, 1, 1, tzinfo=UTC)
_MARKS: Mapping[type, Callable[[int], Any]] = {
    int: lambda place: 31_731 + place,
    str: lambda place: f"\x01{place}\x01",
    datetime: lambda place: _LATE + timedelta(seconds=place),
    date: lambda place: _LATE.date() + timedelta(days=place),
}
"""Values that stand for what is asked while the text is written, and occur in no question of our own; the numbers fit the
narrowest column there is, or the framework would answer without asking."""


class Reading(Generic[Row]):
    """A query by values that vary, its text written once.

    ``Reading(lambda case: CaseEntry.objects.filter(case=case), int)`` is asked as a function: ``entries(7)``. ``make`` gives
    the query for values of the types that follow (``int``, ``str``, ``datetime``, ``date``); it gives rows of a model, or
    tuples (``values_list``). A query that locks runs inside a transaction only. With ``planned_once`` the database keeps its
    plan as well: for questions by a key alone (:mod:`wandeng.infra.prepared`).
    """

    def __init__(
        self, make: Callable[..., models.QuerySet[Any, Any]], *kinds: type, planned_once: bool = False
    ) -> None:  # fmt: skip
        self._make, self._kinds, self._planned_once = make, kinds, planned_once
        self._written: dict[str, _Written] = {}
        self._lock = threading.Lock()

    def __call__(self, *values: Any) -> list[Row]:
        """The rows for these values."""
        here = _connection()
        made = self._written.get(here.vendor) or self._write(here)
        if made.locks and not here.in_atomic_block:
            raise transaction.TransactionManagementError("rows are locked inside a transaction only")
        with prepared.cursor(here) if self._planned_once else here.cursor() as cursor:
            cursor.execute(made.text, [_bound(here, values[one]) if type(one) is _Place else one for one in made.given])
            found = cursor.fetchall()
        rows: list[Row] = made.rows(here, found)
        return rows

    def first(self, *values: Any) -> Row | None:
        """The first of them."""
        rows = self(*values)
        return rows[0] if rows else None

    def _write(self, here: BaseDatabaseWrapper) -> _Written:
        with self._lock:
            made = _write(here, self._make, self._kinds)
            if self._planned_once and here.vendor == "postgresql":
                fixed = [type(one) is not _Place for one in made.given]
                text = prepared.written_in(here, made.text, made.given, fixed)
                made = replace(made, text=text, given=tuple(one for one in made.given if type(one) is _Place))
            self._written[here.vendor] = made
            return made


class ListReading(Generic[Row]):
    """The same for a list of values of one type, of which there are few: a text for each length up to :data:`MOST_LISTED`; a
    longer list is asked by the framework."""

    def __init__(self, make: Callable[[Sequence[Any]], models.QuerySet[Any, Any]], kind: type) -> None:
        self._make, self._kind = make, kind
        self._of: dict[int, Reading[Row]] = {}

    def __call__(self, values: Iterable[Any]) -> list[Row]:
        """The rows for these values, each of which counts once; for none, none."""
        wanted = list(dict.fromkeys(values))
        if not wanted or len(wanted) > MOST_LISTED:
            return list(self._make(wanted)) if wanted else []
        if len(wanted) not in self._of:
            make = self._make
            self._of[len(wanted)] = Reading(lambda *given: make(given), *[self._kind] * len(wanted))
        return self._of[len(wanted)](*wanted)


MOST_LISTED = 12


class _Place(int):
    """Which of the values stands at a place of the text."""


@dataclass(frozen=True, slots=True)
class _Written:
    text: str
    given: tuple[Any, ...]
    locks: bool
    converters: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]
    model: type[models.Model] | None
    names: tuple[str, ...]
    width: slice
    related: tuple[Any, ...]
    annotated: tuple[tuple[str, int], ...]

    def rows(self, here: BaseDatabaseWrapper, found: Sequence[Sequence[Any]]) -> list[Any]:
        told = list(self._converted(here, found))
        if self.model is None:
            return [tuple(one) for one in told]
        made = []
        for one in told:
            row = self.model.from_db(here.alias, self.names, one[self.width])
            for each in self.related:
                each.populate(one, row)
            for name, place in self.annotated:
                setattr(row, name, one[place])
            made.append(row)
        return made

    def _converted(self, here: BaseDatabaseWrapper, found: Iterable[Sequence[Any]]) -> Iterator[list[Any]]:
        for one in found:
            row = list(one)
            for place, steps, expression in self.converters:
                value = row[place]
                for step in steps:
                    value = step(value, expression, here)
                row[place] = value
            yield row


def _write(
    here: BaseDatabaseWrapper, make: Callable[..., models.QuerySet[Any, Any]], kinds: Sequence[type]
) -> _Written:  # fmt: skip
    marks = [_MARKS[kind](place) for place, kind in enumerate(kinds)]
    query = make(*marks)
    compiler = query.query.get_compiler(using=here.alias)
    text, given = compiler.as_sql()
    known = {_bound(here, mark): _Place(place) for place, mark in enumerate(marks)}
    kept = tuple(known.get(one, one) for one in given)
    if {one for one in kept if type(one) is _Place} != set(known.values()):
        raise TypeError(f"a value of the query does not occur in it as it is: {text}")
    expressions = [one[0] for one in compiler.select]
    converters = tuple(
        (place, tuple(steps), expression) for place, (steps, expression) in compiler.get_converters(expressions).items()
    )
    if query._iterable_class is not ModelIterable:
        return _Written(text, kept, query.query.select_for_update, converters, None, (), slice(0), (), ())
    fields = compiler.klass_info["select_fields"]
    width = slice(fields[0], fields[-1] + 1)
    return _Written(
        text, kept, query.query.select_for_update, converters, compiler.klass_info["model"],
        tuple(one[0].target.attname for one in compiler.select[width]), width,
        tuple(get_related_populators(compiler.klass_info, compiler.select, here.alias)),  # type: ignore[call-arg]
        tuple((compiler.annotation_col_map or {}).items()),
    )  # fmt: skip


def _connection() -> BaseDatabaseWrapper:
    """The connection of this thread itself: what stands for it looks it up at each touch."""
    return connections[DEFAULT_DB_ALIAS]


def _bound(here: BaseDatabaseWrapper, value: Any) -> Any:
    """A value as the database takes it."""
    if type(value) is datetime:
        return here.ops.adapt_datetimefield_value(value)
    return here.ops.adapt_datefield_value(value) if type(value) is date else value


_AS_IT_IS = (models.ForeignKey, models.IntegerField, models.BooleanField, models.AutoField)
"""Columns whose values go to the database as they are."""


Way = Callable[[BaseDatabaseWrapper, Any], Any]
"""What a value of a column goes through on its way to the database; ``None``: nothing."""


@dataclass(frozen=True, slots=True)
class _Table:
    """How rows of a model are written: its columns, the attributes they come from, and what each value goes through."""

    name: str
    columns: tuple[str, ...]
    attributes: tuple[str, ...]
    ways: tuple[Way | None, ...]
    key: str
    key_place: int


def insert(rows: Iterable[models.Model], *, replacing: bool = False) -> None:
    """Store rows of one model: new ones, or with ``replacing`` also such as are there, by their ids. Ids that the database
    gives are set on the rows. Values must be values: no expressions."""
    made = list(rows)
    if not made:
        return
    here = _connection()
    table = _table(type(made[0]))
    numbered = getattr(made[0], table.key) is not None
    for start in range(0, len(made), _ROWS_A_STATEMENT):
        _insert(here, table, made[start : start + _ROWS_A_STATEMENT], numbered, replacing)


def _insert(
    here: BaseDatabaseWrapper, table: _Table, rows: Sequence[models.Model], numbered: bool, replacing: bool
) -> None:  # fmt: skip
    text = _insertion(here, table, len(rows), numbered, replacing)
    left = -1 if numbered else table.key_place
    shape = [
        (name, way) for place, (name, way) in enumerate(zip(table.attributes, table.ways, strict=True)) if place != left
    ]
    values = []
    for row in rows:
        known = row.__dict__
        values += [way(here, known[name]) if way else known[name] for name, way in shape]
    with here.cursor() as cursor:
        cursor.execute(text, values)
        if not numbered:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                setattr(row, table.key, key)
    for row in rows:
        row._state.adding, row._state.db = False, here.alias


_TEXTS: dict[tuple[Any, ...], str] = {}


def _insertion(here: BaseDatabaseWrapper, table: _Table, count: int, numbered: bool, replacing: bool) -> str:
    known = (here.vendor, table.name, count, numbered, replacing)
    if known not in _TEXTS:
        quote = here.ops.quote_name
        columns = [one for one in table.columns if numbered or one != table.columns[table.key_place]]
        one = f"({', '.join(['%s'] * len(columns))})"
        text = f"INSERT INTO {quote(table.name)} ({', '.join(map(quote, columns))}) VALUES {', '.join([one] * count)}"
        key = quote(table.columns[table.key_place])
        if replacing:
            others = [quote(one) for place, one in enumerate(table.columns) if place != table.key_place]
            text += f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{one} = EXCLUDED.{one}' for one in others)}"
        _TEXTS[known] = text if numbered else f"{text} RETURNING {key}"
    return _TEXTS[known]


def change(row: models.Model, names: Iterable[str]) -> None:
    """Write these attributes of a stored row. Foreign keys by the name of their column (``unit_id``)."""
    here, named = _connection(), tuple(names)
    table = _table(type(row))
    ways = dict(zip(table.attributes, table.ways, strict=True))
    known = (here.vendor, table.name, named)
    if known not in _TEXTS:
        quote, columns = here.ops.quote_name, dict(zip(table.attributes, table.columns, strict=True))
        sets = ", ".join(f"{quote(columns[name])} = %s" for name in named)
        key = quote(table.columns[table.key_place])
        _TEXTS[known] = f"UPDATE {quote(table.name)} SET {sets} WHERE {key} = %s"
    values = [way(here, row.__dict__[name]) if (way := ways[name]) else row.__dict__[name] for name in named]
    with here.cursor() as cursor:
        cursor.execute(_TEXTS[known], [*values, row.pk])


_TABLES: dict[type[models.Model], _Table] = {}


def _table(model: type[models.Model]) -> _Table:
    if model not in _TABLES:
        fields = model._meta.concrete_fields
        _TABLES[model] = _Table(
            model._meta.db_table, tuple(one.column or one.attname for one in fields), tuple(one.attname for one in fields),
            tuple(_way(one) for one in fields), model._meta.pk.attname,
            next(place for place, one in enumerate(fields) if one.primary_key),
        )  # fmt: skip
    return _TABLES[model]


def _way(field: models.Field[Any, Any]) -> Way | None:
    """What the values of a field go through."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False) or field.has_db_default():
        raise TypeError(f"{field} is set while it is stored: the framework writes such rows")
    if type(field) is models.DateTimeField:
        return lambda here, value: here.ops.adapt_datetimefield_value(value)
    if type(field) is models.DateField:
        return lambda here, value: here.ops.adapt_datefield_value(value)
    if type(field) in (models.CharField, models.TextField):
        return lambda _here, value: value if value is None or type(value) is str else str(value)
    if isinstance(field, _AS_IT_IS):
        return None
    return lambda here, value: field.get_db_prep_save(value, here)
