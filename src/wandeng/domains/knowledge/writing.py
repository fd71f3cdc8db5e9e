"""Writing a version of an article: what a text must have, and the forms it is found by. In the caller's transaction."""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.knowledge import keys
from wandeng.domains.knowledge.models import Article, ArticleKeys, ArticlePlace, ArticleVersion
from wandeng.domains.knowledge.types import Belongs, Text
from wandeng.infra import ids
from wandeng.infra.audit import without_numbers
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput

LONGEST = 20_000
LONGEST_TITLE = 120
LONGEST_KEYWORDS = 255


def checked(text: Text) -> Text:
    """The text without blanks around it, telephone and identity numbers masked. Raises :class:`InvalidInput`."""
    title, body = text.title.strip(), text.text.replace("\r\n", "\n").strip()
    keywords = tuple(dict.fromkeys(word.strip() for word in text.keywords if word.strip()))
    if not 0 < len(title) <= LONGEST_TITLE or "\n" in title:
        raise InvalidInput(f"an article has a title of at most {LONGEST_TITLE} characters")
    if not 0 < len(body) <= LONGEST:
        raise InvalidInput(f"an article has a text of at most {LONGEST} characters")
    if "\x00" in body + title or any("," in word for word in keywords):
        raise InvalidInput("a keyword has no comma, and a text no control characters")
    if len(",".join(keywords)) > LONGEST_KEYWORDS:
        raise InvalidInput(f"keywords take at most {LONGEST_KEYWORDS} characters")
    for place in text.belongs:
        if not place.process and (place.case_class or place.step):
            raise InvalidInput("a class or a step belongs to a process")
    sources = tuple(line.strip() for line in text.sources if line.strip())
    return Text(without_numbers(title), without_numbers(body), keywords, sources, tuple(dict.fromkeys(text.belongs)))


def write(
    article: Article,
    text: Text,
    *,
    valid_from: date,
    reason: str,
    actor: Actor,
    at: datetime,
    is_default: bool = False,
) -> ArticleVersion:
    """The next version of an article, a draft."""
    last = ArticleVersion.objects.filter(article=article).order_by("-number").first()
    found = keys.keys_of(article.code, article.shortcut, text.title, text.keywords, text.text)
    version = ArticleVersion.objects.create(
        id=ids.reserve(ArticleVersion, 1),
        article=article,
        number=last.number + 1 if last else 1,
        valid_from=valid_from,
        title=text.title,
        text=text.text,
        keywords=",".join(text.keywords),
        sources="\n".join(text.sources),
        text_key=found.text,
        is_default=is_default,
        reason=reason,
        drafted_by=actor.code,
        drafted_at=at,
    )
    ArticleKeys.objects.create(version=version, title=found.title, words=found.words, sounds=found.sounds)
    ArticlePlace.objects.bulk_create(_place(version, one) for one in text.belongs)
    return version


def _place(version: ArticleVersion, one: Belongs) -> ArticlePlace:
    return ArticlePlace(version=version, process=one.process, case_class=one.case_class, step=one.step)
