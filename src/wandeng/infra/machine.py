"""How the machine and the database are, in figures that an administrator asks for first."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

LARGEST_TABLES = 12


@dataclass(frozen=True, slots=True)
class Table:
    """A table, its size with its indexes, and the database's estimate of its rows."""

    name: str
    size_bytes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Machine:
    """A look at the server: versions, processor load over 1, 5 and 15 minutes, disk, database; ``tables`` are the
    largest, where the database keeps their sizes."""

    version: str
    python: str
    django: str
    system: str
    processors: int
    load: tuple[str, str, str]
    disk_free_bytes: int
    disk_total_bytes: int
    database: str
    database_bytes: int
    tables: tuple[Table, ...]


def look() -> Machine:
    """What it is like now. A handful of queries; sizes are the database's own."""
    disk = shutil.disk_usage(Path(settings.HOME))
    load = tuple(f"{one:.2f}" for one in os.getloadavg())
    name, size, tables = _postgres() if connection.vendor == "postgresql" else _sqlite()
    return Machine(
        version=metadata.version("wandeng"),
        python=platform.python_version(),
        django=django.get_version(),
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        processors=os.cpu_count() or 1,
        load=(load[0], load[1], load[2]),
        disk_free_bytes=disk.free,
        disk_total_bytes=disk.total,
        database=name,
        database_bytes=size,
        tables=tables,
    )


def _postgres() -> tuple[str, int, tuple[Table, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
        cursor.execute(
            "SELECT c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = current_schema() "
            "ORDER BY 2 DESC, 1 LIMIT %s",
            [LARGEST_TABLES],
        )
        found = tuple(Table(*row) for row in cursor.fetchall())
    return f"PostgreSQL {version}", size, found


def _sqlite() -> tuple[str, int, tuple[Table, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version(), page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        version, size = cursor.fetchone()
    # Sizes and rows of single tables would take reading the whole file.
    return f"SQLite {version}", size, ()
