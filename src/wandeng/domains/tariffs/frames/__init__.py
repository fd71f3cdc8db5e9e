"""Columns of tariffs, in and out, one module a subject; ``loading`` takes imported rows in."""
