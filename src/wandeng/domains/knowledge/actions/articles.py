"""Articles: drafted by whoever serves customers, approved by a second person over the whole installation."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.knowledge import shelf, states, writing
from wandeng.domains.knowledge.models import Article, ArticleVersion
from wandeng.domains.knowledge.types import ArticleKind, ArticleVersionId, OwnText, Text, TextHasHeld
from wandeng.domains.organization.types import Role
from wandeng.infra import audit, ids, transitions
from wandeng.infra.scope import require, require_root
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

AUTHORS = (
    Role.CALL_CLERK, Role.HALL_CLERK, Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.BILLING_CLERK,
    Role.BILLING_REVIEWER, Role.AUDITOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
APPROVERS = (
    Role.BILLING_REVIEWER, Role.AUDITOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER, Role.ADMINISTRATOR,
)  # fmt: skip
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SHORTCUT = re.compile(r"[a-z0-9]{1,16}")


@transaction.atomic
def create(
    *,
    code: str,
    kind: str,
    text: Text,
    valid_from: date,
    actor: Actor,
    at: datetime,
    shortcut: str = "",
    reason: str = "",
) -> ArticleVersionId:
    """A new article with its first draft; the actor becomes its owner. Returns the version's id.

    Raises :class:`InvalidInput` for a code or a text that cannot be, :class:`Conflict` for a code or shortcut that is
    taken, :class:`NotAllowed`.
    """
    require(actor, *AUTHORS, unit_path=actor.unit_path)
    if not _CODE.fullmatch(code) or len(code) > 48:
        raise InvalidInput("an article's code is made of small letters, digits and -")
    if kind not in set(ArticleKind):
        raise InvalidInput(f"there is no kind of article {kind}")
    if shortcut and (kind != ArticleKind.PHRASE or not _SHORTCUT.fullmatch(shortcut)):
        raise InvalidInput("a shortcut is up to 16 small letters and digits, and stands for a phrase")
    if Article.objects.filter(code=code).exists():
        raise Conflict(f"there is an article {code} already")
    if shortcut and Article.objects.filter(shortcut=shortcut).exists():
        raise Conflict(f"the shortcut {shortcut} is taken")
    checked = writing.checked(text)
    not_past(valid_from, at)
    article = Article.objects.create(
        id=ids.reserve(Article, 1), code=code, kind=kind, shortcut=shortcut, owner=actor.code
    )
    return _draft(article, checked, valid_from, reason.strip(), actor, at)


@transaction.atomic
def draft(*, code: str, text: Text, valid_from: date, reason: str, actor: Actor, at: datetime) -> ArticleVersionId:
    """Draft a new text of an article from a day on; it is used once somebody else approves. Returns the version's id.

    Raises :class:`InvalidInput` for a text that cannot be, a day in the past or no reason, :class:`Conflict` for an
    article that is retired, :class:`NotFound`, :class:`NotAllowed`.
    """
    require(actor, *AUTHORS, unit_path=actor.unit_path)
    article = require_known(code)
    if not reason.strip():
        raise InvalidInput("an article is changed for a stated reason")
    if article.closed_on is not None:
        raise Conflict(f"article {code} is no longer used since {article.closed_on}")
    checked = writing.checked(text)
    not_past(valid_from, at)
    if not article.owner:
        Article.objects.filter(pk=article.pk).update(owner=actor.code)
    return _draft(article, checked, valid_from, reason.strip(), actor, at)


@transaction.atomic
def approve(*, version_id: int, actor: Actor, at: datetime, reason: str = "") -> None:
    """Let a drafted text hold from its day on; from then on nobody changes it.

    Raises :class:`OwnText`, :class:`NotFound`, :class:`InvalidInput` when its day has passed, :class:`Conflict` when
    another version holds from the same day or it is no draft any more, :class:`NotAllowed`.
    """
    require_root(actor, *APPROVERS)
    row = _version(version_id)
    if row.drafted_by == actor.code:
        raise OwnText("an article is approved by a second person")
    not_past(row.valid_from, at)
    same = ArticleVersion.objects.filter(article=row.article, valid_from=row.valid_from, state="APPROVED")
    if same.exists():
        raise Conflict(f"article {row.article.code} has another version from {row.valid_from} already")
    transitions.move(
        row, states.VERSION, "approve", actor=actor, at=at, reason=reason, approved_by=actor.code, approved_at=at
    )
    shelf.changed()
    _record("knowledge.approve", row, actor, at, reason)


@transaction.atomic
def withdraw(*, version_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Take back a draft, or an approved text whose day has not come: its author or an approver may.

    Raises :class:`TextHasHeld` for one that has been in force, :class:`InvalidInput` without a reason,
    :class:`NotFound`, :class:`Conflict`, :class:`NotAllowed`.
    """
    row = _version(version_id)
    if row.drafted_by != actor.code or row.state != "DRAFT":
        require_root(actor, *APPROVERS)
    if not reason.strip():
        raise InvalidInput("a version is withdrawn for a stated reason")
    if row.state == "APPROVED" and row.valid_from <= at.astimezone(BILLING_ZONE).date():
        raise TextHasHeld(
            f"staff have gone by this text of {row.article.code} since {row.valid_from}: draft a new version instead"
        )
    transitions.move(row, states.VERSION, "withdraw", actor=actor, at=at, reason=reason)
    shelf.changed()
    _record("knowledge.withdraw", row, actor, at, reason)


@transaction.atomic
def retire(*, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Use an article no longer from today on; what it said can still be read.

    Raises :class:`InvalidInput` without a reason, :class:`Conflict` for one that is retired, :class:`NotFound`,
    :class:`NotAllowed`.
    """
    require_root(actor, *APPROVERS)
    article = require_known(code)
    if not reason.strip():
        raise InvalidInput("an article is retired for a stated reason")
    today = at.astimezone(BILLING_ZONE).date()
    if not Article.objects.filter(pk=article.pk, closed_on=None).update(closed_on=today):
        raise Conflict(f"article {code} is no longer used since {article.closed_on}")
    shelf.changed()
    facts = {"article": code, "to_on": today}
    audit.record(actor=actor, action="knowledge.retire", subject=article, facts=facts, at=at, reason=reason)


def require_known(code: str) -> Article:
    """The article with this code. Raises :class:`NotFound`."""
    row = Article.objects.filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no article {code}")
    return row


def not_past(valid_from: date, at: datetime) -> None:
    """Raises :class:`InvalidInput` for a day before today."""
    if valid_from < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{valid_from} is in the past: what staff went by is not written anew")


def _draft(article: Article, text: Text, valid_from: date, reason: str, actor: Actor, at: datetime) -> ArticleVersionId:
    version = writing.write(article, text, valid_from=valid_from, reason=reason, actor=actor, at=at)
    _record("knowledge.draft", version, actor, at, reason)
    return ArticleVersionId(version.pk)


def _record(action: str, row: ArticleVersion, actor: Actor, at: datetime, reason: str) -> None:
    facts = {"article": row.article.code, "version": row.number, "from_on": row.valid_from}
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, reason=reason)


def _version(version_id: int) -> ArticleVersion:
    row = ArticleVersion.objects.select_related("article").filter(pk=version_id).first()
    if row is None:
        raise NotFound(f"there is no article version {version_id}")
    return row
