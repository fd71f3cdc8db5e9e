"""Columns of network, in and out, one module a subject; ``loading`` takes imported rows in."""
