"""What a batch of payments does to orders, on the batch's own column connection and in its transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from wandeng.domains.collections import rules_orders
from wandeng.domains.collections.dispatching import local_day
from wandeng.domains.collections.events import SupplyOrderedBack
from wandeng.domains.collections.frames import prepay_money
from wandeng.domains.collections.models import DisconnectionOrder, ReconnectionOrder
from wandeng.domains.collections.states_orders import DISCONNECTION
from wandeng.domains.collections.types_prepay import ARREARS, PREPAY
from wandeng.domains.payments import frames as payments
from wandeng.infra import events, ids
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor

_LIVE = (
    "SELECT o.id AS id, o.number AS number, o.account_id AS account_id, o.unit_id AS unit_id, o.state AS state, "
    "o.bills AS bills, o.basis AS basis, a.customer_class AS customer_class, u.territory AS territory, u.path AS unit_path, a.locality AS locality "
    "FROM collections_disconnectionorder o JOIN organization_unit u ON u.id = o.unit_id "
    "JOIN customers_customeraccount a ON a.id = o.account_id "
    "WHERE o.state IN ('PROPOSED', 'SECOND_WANTED', 'APPROVED', 'DISPATCHED', 'CUT') AND o.account_id IN ({ids}) "
    "ORDER BY o.id"
)
_OPEN = "SELECT account_id FROM collections_reconnectionorder WHERE state = 'ORDERED' AND account_id IN ({ids})"
_CREDIT = (
    "SELECT l.account_id AS account_id, -SUM(l.amount_fen) AS fen FROM ledger_entryline l JOIN ledger_entry e "
    "ON e.id = l.entry_id WHERE l.ledger_account = 'CREDIT' AND e.is_posted AND l.account_id IN ({ids}) GROUP BY l.account_id"
)
_IDS_A_STATEMENT = 5_000


def after_payments(
    store: ColumnStore, account_ids: Sequence[int], *, batch: str, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """:func:`actions.after_payment` for the accounts of a batch, called inside its transaction after the payments are
    posted and with the accounts locked. Returns how many reconnection orders were made; who goes is told by the event.

    Accounts without a live order, which are nearly all, cost one query.
    """
    known = library or current.library()
    made = 0
    for start in range(0, len(account_ids), _IDS_A_STATEMENT):
        some = sorted({int(one) for one in account_ids[start : start + _IDS_A_STATEMENT]})
        made += _of(store, some, batch, actor, at, known)
    return made


def _of(store: ColumnStore, some: list[int], batch: str, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    if not some:
        return 0
    prepay_money.settle_many(store, some, batch=batch, actor=actor, at=at, library=library)
    live = store.read(_LIVE.format(ids=_listed(some))).to_pylist()
    if not live:
        return 0
    paid = [row for row in live if row["id"] in _paid(store, live, at, library)]
    before = [row["id"] for row in paid if row["state"] in ("PROPOSED", "SECOND_WANTED", "APPROVED")]
    sent = [row["id"] for row in paid if row["state"] == "DISPATCHED"]
    reason = f"PAID {batch}"
    move_many(store, DisconnectionOrder, DISCONNECTION, "withdraw", before, actor=actor, at=at, reason=reason,
              also={"ended_at": at})  # fmt: skip
    move_many(store, DisconnectionOrder, DISCONNECTION, "recall", sent, actor=actor, at=at, reason=reason)
    off = [row for row in paid if row["state"] in ("DISPATCHED", "CUT")]
    waiting = _numbers(store, _OPEN, [row["account_id"] for row in off])
    return _order_back(store, [row for row in off if row["account_id"] not in waiting], batch, actor, at, library)


def _paid(store: ColumnStore, live: list[dict[str, Any]], at: datetime, library: RuleLibrary) -> set[int]:
    """Orders whose demanded debt is paid, but for less than the rule lets stay open; those by balance, whose balance is enough."""
    on = local_day(at)
    accounts = [row["account_id"] for row in live if row["basis"] == ARREARS]
    paid = prepay_money.ended_by_balance(store, [row for row in live if row["basis"] == PREPAY], on, library)
    if not accounts:
        return paid
    items = payments.open_items(store, on=on, account_ids=accounts, library=library)
    late = items.filter((items["due_on"] < on) | (items["open_fen"] < 0)).to_dicts()
    credit = store.read(_CREDIT.format(ids=_listed(accounts))).to_pylist()
    credits = {row["account_id"]: max(0, int(row["fen"])) for row in credit}
    for row in live:
        if row["basis"] != ARREARS:
            continue
        rule = rules_orders.back_rule(row["territory"], on, library)
        named = set(json.loads(row["bills"]))
        mine = [one for one in late if one["account_id"] == row["account_id"]]
        if rule.paid == "demanded":
            mine = [one for one in mine if one["bill_id"] in named or one["open_fen"] < 0]
        left = sum(one["open_fen"] for one in mine) - credits.get(row["account_id"], 0)
        if left < max(1, rule.least_fen):
            paid.add(row["id"])
    return paid


def _order_back(
    store: ColumnStore, rows: list[dict[str, Any]], batch: str, actor: Actor, at: datetime, library: RuleLibrary
) -> int:
    if not rows:
        return 0
    on = local_day(at)
    first = ids.reserve_columns(store, ReconnectionOrder, len(rows))
    rules = [rules_orders.back_rule(row["territory"], on, library) for row in rows]
    numbers = [f"FD{on:%y%m%d}{first + place:06d}" for place in range(len(rows))]
    columns = {
        "id": pa.array(range(first, first + len(rows)), pa.int64()),
        "number": numbers,
        "account_id": [row["account_id"] for row in rows],
        "unit_id": [row["unit_id"] for row in rows],
        "disconnection_id": [row["id"] for row in rows],
        "state": ["ORDERED"] * len(rows),
        "cause": ["PAYMENT"] * len(rows),
        "payment_key": [batch[:128]] * len(rows),
        "due_from": moments(at, len(rows)),
        "due_at": moments(rule.due(at, row["locality"]) for rule, row in zip(rules, rows, strict=True)),
        "rule_path": [rule.path for rule in rules],
        "ordered_by": [actor.code] * len(rows),
        "ordered_at": moments(at, len(rows)),
        "confirmed_by": [""] * len(rows),
    }
    store.append(ReconnectionOrder, pa.table(columns))
    for number, row in zip(numbers, rows, strict=True):
        told = SupplyOrderedBack(number=number, account_id=row["account_id"], unit_path=row["unit_path"])
        events.publish_columns(store, told, at=at)
    return len(rows)


def _numbers(store: ColumnStore, sql: str, some: list[int]) -> set[int]:
    return set(store.read(sql.format(ids=_listed(some))).column(0).to_pylist()) if some else set()


def _listed(some: Sequence[int]) -> str:
    """Ids are integers, so they may stand in the text."""
    return ",".join(str(int(one)) for one in some)
