"""Telling in columns: what everybody was told last, whom a phone belongs to, and what is told now, written in one transaction."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pyarrow as pa

from wandeng.calc.outage_telling import TOLD, by_phone
from wandeng.domains.rationing.models import RationingTelling, RationingTold
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore

_TOLD = pa.schema([("account_id", pa.int64()), ("kind", pa.string()), ("facts", pa.string()), ("telling", pa.int64())])
_PHONES = pa.schema(
    [("account_id", pa.int64()), ("phone", pa.string()), ("is_primary", pa.bool_()), ("verification", pa.string()),
     ("contact", pa.int64())]
)  # fmt: skip
_RECIPIENTS = pa.schema([("carrier_id", pa.int64()), ("recipient_id", pa.int64())])


def lock(store: ColumnStore, order_id: int) -> None:
    """Hold the order until the transaction ends: two looks at once tell one after the other. SQLite has one writer anyway."""
    if not store.is_sqlite:
        store.read("SELECT id FROM rationing_rationingorder WHERE id = ? FOR UPDATE", (order_id,))


def told(store: ColumnStore, order_id: int) -> pl.DataFrame:
    """What each account was told last of an order: ``calc.outage_telling.TOLD``."""
    rows = store.read(
        "SELECT t.account_id, g.kind, g.facts, g.id AS telling FROM rationing_rationingtold t "
        "JOIN rationing_rationingtelling g ON g.id = t.telling_id WHERE g.order_id = ?",
        (order_id,),
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
    store: ColumnStore, carriers: pl.DataFrame, *, order_id: int, version: int, kind: str, facts: str, due_by: datetime,
    notice_key: str, notice_id: int, at: datetime,
) -> int:  # fmt: skip
    """Write a telling with everybody it is for (``account_id``, ``carrier_id``), after its notice. Returns its id."""
    telling = ids.reserve_columns(store, RationingTelling, 1)
    moment = pl.Datetime("us", "UTC")
    head = pl.DataFrame(
        {"id": [telling], "order_id": [order_id], "version": [version], "kind": [kind], "facts": [facts],
         "due_by": [due_by], "notice_key": [notice_key], "accounts": [carriers.height],
         "messages": [carriers["carrier_id"].n_unique()], "made_at": [at]},
        schema_overrides={"due_by": moment, "made_at": moment, "version": pl.Int16, "accounts": pl.Int32,
                          "messages": pl.Int32},
    )  # fmt: skip
    store.append(RationingTelling, head.to_arrow())
    recipients = pl.DataFrame(
        store.read(
            "SELECT account_id AS carrier_id, id AS recipient_id FROM notices_noticerecipient WHERE notice_id = ?",
            (notice_id,),
            schema=_RECIPIENTS,
        )
    )
    first = ids.reserve_columns(store, RationingTold, carriers.height)
    rows = carriers.join(recipients, on="carrier_id", how="left", maintain_order="left").select(
        id=first + pl.int_range(pl.len(), dtype=pl.Int64), telling_id=pl.lit(telling, pl.Int64), account_id="account_id",
        recipient_id="recipient_id", hand_way=pl.lit(""), hand_by=pl.lit(""), hand_at=pl.lit(None, moment),
        hand_note=pl.lit(""),
    )  # fmt: skip
    store.append(RationingTold, rows.to_arrow())
    return telling
