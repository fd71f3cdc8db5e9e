"""Accounts of people: switched off and on, unlocked, given a one-time password; units renamed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from wandeng.domains.organization import settled
from wandeng.domains.organization.actions import credentials
from wandeng.domains.organization.authority import require_staff_authority
from wandeng.domains.organization.models import LoginRecord, Person, Unit
from wandeng.domains.organization.types import Role
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

# Without characters that are mistaken for each other when read out on the telephone.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4


@transaction.atomic
def rename_unit(*, unit_code: str, name: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Give a unit another name; its code and place stay. Raises :class:`NotFound`, :class:`InvalidInput`."""
    unit = Scope.of(actor).one(Unit.objects.all(), "path", "unit", code=unit_code)
    require(actor, Role.ADMINISTRATOR, unit_path=unit.path)
    if not 0 < len(name.strip()) <= 128:
        raise InvalidInput("a unit needs a name of 1 to 128 characters")
    Unit.objects.filter(pk=unit.pk).update(name=name.strip())
    facts = {"unit": unit_code, "title": name.strip(), "was_title": unit.name}
    audit.record(
        actor=actor, action="unit.rename", subject=unit, facts=facts, at=at, reason=reason, unit_path=unit.path
    )


@transaction.atomic
def deactivate_person(*, person_code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Switch an account off: the person is out with their next request. Posts stay as they are.

    Raises :class:`InvalidInput` without a reason or for oneself, :class:`Conflict` for an account that is off.
    """
    person = _person(person_code, actor, at)
    if not reason.strip():
        raise InvalidInput("an account is switched off for a stated reason")
    if person_code == actor.code:
        raise InvalidInput("nobody switches off their own account")
    _switch(person, False, actor=actor, at=at, reason=reason)


@transaction.atomic
def reactivate_person(*, person_code: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Switch an account on again. Raises :class:`Conflict` for one that is on."""
    _switch(_person(person_code, actor, at), True, actor=actor, at=at, reason=reason)


@transaction.atomic
def reset_password(*, person_code: str, actor: Actor, at: datetime, reason: str = "") -> str:
    """A new one-time password, shown once: it must be changed at the first login. Failed logins are forgotten.

    Raises :class:`InvalidInput` for oneself, :class:`NotFound`.
    """
    _person(person_code, actor, at)
    if person_code == actor.code:
        raise InvalidInput("one's own password is changed in the profile")
    password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    credentials.set_password(
        person_code=person_code, password=password, must_change=True, actor=actor, at=at, reason=reason
    )
    return password


@transaction.atomic
def deactivate_unused(*, actor: Actor, at: datetime) -> tuple[str, ...]:
    """Switch off the accounts below the actor that nobody has logged in with for so many days as the parameter
    ``people.unused_days`` says; an account that was never used counts from its first post. Returns their codes."""
    require_staff_authority(actor, unit_path=actor.unit_path, at=at)
    on = at.astimezone(BILLING_ZONE).date()
    since = at - timedelta(days=settled.parameter_int("people.unused_days", on))
    old = Q(last_login__lt=since) | Q(last_login__isnull=True, posts__valid_from__lt=since.date())
    rows = Scope.of(actor).limit(Person.objects.filter(old, is_active=True), "unit__path")
    stale = list(rows.select_related("unit").exclude(code=actor.code).distinct().order_by("code"))
    for person in stale:
        _switch(person, False, actor=actor, at=at, reason="unused")
    return tuple(person.code for person in stale)


@transaction.atomic
def unlock_person(*, person_code: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a person try again who failed to log in too often; the log keeps both."""
    person = _person(person_code, actor, at)
    LoginRecord.objects.create(at=at, person_code=person_code, outcome="UNLOCKED")
    facts = {"person": person_code}
    audit.record(
        actor=actor, action="person.unlock", subject=person, facts=facts, at=at, reason=reason,
        unit_path=person.unit.path,
    )  # fmt: skip


@transaction.atomic
def move_person(*, person_code: str, unit_code: str, actor: Actor, at: datetime, reason: str = "") -> None:
    """Give a person another home unit; their posts are given and ended apart from it."""
    person = _person(person_code, actor, at)
    unit = Scope.of(actor).one(Unit.objects.all(), "path", "unit", code=unit_code)
    if unit.closed_on is not None:
        raise Conflict(f"unit {unit_code} is closed since {unit.closed_on}")
    if unit.pk == person.unit_id:
        raise Conflict(f"{person_code} belongs to {unit_code} already")
    Person.objects.filter(pk=person.pk).update(unit=unit)
    facts = {"person": person_code, "unit": unit_code, "was_unit": person.unit.code}
    audit.record(
        actor=actor, action="person.move", subject=person, facts=facts, at=at, reason=reason, unit_path=unit.path
    )


def _switch(person: Person, is_active: bool, *, actor: Actor, at: datetime, reason: str) -> None:
    if not Person.objects.filter(pk=person.pk, is_active=not is_active).update(is_active=is_active):
        raise Conflict(f"the account of {person.code} is {'on' if is_active else 'off'} already")
    action = "person.reactivate" if is_active else "person.deactivate"
    facts = {"person": person.code, "active": int(is_active), "was_active": int(not is_active)}
    audit.record(
        actor=actor, action=action, subject=person, facts=facts, at=at, reason=reason, unit_path=person.unit.path
    )


def _person(code: str, actor: Actor, at: datetime) -> Person:
    person = Person.objects.select_related("unit").filter(code=code).first()
    if person is None or not Scope.of(actor).covers(person.unit.path):
        raise NotFound(f"there is no person {code}")
    require_staff_authority(actor, unit_path=person.unit.path, at=at)
    return person
