"""Residents as staff see them: the list of bindings and the page of one."""
