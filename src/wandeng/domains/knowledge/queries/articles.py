"""Articles with their versions and opinions, and the rows of their lists."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from wandeng.domains.knowledge.models import Article, ArticleOpinion, ArticleVersion
from wandeng.domains.knowledge.queries.finding import said
from wandeng.domains.knowledge.types import (
    ArticleShown,
    ArticleVersionId,
    Belongs,
    LineChanged,
    OpinionShown,
    VersionShown,
)
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
ARTICLE_COLUMNS = (
    "code", "kind", "title", "number", "valid_from", "shortcut", "owner", "is_default", "used", "helpful", "unhelpful",
    "drafts", "closed_on",
)  # fmt: skip
DRAFT_COLUMNS = (
    "id", "code", "kind", "title", "number", "valid_from", "drafted_by", "drafted_at", "reason",
)  # fmt: skip
OPINION_COLUMNS = (
    "id", "code", "title", "number", "owner", "is_helpful", "remark", "person", "at", "answer", "answered_by",
    "answered_at",
)  # fmt: skip
MOST_OPINIONS = 50


def article_rows(*, on: date) -> Rows:
    """Articles: ARTICLE_COLUMNS; title and version of the text in force on the day, ``drafts`` wait for a second person."""
    held = ArticleVersion.objects.filter(article=OuterRef("pk"), state="APPROVED", valid_from__lte=on)
    newest = held.order_by("-valid_from")
    drafts = ArticleVersion.objects.filter(article=OuterRef("pk"), state="DRAFT").order_by().values("article")
    rows: Rows = Article.objects.annotate(
        title=Subquery(newest.values("title")[:1]),
        number=Subquery(newest.values("number")[:1]),
        valid_from=Subquery(newest.values("valid_from")[:1]),
        drafts=Subquery(drafts.annotate(count=Count("pk")).values("count")),
        helpful=said(True, "pk"),
        unhelpful=said(False, "pk"),
    ).values(*ARTICLE_COLUMNS)
    return rows


def draft_rows() -> Rows:
    """Drafts that wait for a second person: DRAFT_COLUMNS."""
    rows: Rows = (
        ArticleVersion.objects.filter(state="DRAFT")
        .annotate(code=F("article__code"), kind=F("article__kind"))
        .values(*DRAFT_COLUMNS)
    )
    return rows


def opinion_rows() -> Rows:
    """What readers said: OPINION_COLUMNS."""
    rows: Rows = ArticleOpinion.objects.annotate(
        code=F("article__code"), title=F("version__title"), number=F("version__number"), owner=F("article__owner")
    ).values(*OPINION_COLUMNS)
    return rows


def open_opinions(owner: str) -> int:
    """How many remarks on a person's articles wait for an answer."""
    return ArticleOpinion.objects.filter(article__owner=owner, answered_at=None).exclude(remark="").count()


def article(code: str, *, on: date) -> ArticleShown:
    """An article with its versions, newest first, and what readers said last. Raises :class:`NotFound`."""
    counted = Article.objects.annotate(helpful=said(True, "pk"), unhelpful=said(False, "pk"))
    row = counted.filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no article {code}")
    versions = list(ArticleVersion.objects.filter(article=row).prefetch_related("places").order_by("-number"))
    held = [one for one in versions if one.state == "APPROVED" and one.valid_from <= on]
    in_force = max(held, key=lambda one: one.valid_from, default=None)
    opinions = ArticleOpinion.objects.filter(article=row).select_related("version").order_by("-at", "-id")
    return ArticleShown(
        row.code, row.kind, row.shortcut, row.owner, row.is_default, row.closed_on, row.used, row.helpful,
        row.unhelpful, tuple(_version(one, is_in_force=one is in_force) for one in versions),
        tuple(_opinion(one) for one in opinions[:MOST_OPINIONS]),
    )  # fmt: skip


def version(version_id: int, *, on: date) -> tuple[ArticleShown, VersionShown]:
    """A version and the article it belongs to. Raises :class:`NotFound`."""
    code = ArticleVersion.objects.filter(pk=version_id).values_list("article__code", flat=True).first()
    if code is None:
        raise NotFound(f"there is no article version {version_id}")
    whole = article(code, on=on)
    return whole, next(one for one in whole.versions if one.version_id == version_id)


def changes(code: str, *, before: int, after: int, on: date) -> tuple[LineChanged, ...]:
    """Version ``after`` of an article beside version ``before``, line by line. Raises :class:`NotFound`."""
    known = {one.number: one for one in article(code, on=on).versions}
    if before not in known or after not in known:
        raise NotFound(f"article {code} has no such version")
    return tuple(_compared(_lines(known[before]), _lines(known[after])))


def _lines(one: VersionShown) -> list[str]:
    return [f"# {one.title}", *one.text.splitlines(), *one.sources]


def _compared(before: list[str], after: list[str]) -> Iterable[LineChanged]:
    for mark in difflib.ndiff(before, after):
        if mark[0] in " -+":
            yield LineChanged({" ": "SAME", "-": "GONE", "+": "NEW"}[mark[0]], mark[2:])


def _version(row: ArticleVersion, *, is_in_force: bool) -> VersionShown:
    places = sorted(row.places.all(), key=lambda one: (one.process, one.case_class, one.step))
    return VersionShown(
        version_id=ArticleVersionId(row.pk),
        number=row.number,
        state=row.state,
        valid_from=row.valid_from,
        title=row.title,
        text=row.text,
        keywords=tuple(word for word in row.keywords.split(",") if word),
        sources=tuple(row.sources.splitlines()),
        belongs=tuple(Belongs(one.process, one.case_class, one.step) for one in places),
        is_default=row.is_default,
        reason=row.reason,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        is_in_force=is_in_force,
    )


def _opinion(row: ArticleOpinion) -> OpinionShown:
    return OpinionShown(
        row.pk, row.version.number, row.person, row.is_helpful, row.remark, row.at, row.answer, row.answered_by,
        row.answered_at,
    )  # fmt: skip
