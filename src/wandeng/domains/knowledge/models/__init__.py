"""Tables of knowledge, one module a subject."""

from wandeng.domains.knowledge.models.articles import (
    Article,
    ArticleKeys,
    ArticleOpinion,
    ArticlePlace,
    ArticleUse,
    ArticleVersion,
    KnowledgeShelf,
)
from wandeng.domains.knowledge.models.standards import Standard, StandardReview

__all__ = [
    "Article",
    "ArticleKeys",
    "ArticleOpinion",
    "ArticlePlace",
    "ArticleUse",
    "ArticleVersion",
    "KnowledgeShelf",
    "Standard",
    "StandardReview",
]
