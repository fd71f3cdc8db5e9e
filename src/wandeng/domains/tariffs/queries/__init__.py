"""What people and other domains may ask about prices: the codes and what a contract needs, the book with its versions and
timetables (rule files only), and who is priced by what."""

from wandeng.domains.tariffs.queries.assignments import account_terms, points_by_code, terms_rows, texts_of
from wandeng.domains.tariffs.queries.hours import timetable
from wandeng.domains.tariffs.queries.published import changes, codes, history, neighbors, source, sources, territories
from wandeng.domains.tariffs.rules import price_codes, structure_facts, territory_codes

__all__ = [
    "account_terms",
    "changes",
    "codes",
    "history",
    "neighbors",
    "points_by_code",
    "price_codes",
    "source",
    "sources",
    "structure_facts",
    "terms_rows",
    "territories",
    "territory_codes",
    "texts_of",
    "timetable",
]
