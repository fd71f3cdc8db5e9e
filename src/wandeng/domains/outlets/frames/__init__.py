"""Outlets in columns."""
