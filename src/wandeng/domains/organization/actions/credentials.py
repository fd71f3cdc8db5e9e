"""Passwords, tokens and the login log."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from wandeng.domains.organization import logins
from wandeng.domains.organization.authority import require_staff_authority
from wandeng.domains.organization.models import ApiToken, LoginRecord, Person, Unit
from wandeng.domains.organization.types import Attempt, LoginOutcome, Role
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope
from wandeng.infra.tokens import digest
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

TOKEN_PREFIX = "wd_"
LONGEST_TOKEN = timedelta(days=366)


class WeakPassword(InvalidInput):
    """The password does not meet the rules of this installation; ``reasons`` are their sentences."""

    code = "WEAK_PASSWORD"

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("the password is too weak", reasons=reasons)
        self.reasons = reasons


class LockedOut(NotAllowed):
    """Too many failed logins: try again after ``until``."""

    code = "LOCKED_OUT"


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token: ``secret`` is shown once and kept nowhere."""

    token_id: int
    secret: str
    expires_at: datetime


@transaction.atomic
def set_password(
    *, person_code: str, password: str, actor: Actor, at: datetime, must_change: bool = False, reason: str = ""
) -> None:
    """Give a person a password: their own, or as administrator of the place one that must be changed at first use.

    Raises :class:`WeakPassword`, :class:`NotFound`, :class:`NotAllowed`.
    """
    person = _person(person_code)
    if actor.code != person_code:
        require_staff_authority(actor, unit_path=person.unit.path, at=at)
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise WeakPassword(list(weak.messages)) from None
    Person.objects.filter(pk=person.pk).update(password=make_password(password), must_change_password=must_change)
    facts = {"code": person_code, "must_change": must_change}
    audit.record(
        actor=actor,
        action="person.password",
        subject=person,
        facts=facts,
        at=at,
        reason=reason,
        unit_path=person.unit.path,
    )


def admit(attempt: Attempt, *, at: datetime) -> None:
    """Refuse an attempt that the counters of failures do not let through; the refusal is written down.

    Raises :class:`LockedOut`.
    """
    until = logins.locked_until(attempt, at)
    if until is not None:
        record_login(attempt, outcome="LOCKED", at=at)
        raise LockedOut(f"too many failed logins: try again after {until:%H:%M} UTC", until=until.isoformat())


def record_login(attempt: Attempt, *, outcome: LoginOutcome, at: datetime) -> None:
    """Write a line of the login log; a login that succeeded stands on the person too."""
    LoginRecord.objects.create(
        at=at,
        person_code=attempt.person_code[:64],
        address=attempt.address or None,
        device=attempt.device,
        browser=attempt.browser[:200],
        outcome=outcome,
    )
    if outcome == "IN":
        Person.objects.filter(code=attempt.person_code).update(last_login=at)


@transaction.atomic
def issue_token(
    *, label: str, may_write: bool, expires_at: datetime, actor: Actor, at: datetime, unit_code: str = ""
) -> IssuedToken:
    """A token with which programs act as the actor, for a year at most; ``unit_code`` narrows what they see.

    Raises :class:`InvalidInput` for the label or the period, :class:`NotFound` for a unit outside the actor's scope,
    :class:`NotAllowed` for a machine account.
    """
    if actor.person_id is None:
        raise NotAllowed("a token belongs to a person")
    if not label.strip():
        raise InvalidInput("a token needs a label that says what it is for")
    if not at < expires_at <= at + LONGEST_TOKEN:
        raise InvalidInput("a token ends after it begins, and within a year")
    unit = Scope.of(actor).one(Unit.objects.all(), "path", "unit", code=unit_code) if unit_code else None
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        id=ids.reserve(ApiToken, 1),
        person_id=actor.person_id,
        label=label.strip()[:64],
        digest=digest(secret),
        hint=secret[:10],
        may_write=may_write,
        unit=unit,
        created_at=at,
        expires_at=expires_at,
    )
    facts = {"may_write": may_write, "expires": expires_at, "unit": unit_code}
    audit.record(actor=actor, action="token.issue", subject=token, facts=facts, at=at)
    return IssuedToken(token.pk, secret, expires_at)


@transaction.atomic
def revoke_token(*, token_id: int, actor: Actor, at: datetime) -> None:
    """End a token at once: one's own, or as administrator of its person's place. Raises :class:`NotFound`."""
    rows = Scope.of(actor).limit(ApiToken.objects.filter(pk=token_id, revoked_at=None), "person__unit__path")
    token = rows.select_related("person").first()
    if token is None or (token.person_id != actor.person_id and not actor.has(Role.ADMINISTRATOR)):
        raise NotFound(f"there is no token {token_id}")
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=at)
    audit.record(actor=actor, action="token.revoke", subject=token, facts={"person": token.person.code}, at=at)


def _person(code: str) -> Person:
    person = Person.objects.select_related("unit").filter(code=code, is_active=True).first()
    if person is None:
        raise NotFound(f"there is no person {code}")
    return person
