"""What a batch of payments does to prepay, on the batch's own connection and in its transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import polars as pl

from wandeng.domains.collections import balances, rules_prepay
from wandeng.domains.collections.dispatching import local_day
from wandeng.domains.collections.frames import prepay_balances, stored
from wandeng.domains.collections.models import PrepayEpisode
from wandeng.domains.collections.prepaying import BEFORE_LEAVING
from wandeng.domains.collections.states_prepay import PREPAY_EPISODE
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor

_EPISODES = pl.Schema(
    {
        "episode_id": pl.Int64, "account_id": pl.Int64, "episode": pl.String, "lowest_fen": pl.Int64,
        "agreed_warn_fen": pl.Int64, "newest_warn_fen": pl.Int64, "customer_class": pl.String, "territory": pl.String,
    }
)  # fmt: skip


def ended_by_balance(store: ColumnStore, live: Sequence[dict[str, Any]], on: date, library: RuleLibrary) -> set[int]:
    """Ids of the live prepay orders whose balance is enough (:func:`prepaying.is_enough`)."""
    if not live:
        return set()
    known = _balances(store, [row["account_id"] for row in live], on, library)
    ended = set()
    for row in live:
        rule = rules_prepay.prepay_rule(row["territory"], on, library)
        terms = rule.of_class(row["customer_class"])
        needed = terms.cut_below_fen if row["state"] in BEFORE_LEAVING else terms.restore_from_fen
        if known.get(row["account_id"], 0) >= needed:
            ended.add(int(row["id"]))
    return ended


def settle_many(
    store: ColumnStore, account_ids: Sequence[int], *, batch: str, actor: Actor, at: datetime, library: RuleLibrary
) -> None:
    """:func:`prepaying.settle` for the accounts of a batch; those without an open episode, nearly all, cost one query."""
    listed = ",".join(str(int(one)) for one in account_ids)
    found = stored.read(
        store,
        "SELECT p.id AS episode_id, p.account_id, p.state AS episode, p.lowest_fen, g.agreed_warn_fen, "
        "g.warn_fen AS newest_warn_fen, a.customer_class, u.territory FROM collections_prepayepisode p "
        "JOIN collections_prepayagreement g ON g.id = p.agreement_id JOIN customers_customeraccount a "
        "ON a.id = p.account_id JOIN organization_unit u ON u.id = a.unit_id "
        f"WHERE p.state <> 'CLOSED' AND p.account_id IN ({listed})",
        (),
        _EPISODES,
    )
    if found.is_empty():
        return
    on = local_day(at)
    last = balances.estimates(prepay_balances.by_store(store), found["account_id"].to_list())
    ledger = prepay_balances.ledger_of(store, last["account_id"].to_list(), on=on, library=library)
    beside = (
        found.join(last.select("account_id", "estimate_fen"), on="account_id", how="inner")
        .join(ledger, on="account_id", how="left")
        .with_columns(balance_fen=pl.col("ledger_fen").fill_null(0) - pl.col("estimate_fen"))
    )
    stored.overwrite(store, PrepayEpisode, beside.select(
        id="episode_id", balance_fen="balance_fen", lowest_fen=pl.min_horizontal("lowest_fen", "balance_fen")
    ))  # fmt: skip
    for (territory,), rows in beside.group_by("territory"):
        terms = rules_prepay.prepay_rule(str(territory), on, library).terms
        _turn(store, rows.join(terms, on="customer_class", how="inner"), batch, actor, at)


def _turn(store: ColumnStore, rows: pl.DataFrame, batch: str, actor: Actor, at: datetime) -> None:
    least = pl.coalesce("newest_warn_fen", "agreed_warn_fen", "warn_least_fen")
    over = rows.filter(pl.col("balance_fen") >= least)
    again = rows.filter(
        (pl.col("balance_fen") < least) & (pl.col("episode") == "OVERDRAWN")
        & (pl.col("balance_fen") >= pl.col("cut_below_fen"))
    )  # fmt: skip
    also = {"closed_at": at, "closed_as": "TOPPED_UP"}
    move_many(store, PrepayEpisode, PREPAY_EPISODE, "close", over["episode_id"].to_list(), actor=actor, at=at,
              reason=batch, also=also)  # fmt: skip
    move_many(store, PrepayEpisode, PREPAY_EPISODE, "recover", again["episode_id"].to_list(), actor=actor, at=at,
              reason=batch)  # fmt: skip


def _balances(store: ColumnStore, account_ids: list[int], on: date, library: RuleLibrary) -> dict[int, int]:
    """Account → its balance now; the ledger alone for one without a computed day."""
    ledger = dict(prepay_balances.ledger_of(store, account_ids, on=on, library=library).rows())
    last = balances.estimates(prepay_balances.by_store(store), account_ids)
    estimates = dict(last.select("account_id", "estimate_fen").rows())
    return {one: ledger.get(one, 0) - estimates.get(one, 0) for one in account_ids}
