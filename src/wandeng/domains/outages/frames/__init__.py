"""Outages in columns: ``affected`` (who loses supply)."""
