"""What people do with knowledge: write and approve texts, use them, say whether they helped, review standards."""

from wandeng.domains.knowledge.actions.articles import approve, create, draft, retire, withdraw
from wandeng.domains.knowledge.actions.opinions import answer, note_use, say
from wandeng.domains.knowledge.actions.standards import review
from wandeng.domains.knowledge.actions.starting import install

__all__ = ["answer", "approve", "create", "draft", "install", "note_use", "retire", "review", "say", "withdraw"]
