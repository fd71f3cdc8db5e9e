"""Units with their people, accounts, posts and the login log, for those who administer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from wandeng.domains.organization import logins
from wandeng.domains.organization.models import LoginRecord, Person, Post, Unit
from wandeng.domains.organization.rules import RolePair, role_pairs
from wandeng.domains.organization.types import PostHeld, Role
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, dict[str, Any]]
PEOPLE_COLUMNS = ("code", "name", "unit_code", "unit_name", "is_active", "last_login", "posts", "must_change_password")
POST_COLUMNS = ("id", "person_code", "person_name", "unit_code", "unit_name", "role", "valid_from", "valid_to")
LOGIN_COLUMNS = ("id", "at", "person_code", "address", "outcome", "browser")


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit of the tree with what is directly in it; ``depth`` 0 is the topmost one shown."""

    code: str
    name: str
    kind: str
    path: str
    territory: str
    depth: int
    people: int
    posts: int
    children: int
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitHeld:
    """How many open units, active people and posts held that day or later lie in a unit or below it."""

    units: int
    people: int
    posts: int


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person with their account; ``locked_until`` when too many logins failed."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    unit_path: str
    is_active: bool
    has_password: bool
    must_change_password: bool
    last_login: datetime | None
    failures_today: int
    locked_until: datetime | None
    posts: tuple[PostHeld, ...]


@dataclass(frozen=True, slots=True)
class Online:
    """A person who is logged in, with the time and address of their last login."""

    code: str
    name: str
    unit_name: str
    unit_path: str
    since: datetime | None
    address: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Two posts that one person holds on a day although they are kept apart."""

    person_code: str
    person_name: str
    roles: tuple[str, str]
    pair: RolePair


def units_shown(scope: Scope, *, on: date) -> tuple[UnitShown, ...]:
    """The units of the scope, parents before children, with the people and posts directly in each."""
    rows = scope.limit(Unit.objects.order_by("path"), "path")
    people = dict(Person.objects.filter(is_active=True).values_list("unit_id").annotate(n=Count("id")))
    held = Post.objects.filter(valid_from__lte=on, valid_to__gt=on, person__is_active=True)
    posts = dict(held.values_list("unit_id").annotate(n=Count("id")))
    children = dict(Unit.objects.filter(parent__isnull=False).values_list("parent_id").annotate(n=Count("id")))
    found = list(rows)
    top = min((row.path.count("/") for row in found), default=0)
    return tuple(
        UnitShown(
            row.code, row.name, row.kind, row.path, row.territory, row.path.count("/") - top,
            people.get(row.pk, 0), posts.get(row.pk, 0), children.get(row.pk, 0),
            row.closed_on,
        )
        for row in found
    )  # fmt: skip


def unit_held(inside: Scope, *, on: date) -> UnitHeld:
    """What the organization itself still has in a unit, which ``inside`` is the scope of, and below it."""
    below = Unit.objects.filter(closed_on__isnull=True).exclude(path=inside.prefix)
    return UnitHeld(
        units=inside.limit(below, "path").count(),
        people=inside.limit(Person.objects.filter(is_active=True), "unit__path").count(),
        posts=inside.limit(Post.objects.filter(valid_to__gt=on, person__is_active=True), "unit__path").count(),
    )


def people_rows(scope: Scope, *, on: date) -> Rows:
    """People by code: :data:`PEOPLE_COLUMNS`; ``posts`` counts those held on the day. Lazy."""
    held = Count("posts", filter=Q(posts__valid_from__lte=on, posts__valid_to__gt=on))
    rows = scope.limit(Person.objects.all(), "unit__path")
    named = rows.annotate(unit_code=F("unit__code"), unit_name=F("unit__name"))
    found: Rows = (
        named.values(*[name for name in PEOPLE_COLUMNS if name != "posts"]).annotate(posts=held).order_by("code")
    )
    return found


def people_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of these people; codes of nobody are left out. For those who may see what somebody did: a name beside a
    deed says no more than its code."""
    wanted = {code for code in codes if code}
    return dict(Person.objects.filter(code__in=wanted).values_list("code", "name")) if wanted else {}


def name_of(code: str) -> Subquery:
    """The name of the person whose code stands in a column of the outer query; null for nobody's."""
    return Subquery(Person.objects.filter(code=OuterRef(code)).values("name")[:1])


def person_shown(scope: Scope, code: str, *, on: date, now: datetime) -> PersonShown:
    """One person, active or not. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Person.objects.select_related("unit"), "unit__path", "person", code=code)
    failures, locked_until = logins.standing(row.code, now)
    posts = Post.objects.filter(person=row).select_related("unit").order_by("-valid_to", "unit__path", "role")
    return PersonShown(
        code=row.code,
        name=row.name,
        unit_code=row.unit.code,
        unit_name=row.unit.name,
        unit_path=row.unit.path,
        is_active=row.is_active,
        has_password=row.has_usable_password(),
        must_change_password=row.must_change_password,
        last_login=row.last_login,
        failures_today=failures,
        locked_until=locked_until,
        posts=tuple(
            PostHeld(row.code, post.unit.code, post.unit.path, Role(post.role), post.valid_from, post.valid_to)
            for post in posts
        ),
    )


def post_rows(scope: Scope, *, on: date | None = None) -> Rows:
    """Posts over units of the scope: :data:`POST_COLUMNS`; those held on a day, or all there ever were. Lazy."""
    rows = scope.limit(Post.objects.all(), "unit__path")
    if on is not None:
        rows = rows.filter(valid_from__lte=on, valid_to__gt=on, person__is_active=True)
    named = rows.annotate(
        person_code=F("person__code"), person_name=F("person__name"), unit_code=F("unit__code"),
        unit_name=F("unit__name"),
    )  # fmt: skip
    found: Rows = named.order_by("unit__path", "role", "person_code").values(*POST_COLUMNS)
    return found


def holders_near(unit_path: str, roles: Iterable[str], on: date, *, most: int = 60) -> dict[str, dict[str, str]]:
    """Who holds each of these roles at a unit, above it or below it on a day: role → code → name, by name; so many at most."""
    parts = unit_path.rstrip("/").split("/")
    above = ["/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1)]
    below = Exact(Left(F("unit__path"), len(unit_path)), unit_path)
    rows = Post.objects.filter(role__in=list(roles), valid_from__lte=on, valid_to__gt=on, person__is_active=True)
    named = rows.filter(Q(unit__path__in=above) | Q(below)).order_by("person__name", "person__code")
    found: dict[str, dict[str, str]] = {}
    for role, code, name in named.values_list("role", "person__code", "person__name")[:most]:
        found.setdefault(role, {})[code] = name
    return found


def role_counts(scope: Scope, *, on: date) -> dict[str, int]:
    """How many people hold each role in the scope on a day."""
    rows = scope.limit(Post.objects.filter(valid_from__lte=on, valid_to__gt=on, person__is_active=True), "unit__path")
    return dict(rows.values_list("role").annotate(n=Count("person_id", distinct=True)).order_by("role"))


def login_rows(scope: Scope) -> Rows:
    """The login log of the people in the scope, newest first: :data:`LOGIN_COLUMNS`. Codes of nobody, which somebody
    tried, are seen from the root. Lazy."""
    rows = LoginRecord.objects.order_by("-id")
    if not scope.is_root:
        rows = rows.filter(person_code__in=scope.limit(Person.objects.all(), "unit__path").values("code"))
    found: Rows = rows.values(*LOGIN_COLUMNS)
    return found


def online(scope: Scope, person_ids: Sequence[int]) -> dict[int, Online]:
    """The people with these keys inside the scope, by key."""
    rows = scope.limit(Person.objects.filter(pk__in=set(person_ids)), "unit__path").select_related("unit")
    last = LoginRecord.objects.filter(person_code=OuterRef("code"), outcome="IN").order_by("-id").values("address")
    return {
        row.pk: Online(row.code, row.name, row.unit.name, row.unit.path, row.last_login, row.address or "")
        for row in rows.annotate(address=Subquery(last[:1]))
    }


def clashes(scope: Scope, *, on: date) -> tuple[Clash, ...]:
    """Pairs of roles that people hold on a day although they are kept apart: from before the rule, or by import."""
    held: dict[tuple[str, str], set[str]] = {}
    for row in post_rows(scope, on=on):
        held.setdefault((row["person_code"], row["person_name"]), set()).add(row["role"])
    found = []
    for pair in role_pairs(on):
        for (code, name), roles in sorted(held.items()):
            if pair.roles <= roles:
                one, other = sorted(pair.roles)
                found.append(Clash(code, name, (one, other), pair))
    return tuple(found)
