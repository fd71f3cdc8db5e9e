"""The staff console: pages, one folder an area."""
