"""Who hangs on the areas that go dark: every account supplied there, with whether another supply of it stays on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore

ACCOUNTS = pa.schema(
    [
        ("account_id", pa.int64()), ("account_number", pa.string()), ("transformer_id", pa.int64()),
        ("importance", pa.string()), ("place", pa.string()),
    ]
)  # fmt: skip
_ELSEWHERE = pa.schema([("account_id", pa.int64()), ("transformer_id", pa.int64())])
_HOLDS = "{p}.kind = 'LOAD' AND {p}.connected_on <= ? AND ({p}.disconnected_on IS NULL OR {p}.disconnected_on > ?)"


def behind(store: ColumnStore, transformers: Collection[int], *, on: date) -> pl.DataFrame:
    """The accounts supplied by these transformers on a day, a row an account and transformer: :data:`ACCOUNTS` and
    ``keeps_supply`` (another supply of theirs hangs on none of them), by transformer and account."""
    if not transformers:
        return pl.DataFrame(ACCOUNTS.empty_table()).with_columns(keeps_supply=pl.lit(False))
    ids = pl.DataFrame({"transformer_id": sorted(transformers)}, schema={"transformer_id": pl.Int64})
    with store.staged(ids.to_arrow()) as staged:
        here = store.read(
            "SELECT DISTINCT p.account_id, a.account_number, p.transformer_id, a.importance, t.area_name AS place "
            f"FROM {staged} s JOIN network_usagepoint p ON p.transformer_id = s.transformer_id "
            "JOIN customers_customeraccount a ON a.id = p.account_id "
            f"JOIN network_powertransformer t ON t.id = p.transformer_id WHERE {_HOLDS.format(p='p')}",
            (on, on),
            schema=ACCOUNTS,
        )
        there = store.read(
            f"SELECT DISTINCT o.account_id, o.transformer_id FROM {staged} s "
            "JOIN network_usagepoint p ON p.transformer_id = s.transformer_id "
            f"JOIN network_usagepoint o ON o.account_id = p.account_id WHERE {_HOLDS.format(p='p')} "
            f"AND {_HOLDS.format(p='o')} AND o.transformer_id NOT IN (SELECT transformer_id FROM {staged})",
            (on, on, on, on),
            schema=_ELSEWHERE,
        )
    keeping = pl.DataFrame(there)["account_id"].unique()
    rows = pl.DataFrame(here).with_columns(keeps_supply=pl.col("account_id").is_in(keeping.implode()))
    return rows.sort("transformer_id", "account_id")
