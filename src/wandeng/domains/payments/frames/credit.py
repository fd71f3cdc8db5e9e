"""Credit laid on bills that came after it, and corrections netted: by columns, chunk by chunk, again without harm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from wandeng.domains.ledger import frames as ledger
from wandeng.domains.ledger.types import CREDIT
from wandeng.domains.payments import reading, rules, settling
from wandeng.domains.payments.frames import posting
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId


@dataclass(frozen=True, slots=True)
class CreditUsed:
    """How many accounts something moved for, and how much credit settled bills."""

    accounts: int
    amount_fen: int


def apply_credit(
    store: ColumnStore,
    *,
    key: str,
    on: date,
    at: datetime,
    actor: Actor,
    unit_path: str = "",
    account_ids: Sequence[int] | None = None,
    library: RuleLibrary | None = None,
    then: Callable[[ColumnStore, list[int]], None] | None = None,
) -> CreditUsed:
    """Net corrections and lay credit on open bills: of the accounts of a unit and below that have credit, or of the
    accounts named. Chunks of at most 2,000 accounts of one unit, each a transaction and an entry; doing it again moves
    nothing. ``then`` is called in each transaction with the accounts that something moved for.
    """
    rulebook = library or current.library()
    chosen = _with_credit(store, unit_path) if account_ids is None else _units_of(store, account_ids)
    accounts = amount = 0
    for rows in chosen.partition_by("unit_id", maintain_order=True):
        unit_id = int(rows["unit_id"][0])
        ids = rows["account_id"].to_list()
        for start in range(0, len(ids), posting.CHUNK):
            with store.transaction():
                moved, used = _chunk(
                    store, ids[start : start + posting.CHUNK], key, UnitId(unit_id), on, at, actor, rulebook
                )
                if moved and then is not None:
                    then(store, moved)
            accounts, amount = accounts + len(moved), amount + used
    return CreditUsed(accounts, amount)


def _chunk(
    store: ColumnStore, ids: list[int], key: str, unit: UnitId, on: date, at: datetime, actor: Actor,
    library: RuleLibrary,
) -> tuple[list[int], int]:  # fmt: skip
    places = posting.lock_accounts(store, ids)
    position = reading.position(reading.by_store(store), reading.of_accounts(ids), on, library)
    rule = rules.allocation_rule(library, on=on, territory=places["territory"][0])
    settled = settling.settle_standing(position, rule)
    if settled.lines.is_empty():
        return [], 0
    moved = settled.lines["account_id"].unique().sort().to_list()
    reserved = ledger.reserve(store, lines=settled.lines.height)
    posting.post(
        store, key=f"credit:{key}:{reserved.entry}", kind="CREDIT_USED", unit=unit, lines=settled.lines, on=on, at=at,
        actor=actor, reserved=reserved,
    )  # fmt: skip
    parts = settled.parts.with_columns(payment_id=pl.lit(None, pl.Int64), settled_on=pl.lit(on))
    posting.keep_parts(store, parts)
    return moved, int(parts["amount_fen"].sum())


_CHOSEN = pl.Schema({"account_id": pl.Int64, "unit_id": pl.Int64})


def _with_credit(store: ColumnStore, unit_path: str) -> pl.DataFrame:
    found = store.read(
        "SELECT c.account_id, a.unit_id FROM (SELECT account_id FROM ledger_entryline WHERE ledger_account = ? "
        "GROUP BY account_id HAVING SUM(amount_fen) < 0) c JOIN customers_customeraccount a ON a.id = c.account_id "
        f"JOIN organization_unit u ON u.id = a.unit_id WHERE substr(u.path, 1, {len(unit_path)}) = ? "
        "ORDER BY a.unit_id, c.account_id",
        (CREDIT, unit_path),
        schema=pl.DataFrame(schema=_CHOSEN).to_arrow().schema,
    )
    return pl.DataFrame(found).cast(_CHOSEN)


def _units_of(store: ColumnStore, account_ids: Sequence[int]) -> pl.DataFrame:
    listed = ",".join(str(int(one)) for one in account_ids)
    found = store.read(
        f"SELECT id AS account_id, unit_id FROM customers_customeraccount WHERE id IN ({listed}) ORDER BY unit_id, id",
        schema=pl.DataFrame(schema=_CHOSEN).to_arrow().schema,
    )
    return pl.DataFrame(found).cast(_CHOSEN)
