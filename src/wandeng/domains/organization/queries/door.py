"""Whom a door meets: all that it asks about a person with every request, in one query."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from wandeng.domains.organization.models import Person
from wandeng.domains.organization.types import AtDoor, PersonCard, PostHeld, Role, UnitNode
from wandeng.infra import prepared
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import PersonId, UnitId

# Written out: this is asked with every request of every person, and putting it together anew takes several times as
# long as answering it. A person without a post is met as well: the door tells them what they lack.
_MET = """
SELECT person.id, person.password, person.code, person.name, person.unit_id, person.must_change_password,
       home.code, home.name, (SELECT set_at FROM organization_brand ORDER BY id DESC LIMIT 1),
       post.role, post.valid_from, post.valid_to,
       unit.id, unit.code, unit.name, unit.kind, unit.path, unit.territory, unit.closed_on
FROM organization_person AS person
JOIN organization_unit AS home ON home.id = person.unit_id
LEFT JOIN organization_post AS post ON post.person_id = person.id
LEFT JOIN organization_unit AS unit ON unit.id = post.unit_id
WHERE person.is_active AND {by} = %s
ORDER BY unit.path, post.role
"""
_BY_CODE, _BY_ID = _MET.format(by="person.code"), _MET.format(by="person.id")
_PERSON = ("id", "password", "code", "name", "unit_id", "must_change_password")


def at_door(code: str) -> AtDoor:
    """An active person as a door meets them. Raises :class:`NotFound`."""
    rows = _rows(_BY_CODE, code)
    if not rows:
        raise NotFound(f"there is no person {code}")
    return _met(tuple(rows))


def session_person(person_id: int) -> Person | None:
    """The active person of a session, with ``at_door`` filled, so that it is not asked for again; else ``None``."""
    rows = _rows(_BY_ID, person_id)
    if not rows:
        return None
    person: Person = Person.from_db(connection.alias, _PERSON, rows[0][: len(_PERSON)])
    person.at_door = _met(tuple(rows))
    return person


def posts_on(met: AtDoor, on: date) -> tuple[PostHeld, ...]:
    """The posts held on a day, by unit path and role."""
    return tuple(post for post in met.posts if post.valid_from <= on < post.valid_to)


def _rows(text: str, key: str | int) -> list[tuple[Any, ...]]:
    return prepared.answer(text, [key])


@lru_cache(maxsize=1_024)
def _met(rows: tuple[tuple[Any, ...], ...]) -> AtDoor:
    """What rows of :data:`_MET` say; those of somebody who asks again are mostly the same."""
    pk, _password, code, name, _unit, must_change, home_code, home_name, brand_at = rows[0][:9]
    posts, units = [], {}
    for role, since, until, unit_id, unit_code, unit_name, kind, path, territory, closed_on in (
        row[9:] for row in rows
    ):
        if role is None:
            continue
        posts.append(PostHeld(code, unit_code, path, Role(role), _day(since), _day(until)))
        closed = None if closed_on is None else _day(closed_on)
        depth = path.count("/") - 1
        units[path] = UnitNode(unit_code, unit_name, kind, path, territory, depth, UnitId(unit_id), closed)
    card = PersonCard(code, name, home_code, home_name, bool(must_change), PersonId(pk))
    return AtDoor(card, tuple(posts), tuple(units.values()), "" if brand_at is None else str(brand_at))


def _day(value: date | str) -> date:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
