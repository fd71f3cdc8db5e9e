"""Units are founded, people join, posts are given and taken."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.organization import rules
from wandeng.domains.organization.authority import require_staff_authority
from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.ids import PersonId, UnitId
from wandeng.kernel.periods import BILLING_ZONE, FAR_FUTURE

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class KeptApart(Conflict):
    """One person may not hold both roles (不相容岗位)."""

    code = "ROLES_KEPT_APART"


@transaction.atomic
def create_unit(
    *, code: str, name: str, kind: str, parent_code: str = "", territory: str = "", actor: Actor, at: datetime
) -> UnitId:
    """Found a unit below ``parent_code`` (empty: a root). An empty territory is the parent's.

    Raises :class:`InvalidInput` for a code that cannot stand in a path, an unknown kind, or a root without territory;
    :class:`Conflict` for a code in use; :class:`NotFound` for the parent.
    """
    if not _CODE.fullmatch(code):
        raise InvalidInput(f"a unit code has 1 to 32 letters, digits, '.', '_' or '-', not '{code}'")
    if kind not in Unit.KINDS:
        raise InvalidInput(f"a unit is one of {', '.join(Unit.KINDS)}, not '{kind}'")
    if Unit.objects.filter(code=code).exists():
        raise Conflict(f"unit {code} exists already")
    parent = _open_unit(parent_code) if parent_code else None
    path = (parent.path if parent else "") + f"{code}/"
    require(actor, Role.ADMINISTRATOR, unit_path=path)
    territory = territory or (parent.territory if parent else "")
    if not territory:
        raise InvalidInput(f"unit {code} needs a territory: whose rules apply there")
    unit = Unit.objects.create(
        id=ids.reserve(Unit, 1), code=code, name=name, kind=kind, parent=parent, path=path, territory=territory
    )
    facts = {"kind": kind, "path": path, "territory": territory}
    audit.record(actor=actor, action="unit.create", subject=unit, facts=facts, at=at, unit_path=path)
    return UnitId(unit.id)


@transaction.atomic
def add_person(*, code: str, name: str, unit_code: str, actor: Actor, at: datetime) -> PersonId:
    """Take a member of staff into a unit; without a post they can do nothing yet.

    Raises :class:`Conflict` for a code in use, :class:`NotFound` for the unit.
    """
    unit = _open_unit(unit_code)
    require_staff_authority(actor, unit_path=unit.path, at=at)
    if Person.objects.filter(code=code).exists():
        raise Conflict(f"person {code} exists already")
    person = Person.objects.create(id=ids.reserve(Person, 1), code=code, name=name, unit=unit)
    audit.record(actor=actor, action="person.add", subject=person, facts={"code": code}, at=at, unit_path=unit.path)
    return PersonId(person.id)


@transaction.atomic
def appoint(
    *,
    person_code: str,
    unit_code: str,
    role: Role,
    from_on: date,
    to_on: date = FAR_FUTURE,
    actor: Actor,
    at: datetime,
) -> int:
    """Give a person a role over a unit for ``from_on`` ≤ day < ``to_on``; returns the post's id.

    Raises :class:`InvalidInput` for an empty period, :class:`Conflict` when the same post is held on one of the days,
    :class:`KeptApart` when another post of theirs may not go with it, :class:`NotFound` for a person or unit outside
    the actor's scope: who comes from elsewhere is appointed by somebody above both.
    """
    unit, person = _open_unit(unit_code), _person(person_code, actor)
    require_staff_authority(actor, unit_path=unit.path, at=at)
    if from_on >= to_on:
        raise InvalidInput(f"a post must end after it starts: {from_on} to {to_on}")
    same = Post.objects.filter(person=person, unit=unit, role=str(role))
    if same.filter(valid_from__lt=to_on, valid_to__gt=from_on).exists():
        raise Conflict(f"{person_code} is {role} of {unit_code} already in that period")
    _kept_apart(person, role, from_on, to_on, at)
    post = Post.objects.create(
        id=ids.reserve(Post, 1), person=person, unit=unit, role=str(role), valid_from=from_on, valid_to=to_on
    )
    facts = {"person": person_code, "role": str(role), "from": from_on, "to": to_on}
    audit.record(actor=actor, action="post.appoint", subject=post, facts=facts, at=at, unit_path=unit.path)
    return post.id


@transaction.atomic
def dismiss(
    *, person_code: str, unit_code: str, role: Role, on: date, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """End a post: ``on`` is the first day without it.

    Raises :class:`NotFound` when the person does not hold the post the day before.
    """
    unit = _unit(unit_code)
    require_staff_authority(actor, unit_path=unit.path, at=at)
    post = Post.objects.filter(
        person__code=person_code, unit=unit, role=str(role), valid_from__lt=on, valid_to__gte=on
    ).first()
    if post is None:
        raise NotFound(f"{person_code} is not {role} of {unit_code} before {on}")
    Post.objects.filter(pk=post.pk).update(valid_to=on)
    facts = {"person": person_code, "role": str(role), "to": on, "was_to": post.valid_to}
    audit.record(
        actor=actor, action="post.dismiss", subject=post, facts=facts, at=at, reason=reason, unit_path=unit.path
    )


@transaction.atomic
def offer_in_demonstration(*, person_codes: list[str], actor: Actor, at: datetime) -> None:
    """Let the login page of a demonstration offer these people without a password.

    Raises :class:`NotAllowed` unless it is the machine that sets a demonstration up.
    """
    if actor.person_id is not None:
        raise NotAllowed("only the demonstration itself names the accounts that need no password")
    Person.objects.filter(code__in=person_codes).update(is_demo=True)
    facts = {"people": sorted(person_codes)}
    audit.record(actor=actor, action="person.demo", subject=("organization.Person", "demo"), facts=facts, at=at)


def _kept_apart(person: Person, role: Role, from_on: date, to_on: date, at: datetime) -> None:
    """Refuse a role beside one that the rules of the day of the decision keep apart from it."""
    held = Post.objects.filter(person=person, valid_from__lt=to_on, valid_to__gt=from_on).values_list("role", flat=True)
    others = set(held)
    for pair in rules.role_pairs(at.astimezone(BILLING_ZONE).date()):
        clashing = pair.roles & others
        if role in pair.roles and clashing and role not in clashing:
            raise KeptApart(
                f"{person.code} is {min(clashing)}, which does not go with {role}",
                reason_zh=pair.reason_zh,
                reason_en=pair.reason_en,
                citation=pair.citation,
            )


def _unit(code: str) -> Unit:
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise NotFound(f"there is no unit {code}")
    return unit


def _open_unit(unit_code: str) -> Unit:
    unit = _unit(unit_code)
    if unit.closed_on is not None:
        raise Conflict(f"unit {unit_code} is closed since {unit.closed_on}")
    return unit


def _person(code: str, actor: Actor) -> Person:
    person = Person.objects.select_related("unit").filter(code=code, is_active=True).first()
    if person is None or not Scope.of(actor).covers(person.unit.path):
        raise NotFound(f"there is no person {code}")
    return person
