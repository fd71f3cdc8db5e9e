"""Prepay as stored, read in columns on one connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from wandeng.calc import prepay as calc
from wandeng.domains.collections.balances import IS_POSTED
from wandeng.domains.collections.frames import stored
from wandeng.domains.collections.models import LIVE
from wandeng.infra.columns import ColumnStore

ENROLLED = pl.Schema(
    {
        "agreement_id": pl.Int64, "account_id": pl.Int64, "customer_class": pl.String, "importance": pl.String,
        "valid_from": pl.Date, "agreed_warn_fen": pl.Int64, "as_of": pl.Date,
    }
)  # fmt: skip
EPISODES = pl.Schema(
    {
        "episode_id": pl.Int64, "account_id": pl.Int64, "episode": pl.String, "lowest_fen": pl.Int64,
        "overdrafts": pl.Int16, "order_state": pl.String,
    }
)  # fmt: skip
TRUE_UPS = pl.Schema(
    {
        "agreement_id": pl.Int64, "account_id": pl.Int64, "month_index": pl.Int32, "estimated_on": pl.Date,
        "estimated_to": pl.Date, "estimate_ckwh": pl.Int64, "estimate_fen": pl.Int64, "billed_to": pl.Date,
        "bill_ckwh": pl.Int64, "bill_fen": pl.Int64, "revisions": pl.Int64,
    }
)  # fmt: skip
_RAN = pl.Schema({"account_id": pl.Int64, "gap": pl.String, "gap_on": pl.Date})
_IDS = pl.Schema({"account_id": pl.Int64})
_WITHIN = "{of}.account_id >= ? AND {of}.account_id < ?"
_BEFORE = (
    "SELECT d.account_id AS account_id, MAX(d.day) AS day FROM collections_prepayday d "
    "JOIN collections_prepayagreement g ON g.id = d.agreement_id AND g.state = 'ACTIVE' "
    "WHERE d.gap = '' AND d.day < ? AND d.account_id >= ? AND d.account_id < ? GROUP BY d.account_id"
)


def enrolled(store: ColumnStore, units: Sequence[int], first: int, end: int, day: date) -> pl.DataFrame:
    """:data:`ENROLLED`: active agreements of accounts ``first`` ≤ id < ``end`` of these units that hold on the day."""
    listed = ",".join(str(int(one)) for one in units) or "NULL"
    return stored.read(
        store,
        "SELECT g.id AS agreement_id, g.account_id, a.customer_class, a.importance, g.valid_from, g.agreed_warn_fen, "
        "g.as_of FROM collections_prepayagreement g JOIN customers_customeraccount a ON a.id = g.account_id "
        f"WHERE g.state = 'ACTIVE' AND g.valid_from <= ? AND {_WITHIN.format(of='g')} AND a.unit_id IN ({listed}) "
        "AND (a.closed_on IS NULL OR a.closed_on >= ?) ORDER BY g.account_id",
        (day, first, end, day),
        ENROLLED,
    )


def ran(store: ColumnStore, first: int, end: int, day: date) -> pl.DataFrame:
    """What was written for the day already: account_id, gap, gap_on."""
    sql = f"SELECT d.account_id, d.gap, d.gap_on FROM collections_prepayday d WHERE d.day = ? AND {_WITHIN.format(of='d')}"
    return stored.read(store, sql, (day, first, end), _RAN)


def computed_later(store: ColumnStore, first: int, end: int, day: date) -> pl.DataFrame:
    """Accounts with a computed day after this one: nothing is written behind it any more."""
    sql = (
        "SELECT DISTINCT d.account_id FROM collections_prepayday d WHERE d.gap = '' AND d.day > ? "
        f"AND {_WITHIN.format(of='d')}"
    )
    return stored.read(store, sql, (day, first, end), _IDS)


def before(store: ColumnStore, first: int, end: int, day: date) -> pl.DataFrame:
    """``calc.prepay.BEFORE``: the newest computed day before this one, of the agreement that is active."""
    return stored.read(store, _BEFORE, (day, first, end), calc.BEFORE)


def then(store: ColumnStore, first: int, end: int, day: date) -> pl.DataFrame:
    """``calc.prepay.ESTIMATES`` of the day computed before, without months that are billed by now."""
    return stored.read(
        store,
        "SELECT e.account_id, e.month_index, e.period_from, e.energy_ckwh, e.amount_fen "
        f"FROM ({_BEFORE}) b JOIN collections_prepayestimate e ON e.account_id = b.account_id AND e.day = b.day "
        f"WHERE NOT {IS_POSTED.format(of='e')}",
        (day, first, end),
        calc.ESTIMATES,
    )


def billed_since(store: ColumnStore, first: int, end: int, day: date) -> pl.DataFrame:
    """:data:`TRUE_UPS`: estimates of the day computed before whose month is billed by now, beside the bill with all that
    corrected it, those noted already left out."""
    return stored.read(
        store,
        "SELECT d.agreement_id, e.account_id, e.month_index, e.day AS estimated_on, e.period_to AS estimated_to, "
        "e.energy_ckwh AS estimate_ckwh, e.amount_fen AS estimate_fen, MIN(o.period_to) AS billed_to, "
        "CAST(SUM(o.energy_ckwh) AS BIGINT) AS bill_ckwh, CAST(SUM(o.amount_fen) AS BIGINT) AS bill_fen, "
        f"COUNT(*) AS revisions FROM ({_BEFORE}) b "
        "JOIN collections_prepayday d ON d.account_id = b.account_id AND d.day = b.day "
        "JOIN collections_prepayestimate e ON e.account_id = b.account_id AND e.day = b.day "
        "JOIN billing_bill o ON o.account_id = e.account_id AND o.month_index = e.month_index "
        "JOIN billing_billshard os ON os.id = o.shard_id AND os.stage = 'POSTED' "
        f"WHERE {IS_POSTED.format(of='e')} AND NOT EXISTS (SELECT 1 FROM collections_prepaytrueup t "
        "WHERE t.account_id = e.account_id AND t.month_index = e.month_index) "
        "GROUP BY d.agreement_id, e.account_id, e.month_index, e.day, e.period_to, e.energy_ckwh, e.amount_fen",
        (day, first, end),
        TRUE_UPS,
    )


def past(store: ColumnStore, first: int, end: int, day: date, since: date) -> pl.DataFrame:
    """``calc.prepay.PAST``: days computed from ``since`` on, before this one."""
    return stored.read(
        store,
        "SELECT d.account_id, d.day, d.since_on, d.day_fen FROM collections_prepayday d "
        f"WHERE d.gap = '' AND d.day >= ? AND d.day < ? AND {_WITHIN.format(of='d')}",
        (since, day, first, end),
        calc.PAST,
    )


def episodes(store: ColumnStore, first: int, end: int) -> pl.DataFrame:
    """:data:`EPISODES` that are open, with the state of a live order of the account's prepay."""
    live = ", ".join(f"'{state}'" for state in LIVE)
    return stored.read(
        store,
        "SELECT p.id AS episode_id, p.account_id, p.state AS episode, p.lowest_fen, p.overdrafts, "
        "(SELECT MAX(o.state) FROM collections_disconnectionorder o WHERE o.account_id = p.account_id "
        f"AND o.basis = 'PREPAY' AND o.state IN ({live})) AS order_state FROM collections_prepayepisode p "
        f"WHERE p.state <> 'CLOSED' AND {_WITHIN.format(of='p')}",
        (first, end),
        EPISODES,
    )
