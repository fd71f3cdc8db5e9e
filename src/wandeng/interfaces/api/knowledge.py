"""Knowledge: finding and reading articles, writing and approving them, what readers say, the register of standards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.types import (
    ArticleFound,
    ArticleShown,
    ArticleVersionId,
    Belongs,
    BesideShown,
    LineChanged,
    StandardShown,
    Text,
)
from wandeng.interfaces.api.operations import read, write
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

_P = "console:knowledge-"
_ONE, _VERSION = "/knowledge/articles/{str:code}", "/knowledge/versions/{int:version_id}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text belongs; empty: everywhere."""

    process: str
    case_class: str = ""
    step: str = ""


def search(
    *, q: str = "", kind: str = "", process: str = "", now: datetime, limit: int = 20
) -> tuple[ArticleFound, ...]:
    """Articles in force that fit every word of ``q`` (Chinese, pinyin, initials), best first."""
    return queries.search(q, on=_day(now), kind=kind, process=process, limit=limit)


def beside(*, process: str, case_class: str = "", step: str = "", now: datetime) -> tuple[BesideShown, ...]:
    """What belongs beside a form: scripts, sheets, articles, phrases; the particular first."""
    classes = [one for one in case_class.split(",") if one]
    return queries.beside(process=process, classes=classes, step=step, on=_day(now))


def article(code: str, *, now: datetime) -> ArticleShown:
    """An article with its versions, newest first, and what readers said."""
    return queries.article(code, on=_day(now))


def changes(code: str, *, before: int, after: int, now: datetime) -> tuple[LineChanged, ...]:
    """A version beside an earlier one, line by line."""
    return queries.changes(code, before=before, after=after, on=_day(now))


def create(
    *, code: str, kind: str, title: str, text: str, valid_from: date, actor: Actor, at: datetime,
    keywords: Sequence[str] = (), belongs: Sequence[Place] = (), sources: Sequence[str] = (), shortcut: str = "",
) -> ArticleVersionId:  # fmt: skip
    """A new article with its first draft."""
    return actions.create(
        code=code, kind=kind, text=_text(title, text, keywords, belongs, sources), valid_from=valid_from,
        shortcut=shortcut, actor=actor, at=at,
    )  # fmt: skip


def draft(
    *, code: str, title: str, text: str, valid_from: date, reason: str, actor: Actor, at: datetime,
    keywords: Sequence[str] = (), belongs: Sequence[Place] = (), sources: Sequence[str] = (),
) -> ArticleVersionId:  # fmt: skip
    """Draft a new text of an article from a day on."""
    return actions.draft(
        code=code, text=_text(title, text, keywords, belongs, sources), valid_from=valid_from, reason=reason,
        actor=actor, at=at,
    )  # fmt: skip


def standard(*, code: str) -> StandardShown:
    """A standard with its reviews, newest first."""
    return queries.standard(code)


def _text(title: str, text: str, keywords: Sequence[str], belongs: Sequence[Place], sources: Sequence[str]) -> Text:
    places = tuple(Belongs(one.process, one.case_class, one.step) for one in belongs)
    return Text(title, text, tuple(keywords), tuple(sources), places)


def _day(now: datetime) -> date:
    return now.astimezone(BILLING_ZONE).date()


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="knowledge", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=_P + like, tag="knowledge", about=about)


_read("/knowledge/search", search, "knowledge-search", "search", "搜索 find articles by words, pinyin or initials")
_read("/knowledge/beside", beside, "knowledge-beside", "beside", "表单旁 what belongs beside a form")
_read(_ONE, article, "knowledge-article", "article", "一篇知识 an article with its versions")
_read(f"{_ONE}/changes", changes, "knowledge-changes", "changes", "改了什么 two versions, line by line")
_write("/knowledge/articles/add", create, "knowledge-create", "new", "新写 a new article with its first draft")
_write(f"{_ONE}/draft", draft, "knowledge-draft", "draft", "拟定 draft a new text")
_write(f"{_ONE}/retire", actions.retire, "knowledge-retire", "retire", "停用 use it no longer")
_write(f"{_ONE}/use", actions.note_use, "knowledge-used", "used", "用到了 count a use")
_write(f"{_ONE}/say", actions.say, "knowledge-say", "say", "评价 helpful or not")
_write(f"{_VERSION}/approve", actions.approve, "knowledge-approve", "approve", "审批 approve a drafted text")
_write(f"{_VERSION}/withdraw", actions.withdraw, "knowledge-withdraw", "withdraw", "撤回 take a text back")
_write(
    "/knowledge/opinions/{int:opinion_id}/answer", actions.answer, "knowledge-answer", "answer", "答复 answer a remark"
)
_write("/knowledge/install", actions.install, "knowledge-install", "install", "安装 put the product's own in place")
_read("/standard", standard, "standard", "standard", "一项标准 a standard with its reviews")
_write("/standards/review", actions.review, "standard-review", "review", "复审 note that it was looked at")
