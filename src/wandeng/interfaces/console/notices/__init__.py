"""Notices: the outbox, the templates, letters, who wants no more."""
