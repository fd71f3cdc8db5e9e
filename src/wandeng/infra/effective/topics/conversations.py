"""Conversations (会话): how long what was said is kept. That there was a turn is kept for ever."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Group, TopicModel

Above = Annotated[int, Field(gt=0)]


class Kept(Group):
    """So many days after it was said, the words of a turn are emptied (会话内容保存期限)."""

    words_days: Above


class Conversations(TopicModel):
    """How long words are kept."""

    topic_name: ClassVar[str] = "conversations"

    kept: Kept
