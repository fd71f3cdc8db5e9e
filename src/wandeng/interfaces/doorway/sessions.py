"""Who is logged in (在线用户), and how an administrator ends it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import Online
from wandeng.infra import audit
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound

MOST = 2_000


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session: ``handle`` names it without giving it away; ``since`` and ``address`` are those of the person's last
    login, ``until`` is its latest end."""

    handle: str
    person_code: str
    person_name: str
    unit_name: str
    since: datetime | None
    address: str
    until: datetime
    is_own: bool


def handle_of(key: str) -> str:
    """A name for a session by which nobody can take it over."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:20]


def online(scope: Scope, now: datetime, *, own_key: str = "") -> tuple[SessionShown, ...]:
    """The sessions of people in the scope, the latest login first."""
    found = [(row, _person_of(row)) for row in Session.objects.filter(expire_date__gt=now)[:MOST]]
    people = organization.online(scope, [person for _row, person in found if person])
    shown = [_shown(row, people[person], own_key) for row, person in found if person in people]
    return tuple(sorted(shown, key=lambda one: (one.since is None, one.since), reverse=True))


@transaction.atomic
def end(handle: str, *, actor: Actor, scope: Scope, at: datetime, reason: str = "") -> str:
    """End a session of somebody in the scope at once; returns whose it was. Raises :class:`NotFound`."""
    for row in Session.objects.filter(expire_date__gt=at)[:MOST]:
        if handle_of(row.session_key) != handle:
            continue
        people = organization.online(scope, [_person_of(row)])
        for person in people.values():
            row.delete()
            facts = {"person": person.code}
            audit.record(
                actor=actor, action="session.end", subject=("organization.Person", person.code), facts=facts, at=at,
                reason=reason, unit_path=person.unit_path,
            )  # fmt: skip
            return person.code
    raise NotFound(f"there is no session {handle}")


def _person_of(row: Session) -> int:
    key = row.get_decoded().get(SESSION_KEY, "0")
    return int(key) if str(key).isdigit() else 0


def _shown(row: Session, person: Online, own_key: str) -> SessionShown:
    return SessionShown(
        handle_of(row.session_key), person.code, person.name, person.unit_name, person.since, person.address,
        row.expire_date, row.session_key == own_key,
    )  # fmt: skip
