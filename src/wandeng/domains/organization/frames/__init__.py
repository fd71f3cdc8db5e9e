"""Columns of organization, in and out, one module a subject; ``loading`` takes imported rows in."""
