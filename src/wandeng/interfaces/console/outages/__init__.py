"""Outages: plans with who is off and what speaks against them, decided, changed and counted."""
