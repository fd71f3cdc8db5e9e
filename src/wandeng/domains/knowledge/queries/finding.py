"""Articles by what people type, and those that belong beside a form. A few short statements, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from wandeng.domains.knowledge import keys, shelf
from wandeng.domains.knowledge.models import Article, ArticleOpinion, ArticleVersion
from wandeng.domains.knowledge.types import ArticleFound, BesideShown
from wandeng.infra.statements import Reading

_AROUND = 30
_SIGNS = re.compile(r"(?m)^\s*(?:[-#>]+|\d{1,3}\.)\s+|\*\*|\||^[\s:|-]+$")
_SHOWN = 120
_ORDER = ("SCRIPT", "SHEET", "ARTICLE", "PHRASE")


def in_force(on: date) -> QuerySet[ArticleVersion]:
    """The versions that hold on a day, one an article at most."""
    later = ArticleVersion.objects.filter(
        article=OuterRef("article"), state="APPROVED", valid_from__lte=on, valid_from__gt=OuterRef("valid_from")
    )
    held = ArticleVersion.objects.filter(state="APPROVED", valid_from__lte=on)
    return held.filter(Q(article__closed_on=None) | Q(article__closed_on__gt=on)).exclude(Exists(later))


def search(asked: str, *, on: date, kind: str = "", process: str = "", limit: int = 20) -> tuple[ArticleFound, ...]:
    """The articles in force that fit every word of ``asked``, best first: by code or shortcut, title, keyword, initials,
    pinyin, or anywhere in the text; with no words those that are used most. At most ``limit``."""
    words = keys.asked(asked)
    held: Sequence[shelf.Held] = shelf.shelf().in_force(on)
    if kind or process:
        held = [one for one in held if _wanted(one, kind, process)]
    fits = shelf.fitting(held, words)
    often = dict(_USED())
    order = _best([one for one in held if one.version in fits], fits, often, limit)
    if words and len(order) < limit:
        # Texts are long: they are looked through only when titles, keywords and sounds do not fill the answer.
        rest = list(shelf.in_text([one for one in held if one.version not in fits], words))
        order += _best(rest, {one.version: shelf.IN_TEXT for one in rest}, often, limit - len(order))
    return _found(order, words)


def _wanted(one: shelf.Held, kind: str, process: str) -> bool:
    return (not kind or one.kind == kind) and (not process or not one.processes.isdisjoint(("", process)))


def _best(
    found: Sequence[shelf.Held], fits: Mapping[int, int], often: Mapping[int, int], limit: int
) -> list[tuple[int, int, int]]:  # fmt: skip
    """Key, fit and uses of the best: the better fit first, then what is used more, then by code."""
    ranked = sorted((fits[one.version], -often.get(one.article, 0), one.code, one.version) for one in found)
    return [(version, fit, -uses) for fit, uses, _code, version in ranked[:limit]]


_USED: Reading[tuple[int, int]] = Reading(lambda: Article.objects.filter(used__gt=0).values_list("pk", "used"))


def beside(
    *, process: str, on: date, classes: Sequence[str] = (), step: str = "", limit: int = 12
) -> tuple[BesideShown, ...]:
    """What belongs beside a form: scripts first, then sheets, articles and phrases, the most particular first of each.

    A text without a step belongs to every step of its process, one without a class to every class, one without a process
    to everything.
    """
    placed = Q(places__process=process, places__step__in=["", step], places__case_class__in=["", *classes])
    rows = in_force(on).filter(placed | Q(places__process=""))
    kinds = Case(*(When(article__kind=kind, then=place) for place, kind in enumerate(_ORDER)), default=len(_ORDER))
    particular = Case(
        When(places__process="", then=3), When(places__case_class="", places__step="", then=2), default=1,
        output_field=IntegerField(),
    )  # fmt: skip
    ordered = rows.annotate(rank=kinds, particular=particular).order_by("rank", "particular", "article__code")
    shown = ordered.values_list(
        "article__code", "article__kind", "title", "text", "article__shortcut", "number", "valid_from"
    )
    # A version that belongs to two places of the same form comes twice.
    found = {row[0]: BesideShown(*row) for row in reversed(shown[: 4 * limit])}
    order = list(dict.fromkeys(row[0] for row in shown[: 4 * limit]))
    return tuple(found[code] for code in order[:limit])


def phrases(*, on: date) -> tuple[BesideShown, ...]:
    """Every phrase in force, by shortcut: for inserting while writing."""
    rows = in_force(on).filter(article__kind="PHRASE").order_by("article__shortcut", "article__code")
    columns = ("article__code", "article__kind", "title", "text", "article__shortcut", "number", "valid_from")
    return tuple(BesideShown(*row) for row in rows.values_list(*columns))


def said(is_helpful: bool, article: str = "article") -> Coalesce:
    """How many said so of an article, in a query of what has it under this name."""
    rows = ArticleOpinion.objects.filter(article=OuterRef(article), is_helpful=is_helpful).order_by().values("article")
    return Coalesce(Subquery(rows.annotate(total=Count("pk")).values("total")), 0)


def _found(order: Sequence[tuple[int, int, int]], words: Sequence[str]) -> tuple[ArticleFound, ...]:
    """The chosen ones with their texts, in their order."""
    rows = ArticleVersion.objects.filter(pk__in=[row[0] for row in order]).select_related("article")
    known = {row.pk: row for row in rows.annotate(helpful=said(True), unhelpful=said(False))}
    return tuple(
        ArticleFound(
            known[key].article.code, known[key].article.kind, known[key].title, known[key].number,
            known[key].valid_from, beginning(known[key].text, words), fit, uses, known[key].helpful,
            known[key].unhelpful,
        )
        for key, fit, uses in order
    )  # fmt: skip


def beginning(text: str, words: Sequence[str]) -> str:
    """A piece of the text around the first of the words in it, else its beginning; without the signs of markup.

    >>> beginning("# 标题\\n第一档 **200** 度", [])
    '标题 第一档 200 度'
    """
    plain = " ".join(_SIGNS.sub(" ", text).split())
    low = plain.lower()
    first = min((place for word in words if (place := low.find(word)) >= 0), default=0)
    start = max(0, first - _AROUND)
    return f"{'…' if start else ''}{plain[start : start + _SHOWN]}{'…' if len(plain) > start + _SHOWN else ''}"
