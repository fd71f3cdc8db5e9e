"""What readers do: use an article, say whether it helped; its owner answers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from wandeng.domains.knowledge.actions.articles import APPROVERS, require_known
from wandeng.domains.knowledge.models import Article, ArticleOpinion, ArticleUse, ArticleVersion
from wandeng.infra import audit, ids
from wandeng.infra.audit import without_numbers
from wandeng.infra.scope import require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

MOST_WORDS = 1_000


@transaction.atomic
def note_use(*, code: str, actor: Actor, at: datetime) -> None:
    """Count that an article was used for a customer. Raises :class:`NotFound`."""
    article, today = require_known(code), at.astimezone(BILLING_ZONE).date()
    row, is_new = ArticleUse.objects.get_or_create(article=article, on=today, defaults={"count": 1})
    if not is_new:
        ArticleUse.objects.filter(pk=row.pk).update(count=F("count") + 1)
    Article.objects.filter(pk=article.pk).update(used=F("used") + 1)


@transaction.atomic
def say(*, code: str, is_helpful: bool, actor: Actor, at: datetime, remark: str = "") -> None:
    """Say whether the text in force helped; said again, it replaces what the person said of this version before.

    Raises :class:`InvalidInput` for "not helpful" without a remark: the owner must know what lacks; :class:`NotFound`,
    :class:`Conflict` when no version is in force.
    """
    article, today = require_known(code), at.astimezone(BILLING_ZONE).date()
    remark = without_numbers(remark.strip())
    if len(remark) > MOST_WORDS:
        raise InvalidInput(f"a remark takes at most {MOST_WORDS} characters")
    if not is_helpful and not remark:
        raise InvalidInput("say what lacks, so that the owner can mend it")
    held = ArticleVersion.objects.filter(article=article, state="APPROVED", valid_from__lte=today)
    version = held.order_by("-valid_from").first()
    if version is None:
        raise Conflict(f"article {code} has no text in force")
    said = {
        "is_helpful": is_helpful, "remark": remark, "at": at, "answer": "", "answered_by": "", "answered_at": None,
    }  # fmt: skip
    if not ArticleOpinion.objects.filter(version=version, person=actor.code).update(**said):
        ArticleOpinion.objects.create(
            id=ids.reserve(ArticleOpinion, 1), article=article, version=version, person=actor.code, **said
        )


@transaction.atomic
def answer(*, opinion_id: int, words: str, actor: Actor, at: datetime) -> None:
    """Answer a remark: the article's owner does, or whoever approves texts.

    Raises :class:`InvalidInput` without words, :class:`Conflict` for one that is answered, :class:`NotFound`,
    :class:`NotAllowed`.
    """
    row = ArticleOpinion.objects.select_related("article").filter(pk=opinion_id).first()
    if row is None:
        raise NotFound(f"there is no opinion {opinion_id}")
    if row.article.owner != actor.code:
        require_root(actor, *APPROVERS)
    words = without_numbers(words.strip())
    if not 0 < len(words) <= MOST_WORDS:
        raise InvalidInput(f"an answer has words, at most {MOST_WORDS} characters")
    answered = {"answer": words, "answered_by": actor.code, "answered_at": at}
    if not ArticleOpinion.objects.filter(pk=row.pk, answered_at=None).update(**answered):
        raise Conflict(f"opinion {opinion_id} is answered already")
    facts = {"article": row.article.code}
    audit.record(actor=actor, action="knowledge.answer", subject=row, facts=facts, at=at)
