"""Questions that PostgreSQL reads and plans once a connection and then only answers.

For what is asked with every request by a key: planning it anew takes several times as long as answering it, and for the few
counts of first pages, whose way does not depend on the values. Not for lists, whose best way does: a plan that is kept does not
know them, although PostgreSQL keeps one only after five askings showed that those made for the values are no cheaper. On the embedded database the same text is
simply run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper


def answer(text: str, given: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a question; ``text`` must be one of a few that never change."""
    here = connections[DEFAULT_DB_ALIAS]
    with cursor(here) as asked:
        asked.execute(text, given)
        found: list[tuple[Any, ...]] = asked.fetchall()
    return found


def cursor(here: BaseDatabaseWrapper) -> Any:
    """A cursor of the framework that keeps what it is asked, where the database can."""
    if here.vendor != "postgresql":
        return here.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    here.ensure_connection()
    made: Any = ServerBindingCursor
    framework: Any = here
    return framework._prepare_cursor(made(here.connection))


def written_in(here: BaseDatabaseWrapper, text: str, given: Sequence[Any], is_constant: Sequence[bool]) -> str:
    """The text with its constants in it, so that the plan may count on them: the condition of a partial index, above all."""
    from psycopg import sql

    here.ensure_connection()
    values = iter(zip(given, is_constant, strict=True))

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value, fixed = next(values)
        return sql.Literal(value).as_string(here.connection).replace("%", "%%") if fixed else "%s"

    return re.sub("%%|%s", place, text)
