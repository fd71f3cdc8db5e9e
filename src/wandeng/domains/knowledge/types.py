"""Kinds, frozen shapes and refusals of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from wandeng.kernel.errors import Conflict, NotAllowed

ArticleVersionId = NewType("ArticleVersionId", int)


class ArticleKind(StrEnum):
    """What an article is for."""

    ARTICLE = "ARTICLE"
    SCRIPT = "SCRIPT"
    SHEET = "SHEET"
    PHRASE = "PHRASE"


class StandardKind(StrEnum):
    """The three kinds of a utility's standards."""

    MANAGEMENT = "MANAGEMENT"
    TECHNICAL = "TECHNICAL"
    WORK = "WORK"


class ReviewOutcome(StrEnum):
    """What a review of a standard says: it stays, it is to be revised, it is abolished."""

    KEPT = "KEPT"
    REVISE = "REVISE"
    ABOLISH = "ABOLISH"


class OwnText(NotAllowed):
    """Whoever drafted a text may not approve it."""

    code = "OWN_TEXT"


class TextHasHeld(Conflict):
    """A text that has been in force is followed by another, never taken back."""

    code = "TEXT_HAS_HELD"


@dataclass(frozen=True, slots=True)
class Belongs:
    """Where a text belongs; empty: everywhere."""

    process: str = ""
    case_class: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it is drafted. ``sources``: one a line, what rests on it and where it is written."""

    title: str
    text: str
    keywords: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    belongs: tuple[Belongs, ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleFound:
    """An article that fits what was asked. ``fit`` 0 is the best; ``beginning`` is where the text mentions it."""

    code: str
    kind: str
    title: str
    number: int
    valid_from: date
    beginning: str
    fit: int
    uses: int
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class BesideShown:
    """An article beside a form: whole, because it is read while somebody waits on the telephone."""

    code: str
    kind: str
    title: str
    text: str
    shortcut: str
    number: int
    valid_from: date


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version of an article."""

    version_id: ArticleVersionId
    number: int
    state: str
    valid_from: date
    title: str
    text: str
    keywords: tuple[str, ...]
    sources: tuple[str, ...]
    belongs: tuple[Belongs, ...]
    is_default: bool
    reason: str
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class OpinionShown:
    """What a reader said of a version, and what the owner answered."""

    opinion_id: int
    number: int
    person: str
    is_helpful: bool
    remark: str
    at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """An article with its versions, newest first, and what readers said."""

    code: str
    kind: str
    shortcut: str
    owner: str
    is_default: bool
    closed_on: date | None
    uses: int
    helpful: int
    unhelpful: int
    versions: tuple[VersionShown, ...]
    opinions: tuple[OpinionShown, ...]

    @property
    def in_force(self) -> VersionShown | None:
        """The version that holds today."""
        return next((one for one in self.versions if one.is_in_force), None)


@dataclass(frozen=True, slots=True)
class LineChanged:
    """A line of one version beside another: ``how`` SAME, GONE or NEW."""

    how: str
    text: str


@dataclass(frozen=True, slots=True)
class ReviewShown:
    """A review of a standard."""

    on: date
    outcome: str
    remark: str
    next_on: date | None
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StandardShown:
    """A standard with its reviews, newest first; ``followed_by`` are the codes of those that replaced it."""

    code: str
    title: str
    kind: str
    unit_code: str
    unit_name: str
    unit_path: str
    post: str
    status: str
    valid_from: date | None
    review_on: date | None
    supersedes: str
    supersedes_title: str
    followed_by: tuple[str, ...]
    link: str
    reviews: tuple[ReviewShown, ...]
