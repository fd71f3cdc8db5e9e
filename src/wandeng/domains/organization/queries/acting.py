"""Who acts where, and the tree of units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from wandeng.domains.organization.models import ApiToken, Person, Post, SavedView, Unit
from wandeng.domains.organization.types import (
    DemoAccount,
    PersonCard,
    PostHeld,
    Role,
    TokenFacts,
    TokenHolder,
    UnitNode,
    View,
)
from wandeng.infra.scope import Scope, within
from wandeng.infra.statements import ListReading, Reading
from wandeng.infra.tokens import digest
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound
from wandeng.kernel.ids import PersonId, UnitId

_NODE = ("code", "name", "kind", "path", "territory", "pk", "closed_on")
_SEEN: ContextVar[dict[str, tuple[UnitNode, ...]] | None] = ContextVar("units seen", default=None)


def actor_for(
    code: str,
    on: date,
    *,
    unit_code: str = "",
    held: tuple[PostHeld, ...] | None = None,
    card: PersonCard | None = None,
) -> Actor:
    """The person ``code`` as an actor on a day: unit and roles by the posts held then.

    A post reaches its unit and all below. With ``unit_code`` the person acts there, with the roles held over it;
    without it, at the topmost unit of their posts, with the roles held over that one. ``held`` (the posts of the day)
    and ``card`` are given where they are known already.

    Raises :class:`NotFound` for an unknown or inactive person or unit, :class:`NotAllowed` for one without a post
    there, and for posts in separate places when no unit is named.
    """
    person_id = (
        card.person_id
        if card
        else Person.objects.filter(code=code, is_active=True).values_list("pk", flat=True).first()
    )
    if person_id is None:
        raise NotFound(f"there is no person {code}")
    held = posts_of(code, on) if held is None else held
    if not held:
        raise NotAllowed(f"{code} holds no post on {on}")
    path = _path_of(unit_code) if unit_code else _topmost(code, held)
    roles = frozenset(str(post.role) for post in held if path.startswith(post.unit_path))
    if not roles:
        raise NotAllowed(f"{code} holds no post over unit {unit_code} on {on}")
    return Actor(code=code, person_id=PersonId(person_id), unit_path=path, roles=roles)


def posts_of(code: str, on: date) -> tuple[PostHeld, ...]:
    """The posts a person holds on a day, by unit path and role."""
    rows = Post.objects.filter(person__code=code, valid_from__lte=on, valid_to__gt=on)
    return tuple(
        PostHeld(code, row.unit.code, row.unit.path, Role(row.role), row.valid_from, row.valid_to)
        for row in rows.select_related("unit").order_by("unit__path", "role")
    )


def holders(unit_path: str, role: Role, on: date) -> tuple[str, ...]:
    """Who holds a role for a unit on a day: the active people whose post stands nearest, at the unit or above it."""
    parts = unit_path.rstrip("/").split("/")
    paths = ["/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]
    rows = Post.objects.filter(role=role, valid_from__lte=on, valid_to__gt=on, unit__path__in=paths)
    held = list(rows.filter(person__is_active=True).values_list("unit__path", "person__code").order_by("person__code"))
    nearest = max((path for path, _code in held), key=len, default="")
    return tuple(dict.fromkeys(code for path, code in held if path == nearest))


@contextmanager
def one_look() -> Iterator[None]:
    """Inside, the units of a scope are read from the database once: a page that only reads asks for them several times."""
    token = _SEEN.set({})
    try:
        yield
    finally:
        _SEEN.reset(token)


def unit_tree(scope: Scope) -> tuple[UnitNode, ...]:
    """The units of the scope, parents before children."""
    seen = _SEEN.get()
    if seen is not None and scope.prefix in seen:
        return seen[scope.prefix]
    tree = _nodes(tuple(_TREE(*scope.bounds)))
    if seen is not None:
        seen[scope.prefix] = tree
    return tree


@lru_cache(maxsize=256)
def _nodes(rows: tuple[tuple[Any, ...], ...]) -> tuple[UnitNode, ...]:
    """The units of these rows: the same rows are the same units, which change once a year and are asked for with every page."""
    return tuple(
        UnitNode(code, name, kind, path, territory, path.count("/") - 1, UnitId(pk), closed_on)
        for code, name, kind, path, territory, pk, closed_on in rows
    )


def unit(scope: Scope, code: str) -> UnitNode:
    """One unit. Raises :class:`NotFound`, also for a unit outside the scope."""
    return _node(scope.one(Unit.objects.all(), "path", "unit", code=code))


def _node(row: Unit) -> UnitNode:
    return UnitNode(
        row.code, row.name, row.kind, row.path, row.territory, row.path.count("/") - 1, UnitId(row.pk),
        row.closed_on,
    )  # fmt: skip


def _path_of(unit_code: str) -> str:
    path = Unit.objects.filter(code=unit_code).values_list("path", flat=True).first()
    if path is None:
        raise NotFound(f"there is no unit {unit_code}")
    return path


def _topmost(code: str, held: tuple[PostHeld, ...]) -> str:
    top = min((post.unit_path for post in held), key=len)
    elsewhere = [post.unit_code for post in held if not post.unit_path.startswith(top)]
    if elsewhere:
        raise NotAllowed(f"{code} holds posts in separate units: name the one to act in (also {', '.join(elsewhere)})")
    return top


def person_card(code: str) -> PersonCard:
    """Name and home unit of an active person. Raises :class:`NotFound`."""
    row = Person.objects.select_related("unit").filter(code=code, is_active=True).first()
    if row is None:
        raise NotFound(f"there is no person {code}")
    return PersonCard(row.code, row.name, row.unit.code, row.unit.name, row.must_change_password, PersonId(row.pk))


def login_user(code: str) -> Person:
    """The person as Django's login keeps them in the session. Raises :class:`NotFound`."""
    row = Person.objects.filter(code=code, is_active=True).first()
    if row is None:
        raise NotFound(f"there is no person {code}")
    return row


def demo_accounts() -> tuple[DemoAccount, ...]:
    """The accounts that a demonstration made, in the order of the roles."""
    rows = Post.objects.filter(person__is_demo=True, person__is_active=True).select_related("person", "unit")
    accounts = [DemoAccount(row.person.code, row.person.name, Role(row.role), row.unit.name) for row in rows]
    order = list(Role)
    return tuple(sorted(accounts, key=lambda one: (order.index(one.role), one.person_code)))


def holder_of(secret: str, *, now: datetime) -> TokenHolder | None:
    """Whom a token stands for, or ``None`` for one that is unknown, ended, revoked, or whose person has left.

    Notes the use, at most once a minute: a token in a loop must not write a row a call.
    """
    row = _TOKENS.first(digest(secret), now)
    if row is None:
        return None
    token_id, person, unit_code, may_write, used_at = row
    if used_at is None or used_at < now - timedelta(minutes=1):
        ApiToken.objects.filter(pk=token_id).update(used_at=now)
    return TokenHolder(person, unit_code or "", may_write, token_id)


_TOKENS: Reading[tuple[int, str, str | None, bool, datetime | None]] = Reading(
    lambda hashed, now: (
        ApiToken.objects.filter(digest=hashed, revoked_at=None, expires_at__gt=now, person__is_active=True)
        .order_by("pk")
        .values_list("pk", "person__code", "unit__code", "may_write", "used_at")
    ),
    str, datetime, planned_once=True,
)  # fmt: skip


def tokens_of(person_code: str) -> tuple[TokenFacts, ...]:
    """A person's tokens, newest first."""
    rows = ApiToken.objects.filter(person__code=person_code).select_related("unit").order_by("-id")
    return tuple(
        TokenFacts(
            row.pk,
            person_code,
            row.label,
            row.hint,
            row.may_write,
            row.unit.code if row.unit else "",
            row.created_at,
            row.expires_at,
            row.used_at,
            row.revoked_at,
        )
        for row in rows
    )


def views_of(person_code: str, list_name: str) -> tuple[View, ...]:
    """A person's saved views of a list, by name."""
    return tuple(View(*row) for row in _VIEWS(person_code, list_name))


_VIEWS: Reading[tuple[int, str, str]] = Reading(
    lambda person, name: (
        SavedView.objects.filter(person__code=person, list_name=name).order_by("name").values_list("id", "name", "query")
    ),
    str, str, planned_once=True,
)  # fmt: skip
_TREE: Reading[tuple[Any, ...]] = Reading(
    lambda length, prefix: within(Unit.objects.order_by("path"), "path", length, prefix).values_list(*_NODE),
    int, str, planned_once=True,
)  # fmt: skip


def unit_id(code: str) -> UnitId:
    """The key of a unit, for the foreign keys of upper domains. Raises :class:`NotFound`."""
    found = _UNITS.first(code)
    if found is None:
        raise NotFound(f"there is no unit {code}")
    return UnitId(found[0])


_UNITS: Reading[tuple[int]] = Reading(lambda code: Unit.objects.filter(code=code).values_list("id"), str)
_PEOPLE: ListReading[tuple[str, int, int]] = ListReading(
    lambda codes: Person.objects.filter(code__in=codes, is_active=True).values_list("code", "pk", "unit_id"), str
)


def person_place(code: str) -> tuple[PersonId, UnitId]:
    """A member of staff who may still log in, and their unit. Raises :class:`NotFound`."""
    found = _PEOPLE([code])
    if not found:
        raise NotFound(f"there is no person {code}")
    return PersonId(found[0][1]), UnitId(found[0][2])


def active_people(codes: Iterable[str]) -> tuple[str, ...]:
    """Those of the codes that are people who may still log in, each once, in their order."""
    wanted = [code for code in dict.fromkeys(codes) if code]
    here = {code for code, _person, _unit in _PEOPLE(wanted)}
    return tuple(code for code in wanted if code in here)
