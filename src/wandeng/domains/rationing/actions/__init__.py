"""Writes of rationing: ``schemes``, ``orders`` (made, changed, decided), ``running`` (as it takes place), ``telling``."""
