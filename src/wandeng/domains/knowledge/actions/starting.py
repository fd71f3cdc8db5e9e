"""The product's own texts are put in place, those that are missing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.knowledge import shelf, starting, states, writing
from wandeng.domains.knowledge.models import Article
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, transitions
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor


@transaction.atomic
def install(*, actor: Actor, at: datetime) -> int:
    """Put the product's own articles, scripts, sheets and phrases in place, those that are missing; returns how many.

    Raises :class:`NotAllowed` unless the actor administers the whole installation.
    """
    require_root(actor, Role.ADMINISTRATOR)
    known = set(Article.objects.values_list("code", flat=True))
    missing = [one for one in starting.texts() if one.code not in known]
    for one in missing:
        article = Article.objects.create(
            id=ids.reserve(Article, 1), code=one.code, kind=one.kind, shortcut=one.shortcut, is_default=True
        )
        version = writing.write(
            article,
            writing.checked(one.text),
            valid_from=one.valid_from,
            reason="",
            actor=actor,
            at=at,
            is_default=True,
        )
        transitions.move(version, states.VERSION, "approve", actor=actor, at=at, approved_at=at)
    if missing:
        shelf.changed()
        facts = {"articles": len(missing)}
        audit.record(actor=actor, action="knowledge.install", subject=("knowledge.Article", "*"), facts=facts, at=at)
    return len(missing)
