"""Conversations by short message and telephone: one with its turns; the list is ``/conversations``."""

from __future__ import annotations

from wandeng.domains.conversations import queries
from wandeng.domains.conversations.types import ConversationShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read


def thread(scope: Scope, conversation: int) -> ConversationShown:
    """A conversation with its turns, the number masked."""
    return queries.conversation(scope, conversation)


read(
    "/conversations/{int:conversation}", thread, name="conversation", like="console:conversation", tag="conversations",
    about="会话 a conversation with its turns",
)  # fmt: skip
