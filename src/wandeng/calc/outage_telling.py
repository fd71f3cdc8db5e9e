"""Who is told what of an outage (停电告知), from what everybody was told last: announced, corrected, called off, told that supply
is back; each once, nobody missed.

Law: planned outages are told seven days ahead (电力供应与使用条例 art. 28); whoever was told must hear of every change.
"""

from __future__ import annotations

from enum import StrEnum

import polars as pl


class Telling(StrEnum):
    """What is told (告知类型)."""

    ANNOUNCEMENT = "ANNOUNCEMENT"
    CORRECTION = "CORRECTION"
    CANCELLATION = "CANCELLATION"
    RESTORATION = "RESTORATION"


EXPECTING = (Telling.ANNOUNCEMENT, Telling.CORRECTION)
"""After these a customer expects to be without supply."""
TOLD = pl.Schema({"account_id": pl.Int64, "kind": pl.String, "facts": pl.String})
"""What an account was told last, and by which facts (time and place as one text); an account that was never told has no row."""
TO_TELL = pl.Schema({"account_id": pl.Int64, "kind": pl.String})


def to_tell(
    told: pl.DataFrame, affected: pl.DataFrame, *, facts: str, is_over: bool, back: pl.DataFrame | None = None
) -> pl.DataFrame:
    """What is to be told now, an account once: :data:`TO_TELL`, by account.

    ``told`` is :data:`TOLD`; ``affected`` (``account_id``) loses supply by what stands now, which is nobody when the outage is
    called off; ``facts`` is what they are to know. When the outage ``is_over``, those who expected it hear that supply is back.
    ``back`` (``account_id``) have supply again while the outage goes on for others: nothing of it concerns them until it is over.
    """
    expecting = told.filter(pl.col("kind").is_in([str(one) for one in EXPECTING]))
    gone = (
        expecting
        if back is None
        else expecting.join(back.select(pl.col("account_id").cast(pl.Int64)), on="account_id", how="anti")
    )
    now = affected.select(pl.col("account_id").cast(pl.Int64)).unique()
    if is_over:
        parts = {Telling.RESTORATION: expecting}
    else:
        parts = {
            Telling.ANNOUNCEMENT: now.join(expecting, on="account_id", how="anti"),
            Telling.CORRECTION: expecting.filter(pl.col("facts") != facts).join(now, on="account_id", how="semi"),
            Telling.CANCELLATION: gone.join(now, on="account_id", how="anti"),
        }
    rows = [part.select("account_id", pl.lit(str(kind)).alias("kind")) for kind, part in parts.items()]
    return pl.concat([pl.DataFrame(schema=TO_TELL), *rows]).sort("account_id")


def by_phone(accounts: pl.DataFrame) -> pl.DataFrame:
    """Accounts (``account_id``, ``phone``, null where there is none) with ``carrier_id``: whose message tells all that share a
    phone, the first of them; and ``shared``, how many that are. Without a phone an account is by itself."""
    own = pl.format("#{}", pl.col("account_id"))
    return accounts.with_columns(key=pl.coalesce("phone", own)).select(
        "account_id", pl.col("account_id").min().over("key").alias("carrier_id"), pl.len().over("key").alias("shared")
    )
