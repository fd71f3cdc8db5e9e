"""What people ask of knowledge: what fits these words, what belongs beside this form, one article, the register."""

from wandeng.domains.knowledge.queries.articles import (
    article,
    article_rows,
    changes,
    draft_rows,
    open_opinions,
    opinion_rows,
    version,
)
from wandeng.domains.knowledge.queries.finding import beside, phrases, search
from wandeng.domains.knowledge.queries.standards import due_count, standard, standard_rows

__all__ = [
    "article",
    "article_rows",
    "beside",
    "changes",
    "draft_rows",
    "due_count",
    "open_opinions",
    "opinion_rows",
    "phrases",
    "search",
    "standard",
    "standard_rows",
    "version",
]
