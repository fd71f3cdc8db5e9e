"""People and texts for tests of knowledge."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wandeng.domains.knowledge import actions
from wandeng.domains.knowledge.types import ArticleVersionId, Belongs, Text
from wandeng.kernel.actors import Actor

AT = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
TODAY = date(2026, 9, 15)
WRITER = Actor("writer", unit_path="BS/", roles=frozenset({"CALL_CLERK"}))
CHIEF = Actor("chief", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))
BOSS = Actor("boss", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"}))


def text(title: str = "阶梯电价", words: str = "第一档按基础电价。", *keywords: str, **belongs: str) -> Text:
    """A text; ``belongs`` are the parts of one place."""
    return Text(title, words, keywords, ("出处",), (Belongs(**belongs),) if belongs else ())


def article(
    code: str, written: Text, *, kind: str = "ARTICLE", shortcut: str = "", on: date = TODAY, at: datetime = AT
) -> ArticleVersionId:
    """An article in force, written by one and approved by another."""
    version = actions.create(code=code, kind=kind, text=written, valid_from=on, shortcut=shortcut, actor=WRITER, at=at)
    actions.approve(version_id=version, actor=CHIEF, at=at)
    return version
