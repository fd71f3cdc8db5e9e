"""What an import file may contain: its kinds, their sections, their columns. Pure description, no reading, no writing.

A kind 导入类型 is what a person names on the command line. It has one section, or several that share a file: then a
CSV file says in its ``type`` column which section a row belongs to, and an XLSX file has a sheet for each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from wandeng.infra.columns import ColumnStore
    from wandeng.kernel.actors import Actor

LINE = "line"
"""Name of the column that carries a row's line number through every frame of an import."""

PERSONAL = frozenset({"phone", "id_number"})
"""Columns that are sealed wherever they are kept, parked rows too, and masked wherever they are shown."""

TYPE = "type"
"""The column of a CSV file that tells the sections of a kind apart."""


@dataclass(frozen=True)
class Text:
    """Free text, at most ``limit`` characters, without control characters."""

    limit: int = 256


@dataclass(frozen=True)
class Code:
    """A number or code by which people know a thing: full-width characters are narrowed, spaces inside are refused."""

    limit: int = 64


@dataclass(frozen=True)
class Choice:
    """One of a fixed set. ``labels`` maps the stored value to the words that people may write for it."""

    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Number:
    """A decimal number, stored as an integer of 10^-``decimals``, between ``low`` and ``high`` (both as written)."""

    decimals: int = 0
    low: int = 0
    high: int = 10**12


@dataclass(frozen=True)
class Day:
    """A calendar date from 1900 on."""


@dataclass(frozen=True)
class Moment:
    """A local date and time to the second, Asia/Shanghai; stored in UTC."""


@dataclass(frozen=True)
class Flag:
    """Yes or no."""


Form = Text | Code | Choice | Number | Day | Moment | Flag


@dataclass(frozen=True)
class Column:
    """One column of a file. ``name`` is the English header, ``zh`` the Chinese one; ``also`` are further headers.

    An empty cell takes ``default`` (as a person would write it); without a default it is null, and a finding when
    ``required``. ``sample`` goes into the template.
    """

    name: str
    zh: str
    form: Form
    required: bool = False
    default: str = ""
    sample: str = ""
    about: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Landing:
    """What a loader did with the rows it was given.

    ``outcomes``: columns ``line``, ``outcome`` (``created``, ``changed`` or ``unchanged``), one row for each row that
    landed. ``findings``: columns of :data:`FINDINGS`, one row for each complaint; their rows did not land.
    ``parts``: kind → (rows of text, findings) of parts that could not be taken while the rest of their rows landed; they are
    parked under that kind. ``notes`` counts what else a person should know, by code (``HELD``).
    """

    outcomes: pl.DataFrame
    findings: pl.DataFrame
    parts: Mapping[str, tuple[pl.DataFrame, pl.DataFrame]] = field(default_factory=dict)
    notes: Mapping[str, int] = field(default_factory=dict)


FINDINGS = pl.Schema(
    {LINE: pl.Int64, "column": pl.String, "code": pl.String, "found": pl.String, "expected": pl.String}
)
OUTCOMES = pl.Schema({LINE: pl.Int64, "outcome": pl.String})


@dataclass(frozen=True)
class LoadContext:
    """Who imports, when, within which unit (``unit_path`` empty: everywhere; ``unit_code`` fills empty cells of a
    column ``unit``), and whether anything may outlive the transaction (``dry_run`` loaders write no files)."""

    actor: Actor
    at: datetime
    unit_path: str = ""
    unit_code: str = ""
    dry_run: bool = False


Loader = Callable[["ColumnStore", pl.DataFrame, LoadContext], Landing]


@dataclass(frozen=True)
class Section:
    """Rows of one shape. ``key`` names the columns that must not repeat in a file; ``agree`` maps a column to others
    that must be the same wherever it has the same value (an account that stands on two rows is one account)."""

    name: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    load: Loader
    agree: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True)
class Kind:
    """Something that can be imported; ``chunk_rows`` rows make one transaction, and people with
    one of ``roles`` may import it, besides administrators."""

    name: str
    zh: str
    about: str
    sections: tuple[Section, ...]
    chunk_rows: int = 50_000
    roles: tuple[str, ...] = ()

    @property
    def is_compound(self) -> bool:
        return len(self.sections) > 1
