"""Payments by the thousand: judged, settled and posted in chunks, by the functions that take a single one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wandeng.calc.allocation import AllocationRule
from wandeng.domains.ledger.types import CREDIT
from wandeng.domains.payments import reading, rules, settling
from wandeng.domains.payments.actions.receiving import debit_account
from wandeng.domains.payments.events import PaymentsReceived
from wandeng.domains.payments.frames import posting
from wandeng.domains.payments.models import Payment
from wandeng.domains.payments.types import TAKE, VERDICTS, Tender
from wandeng.infra import events
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE

_CHANNEL = re.compile(r"[A-Z][A-Z0-9_]{1,31}")
_KNOWN = pl.Schema(
    {
        "key": pl.String, "known_id": pl.Int64, "known_account": pl.Int64, "known_fen": pl.Int64,
        "known_tender": pl.String, "known_channel": pl.String, "known_on": pl.Date,
    }
)  # fmt: skip
_IDS = pl.Schema({"key": pl.String, "payment_id": pl.Int64, "account_id": pl.Int64})
Then = Callable[[ColumnStore, list[int]], None]


class NotSuch(NotFound):
    """The unit in whose books a batch is posted does not exist."""

    code = "UNIT_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of a batch: ``verdicts`` (:data:`VERDICTS`) in the order of the rows, and the sums of what was posted."""

    verdicts: pl.DataFrame
    posted: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """For whom and when a batch is posted."""

    code: str
    unit: UnitId
    unit_path: str
    at: datetime
    actor: Actor
    library: RuleLibrary
    then: Then | None


def take_many(
    store: ColumnStore,
    rows: pl.DataFrame,
    *,
    batch: str,
    unit_path: str,
    at: datetime,
    actor: Actor,
    library: RuleLibrary | None = None,
    then: Then | None = None,
) -> Ran:
    """Take payments (:data:`TAKE`) of accounts of a unit and below, whose books they are posted in.

    Chunks of at most 2,000, each one transaction, one ledger entry and one event; an account that pays twice is in two
    chunks. Taken again, everything is a repeat. ``then`` is called inside each transaction with the accounts that paid.
    A row is refused with KEY_USED, NO_ACCOUNT, BAD_AMOUNT, BAD_TENDER, BAD_CHANNEL or BAD_DAY; the others are posted.

    Raises :class:`NotSuch` for the unit, ``NoRuleInForce``.
    """
    unit = store.scalar("SELECT id FROM organization_unit WHERE path = ?", (unit_path,))
    if unit is None:
        raise NotSuch(f"there is no unit {unit_path}")
    around = _Batch(batch, UnitId(int(unit)), unit_path, at, actor, library or current.library(), then)
    judged = _refusals(rows.select(TAKE.names()).cast(TAKE), at).with_row_index("row")
    sound = judged.filter(pl.col("reason") == "").with_columns(
        turn=pl.max_horizontal(pl.int_range(pl.len()).over("account_id"), pl.int_range(pl.len()).over("key")),
        month=pl.col("received_on").dt.truncate("1mo"),
    )
    found = [judged.filter(pl.col("reason") != "").select("row", verdict=pl.lit("refused"), reason="reason",
             payment_id=pl.lit(None, pl.Int64))]  # fmt: skip
    for _, some in sound.group_by("turn", "month", maintain_order=True):
        for turn in _apart(some):
            found += [_chunk(store, part, around) for part in turn.iter_slices(posting.CHUNK)]
    verdicts = judged.select("row", "key", "amount_fen").join(pl.concat(found), on="row", maintain_order="left")
    posted = verdicts.filter(pl.col("verdict") == "posted")
    return Ran(verdicts.select(VERDICTS.names()), posted.height, int(posted["amount_fen"].sum()))


def _apart(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Rows of a turn in sets that hold an account and a key once; nearly always one set."""
    sets: list[pl.DataFrame] = []
    while rows.height:
        once = rows.select(pl.col("account_id").is_first_distinct() & pl.col("key").is_first_distinct()).to_series()
        sets.append(rows.filter(once))
        rows = rows.filter(~once)
    return sets


def _refusals(rows: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """``reason``: why a row cannot be a payment at all, empty where it can."""
    today = at.astimezone(BILLING_ZONE).date()
    bad_key = pl.col("key").is_null() | (pl.col("key").str.strip_chars() == "") | (pl.col("key").str.len_chars() > 120)
    return rows.with_columns(
        reason=pl.when(bad_key)
        .then(pl.lit("BAD_KEY"))
        .when(pl.col("account_id").is_null())
        .then(pl.lit("NO_ACCOUNT"))
        .when(pl.col("amount_fen").is_null() | (pl.col("amount_fen") <= 0))
        .then(pl.lit("BAD_AMOUNT"))
        .when(~pl.col("tender").is_in(list(Tender.__members__)).fill_null(False))
        .then(pl.lit("BAD_TENDER"))
        .when(~pl.col("channel").str.contains(f"^{_CHANNEL.pattern}$").fill_null(False))
        .then(pl.lit("BAD_CHANNEL"))
        .when(pl.col("received_on").is_null() | (pl.col("received_on") > today))
        .then(pl.lit("BAD_DAY"))
        .otherwise(pl.lit(""))
    )


def _chunk(store: ColumnStore, rows: pl.DataFrame, around: _Batch) -> pl.DataFrame:
    """One transaction: ``row``, ``verdict``, ``reason``, ``payment_id``."""
    with store.transaction():
        places = posting.lock_accounts(store, rows["account_id"].to_list())
        known = _known(store, rows.select("key"))
        here = places.filter(pl.col("unit_path").str.starts_with(around.unit_path))
        told = rows.join(known, on="key", how="left", maintain_order="left").join(
            here, on="account_id", how="left", maintain_order="left"
        )
        judged = told.with_columns(verdict=_verdict(), reason=_reason())
        new = judged.filter(pl.col("verdict") == "posted")
        ids = _post(store, new, around) if new.height else pl.DataFrame(schema=_IDS)
    return judged.join(ids.select("key", "payment_id"), on="key", how="left", maintain_order="left").select(
        "row", "verdict", "reason", payment_id=pl.coalesce("payment_id", "known_id")
    )


def _verdict() -> pl.Expr:
    return (
        pl.when(_reason() != "")
        .then(pl.lit("refused"))
        .when(pl.col("known_id").is_not_null())
        .then(pl.lit("repeat"))
        .otherwise(pl.lit("posted"))
    )


def _reason() -> pl.Expr:
    same = (
        (pl.col("known_account") == pl.col("account_id"))
        & (pl.col("known_fen") == pl.col("amount_fen"))
        & (pl.col("known_tender") == pl.col("tender"))
        & (pl.col("known_channel") == pl.col("channel"))
        & (pl.col("known_on") == pl.col("received_on"))
    )
    return (
        pl.when(pl.col("known_id").is_not_null() & ~same)
        .then(pl.lit("KEY_USED"))
        .when(pl.col("unit_id").is_null())
        .then(pl.lit("NO_ACCOUNT"))
        .otherwise(pl.lit(""))
    )


def _known(store: ColumnStore, keys: pl.DataFrame) -> pl.DataFrame:
    with store.staged(keys.to_arrow()) as staged:
        found = store.read(
            "SELECT p.key, p.id AS known_id, p.account_id AS known_account, p.amount_fen AS known_fen, "
            "p.tender AS known_tender, p.channel AS known_channel, p.received_on AS known_on "
            f"FROM {staged} s JOIN payments_payment p ON p.key = s.key",
            schema=pl.DataFrame(schema=_KNOWN).to_arrow().schema,
        )
    return pl.DataFrame(found).cast(_KNOWN)


def _post(store: ColumnStore, new: pl.DataFrame, around: _Batch) -> pl.DataFrame:
    """Settle and post new payments, one an account; returns their ids (:data:`_IDS`)."""
    debited = {
        (tender, channel, code): debit_account(tender, channel, code)
        for tender, channel, code in new.select("tender", "channel", "unit_code").unique().iter_rows()
    }
    named = new.with_columns(
        debited=pl.Series(
            [debited[one] for one in new.select("tender", "channel", "unit_code").iter_rows()], dtype=pl.String
        )
    )
    ids = _append(store, named, around)
    first, parts = _settle(store, named, around)
    owned = parts.join(ids, on="account_id", maintain_order="left").join(
        named.select("account_id", settled_on="received_on"), on="account_id", maintain_order="left"
    )
    day = named["received_on"][0]
    lines = pl.concat([*[one.lines for one in first], _money_lines(named), _customer_lines(owned)])
    posting.post(
        store, key=f"payments:{around.code}:{int(ids['payment_id'][0])}", kind="PAYMENTS", unit=around.unit,
        lines=lines, on=day, at=around.at, actor=around.actor,
    )  # fmt: skip
    for one in first:
        used = one.parts.with_columns(payment_id=pl.lit(None, pl.Int64)).join(
            named.select("account_id", settled_on="received_on"), on="account_id", maintain_order="left"
        )
        posting.keep_parts(store, used)
    posting.keep_parts(store, owned)
    if around.then is not None:
        around.then(store, named["account_id"].sort().to_list())
    amount = int(named["amount_fen"].sum())
    events.publish_columns(store, PaymentsReceived(around.code, around.unit_path, named.height, amount), at=around.at)
    return ids


def _settle(store: ColumnStore, named: pl.DataFrame, around: _Batch) -> tuple[list[settling.Settled], pl.DataFrame]:
    """Standing first, then payments, apart by rule where a chunk spans several."""
    accounts = named["account_id"].to_list()
    days = named.select("account_id", on="received_on")
    position = reading.position(reading.by_store(store), reading.of_accounts(accounts), days, around.library)
    settled, parts = [], []
    for group, rule in _by_rule(named, around.library):
        own = reading.Position(
            position.items.join(group, on="account_id", how="semi", maintain_order="left"),
            position.credits.join(group, on="account_id", how="semi", maintain_order="left"),
        )
        standing = settling.settle_standing(own, rule)
        settled.append(standing)
        parts.append(settling.settle_payments(group.select("account_id", "amount_fen"), standing, rule))
    return settled, pl.concat(parts)


def _by_rule(named: pl.DataFrame, library: RuleLibrary) -> list[tuple[pl.DataFrame, AllocationRule]]:
    """Payments by the rule of their territory and day; nearly always one rule for all."""
    combined: dict[AllocationRule, list[pl.DataFrame]] = {}
    for some in named.partition_by("territory", "received_on", maintain_order=True):
        rule = rules.allocation_rule(library, on=some["received_on"][0], territory=some["territory"][0])
        combined.setdefault(rule, []).append(some)
    return [(pl.concat(some), rule) for rule, some in combined.items()]


def _append(store: ColumnStore, named: pl.DataFrame, around: _Batch) -> pl.DataFrame:
    rows = named.select(
        "key", "account_id", "unit_id", "channel", "tender", "debited", "amount_fen", "received_on",
        actor=pl.lit(around.actor.code), payer=pl.lit(""), state=pl.lit("RECEIVED"),
    ).to_arrow()  # fmt: skip
    store.append(Payment, rows.append_column("received_at", moments(around.at, rows.num_rows)))
    with store.staged(named.select("key").to_arrow()) as staged:
        found = store.read(
            "SELECT p.key, p.id AS payment_id, p.account_id "
            f"FROM {staged} s JOIN payments_payment p ON p.key = s.key ORDER BY p.id",
            schema=pl.DataFrame(schema=_IDS).to_arrow().schema,
        )
    return pl.DataFrame(found).cast(_IDS)


def _money_lines(named: pl.DataFrame) -> pl.DataFrame:
    return named.group_by("debited", maintain_order=True).agg(pl.col("amount_fen").sum()).select(
        ledger_account="debited", account_id=pl.lit(None, pl.Int64), source=pl.lit(None, pl.Int64),
        amount_fen="amount_fen",
    )  # fmt: skip


def _customer_lines(owned: pl.DataFrame) -> pl.DataFrame:
    """As a single payment posts them: credit carries the payment as its source."""
    lines = settling.part_lines(owned).with_columns(payment_id=owned["payment_id"])
    is_credit = pl.col("ledger_account") == CREDIT
    return lines.with_columns(source=pl.when(is_credit).then("payment_id").otherwise("source")).drop("payment_id")
