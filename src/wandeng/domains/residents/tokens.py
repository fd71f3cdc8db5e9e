"""Personal tokens (个人令牌): made by a resident for a program of theirs, ended by them or by staff."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.residents import rules
from wandeng.domains.residents.models import Resident, ResidentToken
from wandeng.domains.residents.types import PersonalTokenMade, TooManyTokens, actor_of
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.tokens import digest
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

PREFIX = "wm_"
"""How a personal token begins, unlike one of staff."""
HINT, LONGEST_LABEL = 8, 64
DAY = timedelta(days=1)


@transaction.atomic
def make_token(
    *, resident_id: int, label: str, days: int, at: datetime, library: RuleLibrary | None = None
) -> PersonalTokenMade:
    """A token with which programs read what the resident holds at the time they ask.

    Raises :class:`InvalidInput` for the label or the days, :class:`TooManyTokens`, ``NoRuleInForce``.
    """
    rule = rules.self_service(at, library=library).tokens
    if not 1 <= len(label.strip()) <= LONGEST_LABEL:
        raise InvalidInput("a token needs a label that says what it is for", field="label")
    if not 1 <= days <= rule.longest_days:
        raise InvalidInput(f"a personal token lives 1 to {rule.longest_days} days", field="days")
    # The row is locked, so that two processes cannot both make the last one.
    resident = Resident.objects.select_for_update().get(pk=resident_id)
    if ResidentToken.objects.filter(resident=resident, ended_at__isnull=True, ends_at__gt=at).count() >= rule.most:
        raise TooManyTokens(f"a resident holds {rule.most} personal tokens at most: end one first")
    secret, ends = PREFIX + secrets.token_urlsafe(32), at + days * DAY
    made = ResidentToken.objects.create(
        id=ids.reserve(ResidentToken, 1), resident=resident, label=label.strip(), token_hash=digest(secret),
        hint=secret[:HINT], made_at=at, ends_at=ends,
    )  # fmt: skip
    audit.record(
        actor=actor_of(resident_id), action="resident.make_token", subject=made, facts={"expires": ends}, at=at
    )
    return PersonalTokenMade(made.pk, secret, ends)


@transaction.atomic
def end_own_token(*, resident_id: int, token_id: int, at: datetime) -> None:
    """End a token of one's own. Raises :class:`NotFound`."""
    end(resident_id, token_id, actor_of(resident_id), at, "")


def end(resident_id: int, token_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """End a token of a resident. Raises :class:`NotFound`."""
    found = ResidentToken.objects.filter(pk=token_id, resident_id=resident_id, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("there is no such token")
    ResidentToken.objects.filter(pk=found.pk).update(ended_at=at, ended_by=actor.code)
    facts = {"resident": resident_id}
    audit.record(actor=actor, action="resident.end_token", subject=found, facts=facts, at=at, reason=reason)
