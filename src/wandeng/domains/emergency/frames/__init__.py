"""Columns of emergency: events taken in, and evidence gathered."""
