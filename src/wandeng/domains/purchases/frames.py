"""Purchases from a file, with their entries, on the importer's connection."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.ledger import frames as ledger
from wandeng.domains.ledger.types import LINES
from wandeng.domains.purchases.models import EnergyPurchase
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId

KEY = ["unit_id", "month", "source", "supplier"]
FIGURES = ["energy_ckwh", "amount_fen", "document_number"]


def recorded(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Current purchases of the rows' units, months and suppliers: the key and the figures, named ``was_…``."""
    found = merging.find(store, EnergyPurchase, rows.select(KEY), FIGURES, where="t.is_current")
    return found.rename({name: f"was_{name}" for name in FIGURES})


def closed(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows whose unit's books are closed for their month."""
    sql = "SELECT unit_id, MAX(month) AS closed_to FROM ledger_periodclose GROUP BY unit_id"
    schema = pa.schema([("unit_id", pa.int64()), ("closed_to", pa.string())])
    closes = pl.DataFrame(store.read(sql, schema=schema))
    return rows.join(closes, on="unit_id").filter(pl.col("month") <= pl.col("closed_to"))


def load(store: ColumnStore, rows: pl.DataFrame, *, actor: Actor, at: datetime) -> pl.DataFrame:
    """Append purchases (``line``, :data:`KEY`, :data:`FIGURES`) and post each of them. A supplier settles a month once, so
    there are dozens of rows, not millions. Returns ``line`` and ``outcome``."""
    new = merging.number(store, EnergyPurchase, rows.with_columns(pl.lit(None, pl.Int64).alias("id")))
    table = new.select("id", *KEY, *FIGURES).with_columns(
        pl.lit(0, pl.Int16).alias("revision"), pl.lit(True).alias("is_current"), pl.lit("").alias("reason"),
        pl.lit(at).alias("recorded_at"), pl.lit(actor.code).alias("recorded_by"),
    )  # fmt: skip
    store.append(EnergyPurchase, table.to_arrow())
    for row in new.filter(pl.col("amount_fen") != 0).iter_rows(named=True):
        sides = ((f"PURCHASE:{row['source']}", row["amount_fen"]), (f"PAYABLE:{row['source']}", -row["amount_fen"]))
        lines = [
            {"ledger_account": name, "account_id": None, "source": row["id"], "amount_fen": amount}
            for name, amount in sides
        ]
        ledger.post(
            store, biz_key=f"purchase:{row['id']}", kind="PURCHASE", unit=UnitId(row["unit_id"]), month=row["month"],
            lines=pa.Table.from_pylist(lines, schema=LINES), at=at, actor=actor,
        )  # fmt: skip
    return new.select("line", pl.lit(merging.CREATED).alias("outcome"))
