"""What people and other domains may ask about prices without a database: the codes, and what a contract needs."""

from wandeng.domains.tariffs.rules import price_codes, structure_facts, territory_codes

__all__ = ["price_codes", "structure_facts", "territory_codes"]
