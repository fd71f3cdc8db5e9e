"""Tellings (告知批次) in columns: what everybody was told last of a thing, whom a phone belongs to, and what is told now.

An outage and an order of rationing keep tables of the same shape: a telling with its kind, facts and notice, and a row for each
account it is for. Whose tables they are is named by :class:`Tables`; each domain keeps its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl
import pyarrow as pa
from django.db import models

from wandeng.calc.outage_telling import TOLD, by_phone
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore

_TOLD = pa.schema([("account_id", pa.int64()), ("kind", pa.string()), ("facts", pa.string()), ("telling", pa.int64())])
_PHONES = pa.schema(
    [("account_id", pa.int64()), ("phone", pa.string()), ("is_primary", pa.bool_()), ("verification", pa.string()),
     ("contact", pa.int64())]
)  # fmt: skip
_RECIPIENTS = pa.schema([("carrier_id", pa.int64()), ("recipient_id", pa.int64())])


@dataclass(frozen=True, slots=True)
class Tables:
    """The thing that is told of, its tellings, and the accounts they are for; ``key``: the tellings' column that names the thing."""

    thing: type[models.Model]
    telling: type[models.Model]
    told: type[models.Model]
    key: str


def lock(store: ColumnStore, tables: Tables, thing_id: int) -> None:
    """Hold the thing until the transaction ends: two looks at once tell one after the other. SQLite has one writer anyway."""
    if not store.is_sqlite:
        store.read(f"SELECT id FROM {tables.thing._meta.db_table} WHERE id = ? FOR UPDATE", (thing_id,))


def told(store: ColumnStore, tables: Tables, thing_id: int) -> pl.DataFrame:
    """What each account was told last of the thing: ``calc.outage_telling.TOLD``."""
    rows = store.read(
        f"SELECT t.account_id, g.kind, g.facts, g.id AS telling FROM {tables.told._meta.db_table} t "
        f"JOIN {tables.telling._meta.db_table} g ON g.id = t.telling_id WHERE g.{tables.key} = ?",
        (thing_id,),
        schema=_TOLD,
    )
    last = pl.DataFrame(rows).sort("telling").unique("account_id", keep="last", maintain_order=True)
    return last.select(TOLD.names()).cast(TOLD)


def carried(store: ColumnStore, accounts: pl.DataFrame) -> pl.DataFrame:
    """Accounts (``account_id``) with ``carrier_id`` and ``shared`` (``calc.outage_telling.by_phone``): the number an account is
    told by is its primary one unless it was found wrong, else one that was found right, as notices choose it."""
    with store.staged(accounts.select("account_id").to_arrow()) as staged:
        rows = store.read(
            "SELECT c.account_id, c.phone_index AS phone, c.is_primary, c.verification, c.id AS contact "
            f"FROM {staged} s JOIN customers_contact c ON c.account_id = s.account_id WHERE c.verification <> 'WRONG'",
            schema=_PHONES,
        )
    best = (
        pl.DataFrame(rows)
        .sort(~pl.col("is_primary"), pl.col("verification") != "RIGHT", "contact")
        .unique("account_id", keep="first", maintain_order=True)
        .select("account_id", "phone")
    )
    return by_phone(accounts.select("account_id").join(best, on="account_id", how="left", maintain_order="left"))


def write(
    store: ColumnStore, tables: Tables, carriers: pl.DataFrame, *, thing_id: int, version: int, kind: str, facts: str,
    due_by: datetime, notice_key: str, notice_id: int, at: datetime,
) -> int:  # fmt: skip
    """Write a telling with everybody it is for (``account_id``, ``carrier_id``), after its notice. Returns its id."""
    telling = ids.reserve_columns(store, tables.telling, 1)
    moment = pl.Datetime("us", "UTC")
    head = pl.DataFrame(
        {"id": [telling], tables.key: [thing_id], "version": [version], "kind": [kind], "facts": [facts],
         "due_by": [due_by], "notice_key": [notice_key], "accounts": [carriers.height],
         "messages": [carriers["carrier_id"].n_unique()], "made_at": [at]},
        schema_overrides={"due_by": moment, "made_at": moment, "version": pl.Int16, "accounts": pl.Int32,
                          "messages": pl.Int32},
    )  # fmt: skip
    store.append(tables.telling, head.to_arrow())
    recipients = pl.DataFrame(
        store.read(
            "SELECT account_id AS carrier_id, id AS recipient_id FROM notices_noticerecipient WHERE notice_id = ?",
            (notice_id,),
            schema=_RECIPIENTS,
        )
    )
    first = ids.reserve_columns(store, tables.told, carriers.height)
    rows = carriers.join(recipients, on="carrier_id", how="left", maintain_order="left").select(
        id=first + pl.int_range(pl.len(), dtype=pl.Int64), telling_id=pl.lit(telling, pl.Int64), account_id="account_id",
        recipient_id="recipient_id", hand_way=pl.lit(""), hand_by=pl.lit(""), hand_at=pl.lit(None, moment),
        hand_note=pl.lit(""),
    )  # fmt: skip
    store.append(tables.told, rows.to_arrow())
    return telling
