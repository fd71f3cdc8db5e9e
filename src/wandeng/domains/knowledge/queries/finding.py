"""Articles by what people type, and those that belong beside a form. A few short statements, whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, StrIndex
from django.db.models.lookups import Exact, GreaterThan

from wandeng.domains.knowledge import keys
from wandeng.domains.knowledge.models import ArticleOpinion, ArticleUse, ArticleVersion
from wandeng.domains.knowledge.types import ArticleFound, BesideShown

IN_TEXT, NOT_AT_ALL = 8, 9
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
    rows = in_force(on)
    if kind:
        rows = rows.filter(article__kind=kind)
    if process:
        rows = rows.filter(places__process__in=["", process]).distinct()
    order = _chosen(rows.annotate(fit=_fit(words)), limit)
    if words and len(order) < limit:
        # Texts are long: they are read only when titles, keywords and sounds do not fill the answer.
        # Of one word nothing else is left; of several, some may stand in the short forms and some in the text.
        rest = rows.exclude(pk__in=[row[0] for row in order]) if order else rows
        for word in words:
            in_text = _holds("text_key", word)
            rest = rest.filter(in_text if len(words) == 1 else in_text | _short(word))
        order += _chosen(rest.annotate(fit=Value(IN_TEXT)), limit - len(order))
    return _found(order, words)


def _chosen(rows: QuerySet[Any], limit: int) -> list[tuple[int, int, int]]:
    """Key, fit and uses of the best."""
    fitting = rows.filter(fit__lt=NOT_AT_ALL).annotate(used=used()).order_by("fit", "-used", "article__code")
    return list(fitting.values_list("pk", "fit", "used")[:limit])


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


def _fit(words: Sequence[str]) -> Case | Greatest | Value:
    """How well a version fits: the worst of its words' best fits."""
    if not words:
        return Value(0, output_field=IntegerField())
    fits = [_fit_of(word) for word in words]
    return fits[0] if len(fits) == 1 else Greatest(*fits)


def _fit_of(word: str) -> Case:
    bar = keys.BAR
    looked = [
        (Q(article__code=word) | Q(article__shortcut=word), 0),
        (Q(keys__title=word), 1),
        (_holds("keys__words", f"{bar}{word}{bar}"), 2),
        (Q(Exact(_place("keys__title", word), 1)), 3),
        (_holds("keys__title", word), 4),
        (_holds("keys__words", word), 5),
    ]
    if _may_sound(word):
        looked += [(_holds("keys__sounds", f"{bar}{word}"), 6), (_holds("keys__sounds", word), 7)]
    whens = [When(condition, then=Value(fit)) for condition, fit in looked]
    return Case(*whens, default=Value(NOT_AT_ALL), output_field=IntegerField())


def _short(word: str) -> Q:
    """Whether the short forms hold a word at all."""
    found = _holds("keys__words", word)
    return found | _holds("keys__sounds", word) if _may_sound(word) else found


def _may_sound(word: str) -> bool:
    return word.isascii() and not word.isdigit()


def _place(column: str, part: str) -> StrIndex:
    return StrIndex(F(column), Value(part))


def _holds(column: str, part: str) -> Q:
    return Q(GreaterThan(_place(column, part), 0))


def used(article: str = "article") -> Coalesce:
    """How often an article was used altogether, in a query of what has it under this name."""
    counted = ArticleUse.objects.filter(article=OuterRef(article)).order_by().values("article")
    return Coalesce(Subquery(counted.annotate(total=Sum("count")).values("total")), 0)


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
