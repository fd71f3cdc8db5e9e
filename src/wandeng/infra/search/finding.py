"""Which things fit a text, within units, best first. A few short statements, each with a limit, whatever the size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.db import connection

from wandeng.infra.search import storage, text
from wandeng.infra.search.entries import IDS_A_KIND, KNOWN_BY_ITS_END, MANY, Kind

_AFTER_ALL = "\U0010ffff"
_MANY_UNITS = 200
"""Beyond so many units a query asks for all and leaves the choice to the domain that shows the things."""
_FEWEST_OF_A_NUMBER = 3
_LONGEST_HOUSE_NUMBER = 4


class Fit(IntEnum):
    """How a thing fits, best first."""

    NUMBER = 0
    NAME = 1
    INITIALS = 2
    NUMBER_STARTS = 3
    NUMBER_ENDS = 4
    NAME_STARTS = 5
    INITIALS_START = 6
    NAME_HOLDS = 7
    PLACE_HOLDS = 8


@dataclass(frozen=True, slots=True)
class Match:
    """A thing that fits: its kind, its own id, and how it fits."""

    kind: Kind
    id: int
    fit: Fit


@dataclass(slots=True)
class _Matches:
    """What was found so far; a thing stands in it once, by its best fit."""

    limit: int
    found: dict[int, Fit] = field(default_factory=dict)

    def add(self, rows: Iterable[tuple[int, int]]) -> None:
        for entry, fit in rows:
            self.found[entry] = min(Fit(fit), self.found.get(entry, Fit.PLACE_HOLDS))

    def is_full(self, kinds: Iterable[Kind]) -> bool:
        return all(sum(1 for entry in self.found if entry // IDS_A_KIND == kind) >= self.limit for kind in kinds)

    def best(self) -> list[Match]:
        ranked = sorted(self.found.items(), key=lambda item: (item[1], item[0]))
        return [Match(Kind(entry // IDS_A_KIND), entry % IDS_A_KIND, fit) for entry, fit in ranked]


def find(asked: str, kinds: Sequence[Kind], *, units: Sequence[int] | None, limit: int) -> list[Match]:
    """The things of these kinds that fit ``asked``, best first, at least ``limit`` of each kind if there are so many.

    Several words must all fit. ``units`` limits kinds that have units to these; ``None`` or very many: no limit, and the
    caller leaves out what may not be seen.
    """
    words = [word for word in (text.key(part) for part in asked.split()) if word]
    if not words or (units is not None and not units):
        return []
    inside = None if units is None or len(units) > _MANY_UNITS else sorted(units)
    matches = _Matches(limit)
    if all(word.isdigit() for word in words):
        words = ["".join(words)]
    many, few = [kind for kind in kinds if kind in MANY], [kind for kind in kinds if kind not in KNOWN_BY_ITS_END]
    if len(words) == 1:
        numbered = [kind for kind in kinds if kind in KNOWN_BY_ITS_END]
        matches.add(_probe(words[0], numbered, inside, limit))
    for kind in many:
        if not matches.is_full([kind]) and _may_be_held(words, matches):
            matches.add(_holding(words, kind, inside, limit))
    if few:
        matches.add(_among_few(words, few, inside))
    return matches.best()


def _may_be_held(words: Sequence[str], matches: _Matches) -> bool:
    """Whether a name or an address may hold the words: not a whole number that was found, nor one longer than any
    house's."""
    if words[0].isdigit() and len(words) == 1:
        return 1 < len(words[0]) <= _LONGEST_HOUSE_NUMBER and Fit.NUMBER not in matches.found.values()
    return any(len(word) > 1 for word in words)


def _probe(word: str, kinds: Sequence[Kind], units: list[int] | None, limit: int) -> list[tuple[int, int]]:
    """Look the word up in the indexes: as a number or its ends, as a name, as initials, whole or as a beginning."""
    parts: list[str] = []
    params: list[Any] = []
    for kind in kinds:
        for fit, column, value, whole in _lookups(word, kind):
            condition, values = _equal(column, value) if whole else _starts(column, value)
            where = [condition, "id >= %s AND id <= %s"]
            values += [kind.first, kind.last]
            if units is not None and kind in MANY:
                where.append(f"unit_id IN ({', '.join(['%s'] * len(units))})")
                values += units
            tables = "infra_searchentry"
            parts.append(
                f"SELECT * FROM (SELECT id, {fit.value} AS fit FROM {tables} WHERE {' AND '.join(where)} "
                f"LIMIT {limit}) AS part{len(parts)}"
            )
            params += values
    return _rows(" UNION ALL ".join(parts), params) if parts else []


def _lookups(word: str, kind: Kind) -> list[tuple[Fit, str, str, bool]]:
    looked = [(Fit.NUMBER, "code", word, True)]
    if word.isascii() and len(word) >= _FEWEST_OF_A_NUMBER:
        looked.append((Fit.NUMBER_STARTS, "code", word, False))
        looked.append((Fit.NUMBER_ENDS, "tail", word[::-1], False))
    if kind in MANY:
        looked += [(Fit.NAME, "name", word, True), (Fit.NAME_STARTS, "name", word, False)]
        if word.isascii() and not word.isdigit():
            looked += [(Fit.INITIALS, "initials", word, True), (Fit.INITIALS_START, "initials", word, False)]
    return looked


def _holding(words: Sequence[str], kind: Kind, units: list[int] | None, limit: int) -> list[tuple[int, int]]:
    """Entries whose name, initials or address hold every word, those with the words in the name first."""
    if words[0].isdigit():
        return _rows(*_select(words, "place", Fit.PLACE_HOLDS, kind, units, limit))
    in_name = _select(words, "name", Fit.NAME_HOLDS, kind, units, limit)
    found = _rows(*in_name)
    if len(found) < limit:
        found += _rows(*_select(words, "place", Fit.PLACE_HOLDS, kind, units, limit))
    return found


def _select(
    words: Sequence[str], where: str, fit: Fit, kind: Kind, units: list[int] | None, limit: int
) -> tuple[str, list[Any]]:
    """The statement and its parameters: pairs choose, and the entry itself is held against the words. ``where`` is "name"
    for every word in name or initials, "place" for words anywhere in name, initials or address."""
    conditions, params = [], list[Any]()
    columns = ("name", "initials") if where == "name" else ("name", "initials", "place")
    table = "infra_searchentry e"
    if storage.exists():
        table += f" JOIN {storage.TABLE} g ON g.{'rowid' if connection.vendor == 'sqlite' else 'id'} = e.id"
        chosen, values = _chosen(words, where, units)
        conditions.append(chosen)
        params += values
    conditions.append("e.id >= %s AND e.id <= %s")
    params += [kind.first, kind.last]
    for word in words:
        holds, values = _holds([f"e.{column}" for column in columns], word)
        conditions.append(holds)
        params += values
    if units is not None:
        conditions.append(f"e.unit_id IN ({', '.join(['%s'] * len(units))})")
        params += units
    sql = f"SELECT e.id, {fit.value} FROM {table} WHERE {' AND '.join(conditions)} LIMIT {limit}"
    return sql, params


def _chosen(words: Sequence[str], where: str, units: list[int] | None) -> tuple[str, list[Any]]:
    """The condition on the pairs. Words of one character have none; at least one has."""
    places = [text.IN_NAME] if where == "name" else [text.IN_NAME, text.IN_PLACE]
    wanted = [[sorted(text.pairs(word, place)) for place in places] for word in words if len(word) > 1]
    if connection.vendor == "sqlite":
        asked = " AND ".join(
            f"({' OR '.join('(' + ' AND '.join(map(str, pairs)) + ')' for pairs in word)})" for word in wanted
        )
        if units is not None:
            asked += f" AND ({' OR '.join(f'u{unit}' for unit in units)})"
        return f"{storage.TABLE} MATCH %s", [asked]
    parts = [f"({' OR '.join(['g.pairs @> %s::integer[]'] * len(word))})" for word in wanted]
    params: list[Any] = [pairs for word in wanted for pairs in word]
    if units is not None:
        parts.append("g.pairs && %s::integer[]")
        params.append([-unit for unit in units])
    return " AND ".join(parts), params


def _among_few(words: Sequence[str], kinds: Sequence[Kind], units: list[int] | None) -> list[tuple[int, int]]:
    """Kinds with thousands of things, not hundreds of thousands: all their entries are read."""
    ranges = " OR ".join(["(id >= %s AND id <= %s)"] * len(kinds))
    params: list[Any] = [edge for kind in kinds for edge in (kind.first, kind.last)]
    conditions = [f"({ranges})"]
    for word in words:
        holds, values = _holds(["code", "name", "initials", "place"], word)
        conditions.append(holds)
        params += values
    if units is not None:
        conditions.append(f"unit_id IN ({', '.join(['%s'] * len(units))})")
        params += units
    columns = "id, code, name, initials, place"
    sql = f"SELECT {columns} FROM infra_searchentry WHERE {' AND '.join(conditions)} LIMIT {_FEW_READ}"
    return [(row[0], _fit(words, *row[1:])) for row in _rows(sql, params)]


_FEW_READ = 2_000


def _fit(words: Sequence[str], code: str, name: str | None, initials: str | None, place: str | None) -> Fit:
    """The worst of the words' best fits."""
    name, initials = name or "", initials or ""

    def of(word: str) -> Fit:
        tests = (
            (code == word, Fit.NUMBER),
            (name == word, Fit.NAME),
            (initials == word, Fit.INITIALS),
            (code.startswith(word), Fit.NUMBER_STARTS),
            (code.endswith(word), Fit.NUMBER_ENDS),
            (name.startswith(word), Fit.NAME_STARTS),
            (initials.startswith(word), Fit.INITIALS_START),
            (word in name or word in initials or word in code, Fit.NAME_HOLDS),
        )
        return next((fit for fits, fit in tests if fits), Fit.PLACE_HOLDS)

    return max(of(word) for word in words)


def _equal(column: str, value: str) -> tuple[str, list[Any]]:
    return f"{column} = %s", [value]


def _starts(column: str, value: str) -> tuple[str, list[Any]]:
    """A beginning, compared byte by byte so that the index answers on both databases."""
    low, high = (">=", "<") if connection.vendor == "sqlite" else ("~>=~", "~<~")
    return f"{column} {low} %s AND {column} {high} %s", [value, value + _AFTER_ALL]


def _holds(columns: Sequence[str], word: str) -> tuple[str, list[Any]]:
    held = "instr(COALESCE({}, ''), %s) > 0" if connection.vendor == "sqlite" else "strpos(COALESCE({}, ''), %s) > 0"
    return f"({' OR '.join(held.format(column) for column in columns)})", [word] * len(columns)


def _rows(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
