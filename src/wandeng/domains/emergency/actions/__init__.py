"""Writes of emergency."""
